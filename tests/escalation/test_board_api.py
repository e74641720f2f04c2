"""The board and the wall through their door: who may look, what is refused, what happens this minute."""

import httpx
import pytest

from escalation import agent_state
from escalation.client import BoardAsked, EscalationRefused
from escalation.indicators import this_minute
from tests.escalation.escalation_service import Running
from tests.escalation.indicators.measured import SUPERVISOR, waits
from tests.escalation.shift import Shift


async def test_the_whole_board_through_the_door(running: Running) -> None:
    board = await running.client.board(SUPERVISOR, BoardAsked(window="month", channel="chat"))
    behind = await running.client.behind(SUPERVISOR, "breaches", BoardAsked())

    assert [figure.number for figure in board.figures] == list(range(1, 24))
    assert len(board.figures[0].trend) == 30
    assert all((figure.value is None) == (figure.unmeasured is not None) for figure in board.figures)
    assert "wifi" in board.topics
    assert (behind.figure.value, behind.samples, behind.has_more) == (0.0, (), False)


@pytest.mark.parametrize("person", ["amira.khan", "nobody"])
async def test_only_a_supervisor_may_look(running: Running, person: str) -> None:
    for asking in (
        running.client.board(person, BoardAsked()),
        running.client.behind(person, "breaches", BoardAsked()),
        running.client.wall(person),
    ):
        with pytest.raises(EscalationRefused) as refused:
            await asking
        assert refused.value.status == 403


async def test_what_makes_no_sense_is_refused(running: Running) -> None:
    headers = {"X-Firstline-Person": SUPERVISOR}

    for query in ("?window=year", "?tier=9", "?channel=fax"):
        assert (await running.http.get(f"/escalation/v1/indicators{query}", headers=headers)).status_code == 400
    assert (await running.http.get("/escalation/v1/indicators/deflection", headers=headers)).status_code == 404


async def test_nobody_looks_without_the_internal_token(running: Running) -> None:
    headers = {"Authorization": "Bearer test-api-token", "X-Firstline-Person": SUPERVISOR}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=running.app), base_url="http://escalation", headers=headers
    ) as http:
        assert (await http.get("/escalation/v1/indicators")).status_code == 401


async def test_a_person_says_what_they_are_doing(running: Running) -> None:
    assert (await running.client.own_state("amira.khan")).state is None

    await running.client.enter_state("amira.khan", "break")

    assert (await running.client.own_state("amira.khan")).state == "break"
    with pytest.raises(EscalationRefused):
        await running.client.enter_state("nobody", "ready")


async def test_the_wall_tells_what_happens_this_minute(shift: Shift) -> None:
    await shift.contact("voice")
    contact_id, served = await waits(shift)
    shift.watch.advance(seconds=30)
    _, waiting = await waits(shift, category="broadband-down", service="down", affected="several")  # to respond: 1 h
    await shift.act(SUPERVISOR, served, "accept")
    await agent_state.enter(shift.office, "amira.khan", "ready")
    shift.watch.advance(hours=1)
    await shift.says(contact_id, "are you there?")

    wall = await this_minute.read(shift.office, SUPERVISOR)

    assert (wall.calls, wall.chats, wall.with_person) == (0, 1, 1)
    assert [row.reference for row in wall.waiting] == [waiting]
    assert waiting in [row.reference for row in wall.at_risk]
    states = {row.name: row.state for row in wall.agents}
    assert (states["Sam Okoye"], states["Amira Khan"], states["Tom Reed"]) == ("talking", "ready", None)
