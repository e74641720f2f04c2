"""The roster and the offers as the console shows them: for whom, with what is typed kept, and answered."""

from datetime import datetime

import httpx
import pytest

from escalation.client import PersonAsked, SpanAsked
from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.fake_roster import offer
from tests.console.morning import SLOW

ABSENCE = {"kind": "absence", "begins": "2026-12-24T09:00", "ends": "2026-12-27T09:00", "substitute": "omar"}


@pytest.fixture
async def sue(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    await visitor.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    return visitor


async def test_an_offer_stands_above_the_queue_with_its_time(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.on_offer = [offer(SLOW)]

    page = (await dana.get("/")).text

    assert page.index("Offered to you") < page.index('id="queue"')
    assert f'action="/tickets/{SLOW}/offer/refuse"' in page


async def test_an_offer_is_accepted_without_javascript(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.on_offer = [offer(SLOW)]

    reply = await dana.post(f"/tickets/{SLOW}/moves", data={"move": "accept", "version": "1"})

    assert (reply.status_code, reply.headers["location"]) == (303, f"/tickets/{SLOW}")
    assert desk.tickets[SLOW].assignee == "dana"


async def test_a_refusal_goes_with_its_reason(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.on_offer = [offer(SLOW)]

    without = await dana.post(f"/tickets/{SLOW}/offer/refuse", data={"reason": " "})
    reply = await dana.post(f"/tickets/{SLOW}/offer/refuse", data={"reason": "my shift ends"})
    again = await dana.post(f"/tickets/{SLOW}/offer/refuse", data={"reason": "my shift ends"})

    assert (without.status_code, reply.status_code, again.status_code) == (400, 303, 409)
    assert "Say in a few words why" in without.text
    assert "not on offer to you any more" in again.text
    assert desk.refused == [(SLOW, "my shift ends")]


async def test_a_ticket_shows_to_whom_it_was_offered(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    now = datetime.fromisoformat("2026-11-23T10:00:00+00:00")
    common = {"name": "Omar Reyes", "tier": 1, "offered_at": now, "due_at": now, "ended_at": now}
    ticket = desk.tickets[SLOW]
    desk.tickets[SLOW] = ticket.model_validate(
        {**ticket.model_dump(), "offers": [{**common, "outcome": "refused", "reason": "<b>on leave</b>"}]}
    )

    page = (await dana.get(f"/tickets/{SLOW}")).text

    assert "<b>Omar Reyes</b>, refused: &lt;b&gt;on leave&lt;/b&gt;" in page


@pytest.mark.parametrize("path", ["/roster", "/roster/omar"])
async def test_the_roster_is_the_supervisors(dana: httpx.AsyncClient, path: str) -> None:
    assert (await dana.get(path)).status_code == 403
    assert (await dana.post("/roster/omar", data={"maximum": "9"})).status_code == 403


async def test_a_week_shows_shifts_absences_and_load(sue: httpx.AsyncClient) -> None:
    page = (await sue.get("/roster", params={"day": "2026-12-03"})).text

    assert "week of 30 November 2026" in page
    assert "Absent 18:00-24:00" in page
    assert "Extra 10:00-14:00" in page
    assert "7 / 8" in page


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0001-01-01"])
async def test_a_day_that_is_none_shows_a_week_all_the_same(sue: httpx.AsyncClient, day: str) -> None:
    assert (await sue.get("/roster", params={"day": day})).status_code == 200


async def test_an_absence_is_entered_and_one_removed(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    added = await sue.post("/roster/dana/spans", data=ABSENCE)
    removed = await sue.post("/roster/dana/spans/7/remove")

    assert (added.status_code, removed.status_code) == (303, 303)
    assert desk.entered == [SpanAsked.model_validate(ABSENCE), 7]


async def test_maximum_substitute_and_skills_are_saved(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    reply = await sue.post("/roster/dana", data={"maximum": " 12 ", "substitute": "", "skills": "Fraud, fibre,"})

    assert reply.status_code == 303
    assert desk.entered == [PersonAsked(maximum=12, skills=("fraud", "fibre"))]


async def test_what_the_rules_refuse_is_said_beside_what_was_typed(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.complaint = "Omar Reyes is absent too at 24 Dec 09:00: choose another substitute"

    reply = await sue.post("/roster/dana/spans", data={**ABSENCE, "why": "skiing"})

    assert reply.status_code == 422
    assert desk.complaint in reply.text
    assert all(f'value="{typed}"' in reply.text for typed in ("2026-12-24T09:00", "2026-12-27T09:00", "skiing"))
    assert '<option value="omar" selected>' in reply.text


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("/roster/dana/spans", {**ABSENCE, "begins": "soon"}, "Enter when it begins"),
        ("/roster/dana/spans", {**ABSENCE, "ends": ""}, "Enter when it ends"),
        ("/roster/dana", {"maximum": "many"}, "a number from 1 to 200"),
        ("/roster/dana", {"maximum": "0"}, "a number from 1 to 200"),
        ("/roster/dana", {"maximum": "5", "skills": "deep sea"}, "one word of small letters"),
    ],
)
async def test_what_cannot_be_read_is_named(
    sue: httpx.AsyncClient, desk: FakeDesk, path: str, form: dict[str, str], words: str
) -> None:
    reply = await sue.post(path, data=form)

    assert reply.status_code == 422
    assert words in reply.text
    assert desk.entered == []


async def test_who_does_not_exist_has_no_roster(sue: httpx.AsyncClient) -> None:
    assert (await sue.get("/roster/nobody")).status_code == 404
