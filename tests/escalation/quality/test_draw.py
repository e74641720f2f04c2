"""The draw and the score, as rules."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.errors import Incomplete
from escalation.quality import score
from escalation.quality.draw import bounds, draw, weeks_to_draw
from escalation.quality.quality_file import CriterionEntry, ScaleEntry

SCALE = ScaleEntry(least=1, most=5)
FORM = {
    "right": CriterionEntry(name="Right", asks="?", weight=3),
    "safe": CriterionEntry(name="Safe", asks="?", weight=1, optional=True),
}


@given(st.lists(st.uuids(), unique=True, max_size=12), st.text(), st.integers(0, 14))
def test_a_draw_depends_on_the_seed_and_not_on_the_order(contacts: list[UUID], seed: str, number: int) -> None:
    drawn = draw(seed, "amira.khan", contacts, number)

    assert drawn == draw(seed, "amira.khan", contacts[::-1], number)
    assert len(set(drawn)) == min(number, len(contacts))
    assert set(drawn) <= set(contacts)


def test_every_conversation_is_as_likely_as_any_other() -> None:
    contacts = [UUID(int=number) for number in range(10)]

    times = [0] * 10
    for seed in range(2000):
        for contact in draw(str(seed), "bot", contacts, 3):
            times[contact.int] += 1

    assert min(times) > 500  # 600 are expected; 500 is almost five standard deviations away
    assert max(times) < 700


def test_a_week_is_drawn_once_it_is_over_where_the_operator_is() -> None:
    last_hour = datetime(2026, 7, 12, 22, 30, tzinfo=UTC)  # Sunday 23:30 in London
    monday = last_hour + timedelta(hours=1)

    assert weeks_to_draw(last_hour, "Europe/London", None) == [date(2026, 6, 29)]
    assert weeks_to_draw(monday, "Europe/London", None) == [date(2026, 7, 6)]
    assert weeks_to_draw(monday, "Europe/London", date(2026, 7, 6)) == []
    assert weeks_to_draw(monday, "Europe/London", date(2026, 6, 22)) == [date(2026, 6, 29), date(2026, 7, 6)]
    assert len(weeks_to_draw(monday, "Europe/London", date(2025, 1, 6))) == 4


def test_the_week_in_which_the_clocks_go_back_is_an_hour_longer() -> None:
    begins, ends = bounds(date(2026, 10, 19), "Europe/London")

    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(days=7, hours=1)


def test_a_score_is_the_weighted_share_of_the_best() -> None:
    assert score.score_pct({"right": 4, "safe": 1}, FORM, SCALE) == 56.25  # (3 x 75 + 1 x 0) / 4
    assert score.score_pct({"right": 4, "safe": None}, FORM, SCALE) == 75.0
    assert score.score_pct({"right": 4}, FORM, SCALE) == 75.0


@pytest.mark.parametrize(
    ("marks", "says"),
    [
        ({"safe": 3}, "Right needs a mark from 1 to 5"),
        ({"right": None}, "Right needs a mark"),
        ({"right": 6}, "from 1 to 5"),
        ({"right": 3, "safe": 0}, "Safe: a mark is from 1 to 5"),
        ({"right": 3, "loud": 3}, "no criterion loud"),
    ],
)
def test_a_form_that_is_not_filled_in_says_what_is_missing(marks: dict[str, int | None], says: str) -> None:
    with pytest.raises(Incomplete, match=says):
        score.check(marks, FORM, SCALE)
