"""Moving a maintenance window at the console: the times it has, new ones in the operator's zone, and why."""

from datetime import UTC, datetime

import httpx
import pytest

from escalation.client import FormField
from tests.console.fake_desk import FakeDesk
from tests.console.morning import CHARGED, SLOW

FRAGMENT = {"HX-Request": "true"}
WINDOW = (
    FormField(name="starts_at", label="Begins", value="2026-07-01T00:00:00+00:00"),
    FormField(name="ends_at", label="Ends", value="2026-07-01T04:30:00+00:00"),
)


@pytest.fixture
def planned(desk: FakeDesk) -> FakeDesk:
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"kind": "planned_maintenance", "form": WINDOW})
    return desk


async def test_the_form_holds_the_times_as_they_are_there(dana: httpx.AsyncClient, planned: FakeDesk) -> None:
    page = (await dana.get(f"/tickets/{SLOW}")).text

    assert 'name="starts_at" required value="2026-07-01T01:00"' in page  # summer time
    assert 'name="ends_at" required value="2026-07-01T05:30"' in page
    assert "Europe/London time" in page
    assert "Move the window" not in (await dana.get(f"/tickets/{CHARGED}")).text


async def test_it_is_moved_with_a_reason(dana: httpx.AsyncClient, planned: FakeDesk) -> None:
    form = {"starts_at": "2026-12-02T01:00", "ends_at": "2026-12-02T05:00", "reason": "A part is late", "version": "1"}

    reply = await dana.post(f"/tickets/{SLOW}/window", data=form, headers=FRAGMENT)

    assert (reply.status_code, "told again" in reply.text) == (200, True)
    assert planned.asked[-1] == {
        "person": "dana",
        "starts_at": datetime(2026, 12, 2, 1, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 2, 5, tzinfo=UTC),
        "reason": "A part is late",
    }


async def test_what_escalation_refuses_is_said(dana: httpx.AsyncClient, planned: FakeDesk) -> None:
    form = {"starts_at": "2026-12-02T05:00", "ends_at": "2026-12-02T01:00", "reason": "Earlier", "version": "1"}

    reply = await dana.post(f"/tickets/{SLOW}/window", data=form, headers=FRAGMENT)

    assert (reply.status_code, "ends before it begins" in reply.text) == (409, True)


@pytest.mark.parametrize("wrong", [{"starts_at": "tomorrow"}, {"ends_at": ""}, {"reason": ""}], ids=str)
async def test_nonsense_moves_nothing(dana: httpx.AsyncClient, planned: FakeDesk, wrong: dict[str, str]) -> None:
    form = {"starts_at": "2026-12-02T01:00", "ends_at": "2026-12-02T05:00", "reason": "A part", "version": "1"}

    reply = await dana.post(f"/tickets/{SLOW}/window", data={**form, **wrong}, headers=FRAGMENT)

    assert (reply.status_code, planned.asked) == (422, [])
