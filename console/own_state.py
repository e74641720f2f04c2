"""What I am doing: shown in the bar of every page, and changed there."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from console import figures
from console.gate import Me
from console.render import page
from escalation.client import AgentState, AgentStateFound

router = APIRouter()


@router.get("/state")
async def show(request: Request, me: Me) -> Response:
    return _select(request, await request.app.state.desk.own_state(me.username))


@router.post("/state")
async def change(request: Request, me: Me, state: Annotated[AgentState, Form()]) -> Response:
    await request.app.state.desk.enter_state(me.username, state)
    return _select(request, AgentStateFound(state=state))


def _select(request: Request, found: AgentStateFound) -> Response:
    return page(request, "own_state.html", state=found.state, lost=found.lost, states=figures.AGENT_STATES)
