"""A suspected outage at the console: the evidence, and one button to confirm it or to dismiss it with a reason."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from escalation.client import OutageView
from tests.console.fake_desk import FakeDesk
from tests.console.morning import CHARGED, SLOW

FRAGMENT = {"HX-Request": "true"}
BEGAN = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SUSPECTED = OutageView(
    state="suspected",
    area="LF4",
    service="broadband",
    began_at=BEGAN,
    suspected_at=BEGAN + timedelta(minutes=4),
    customers=7,
    expected=0.04,
    chance=1e-9,
    reports=23,
    expected_end=None,
    cause="",
)


@pytest.fixture
def suspected(desk: FakeDesk) -> FakeDesk:
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"outage": SUSPECTED})
    return desk


async def test_the_evidence_is_shown_beside_the_ticket(dana: httpx.AsyncClient, suspected: FakeDesk) -> None:
    page = (await dana.get(f"/tickets/{SLOW}")).text

    for words in ("Suspected outage", "LF4", "7 customers; normal would be 0.0", "23 reports", "Confirm outage"):
        assert words in page
    assert "Confirm outage" not in (await dana.get(f"/tickets/{CHARGED}")).text


async def test_it_is_confirmed_with_one_button(dana: httpx.AsyncClient, suspected: FakeDesk) -> None:
    version = str(suspected.tickets[SLOW].version)

    form = {"version": version, "hours": "", "cause": ""}
    reply = await dana.post(f"/tickets/{SLOW}/outage", data=form, headers=FRAGMENT)

    assert reply.status_code == 200
    assert "Its customers are being told" in reply.text
    assert "Major incident" in reply.text
    assert suspected.asked[-1]["expected_end"] is None


async def test_the_expected_end_and_the_cause_can_be_said_and_changed(
    dana: httpx.AsyncClient, suspected: FakeDesk
) -> None:
    form = {"version": str(suspected.tickets[SLOW].version), "hours": "2.5", "cause": "A cable was cut."}
    reply = await dana.post(f"/tickets/{SLOW}/outage", data=form, headers=FRAGMENT)

    until = suspected.asked[-1]["expected_end"] - datetime.now(UTC)
    assert timedelta(hours=2.4) < until <= timedelta(hours=2.5)
    assert "A cable was cut." in reply.text
    assert "Change what is told" in reply.text


async def test_it_is_dismissed_with_a_reason(dana: httpx.AsyncClient, suspected: FakeDesk) -> None:
    form = {"version": str(suspected.tickets[SLOW].version), "reason": "A test of our own"}

    reply = await dana.post(f"/tickets/{SLOW}/outage/dismissal", data=form, headers=FRAGMENT)
    again = await dana.post(f"/tickets/{SLOW}/outage", data={"version": "9"}, headers=FRAGMENT)

    assert (reply.status_code, suspected.asked[-1].get("version")) == (200, 9)
    assert "Confirm outage" not in reply.text
    assert (again.status_code, "is no outage that goes on" in again.text) == (409, True)


@pytest.mark.parametrize("form", [{"hours": "-1"}, {"hours": "soon"}, {"cause": "x" * 301}])
async def test_nonsense_confirms_nothing(dana: httpx.AsyncClient, suspected: FakeDesk, form: dict[str, str]) -> None:
    reply = await dana.post(f"/tickets/{SLOW}/outage", data={"version": "1", **form}, headers=FRAGMENT)

    assert reply.status_code == 422
    assert suspected.asked == []
