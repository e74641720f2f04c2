"""When an announcement is welcome, and how long to wait before the next try."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from outbound.app import POLICY
from outbound.message import Kind
from outbound.policy import LONGEST_DELAY_S, MOST_TRIES, Policy, retry_delay_s

LONDON = ZoneInfo("Europe/London")


def london(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("now", "welcome"),
    [
        (london(22, 8, 59), london(22, 9)),
        (london(22, 9), london(22, 9)),
        (london(22, 19, 59), london(22, 19, 59)),
        (london(22, 20), london(23, 9)),
        (london(24, 21, month=10), london(25, 9, month=10)),  # the night the clocks go back
        (london(28, 21, month=3), london(29, 9, month=3)),  # the night they go forward
    ],
)
def test_announcements_keep_the_hours_of_the_operator(now: datetime, welcome: datetime) -> None:
    assert Policy.read(POLICY).may_go_at("announcement", now) == welcome


@pytest.mark.parametrize("kind", ["ticket_opened", "ticket_update", "steps"])
def test_what_the_customer_asked_for_goes_out_at_night(kind: Kind) -> None:
    assert Policy.read(POLICY).may_go_at(kind, london(22, 3)) == london(22, 3)


def test_every_kind_has_a_subject() -> None:
    assert set(Policy.read(POLICY).subjects) == {"ticket_opened", "ticket_update", "steps", "code", "announcement"}


def test_delays_double_up_to_the_longest() -> None:
    delays = [retry_delay_s(tries, 0.0) for tries in range(1, MOST_TRIES)]

    assert delays[:4] == [5, 10, 20, 40]
    assert max(delays) == delays[-1] == LONGEST_DELAY_S


def test_jitter_takes_up_to_half_away() -> None:
    assert retry_delay_s(3, 0.999) == pytest.approx(10, rel=0.01)
