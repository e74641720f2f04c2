"""Paths of the supervisors' board, the funnel, the live wall, and what people say they are doing."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from escalation import agent_state, attendance
from escalation.asks import AgentStateAsked, AgentStateFound, AttendanceAsked
from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName
from escalation.indicators import board, funnel, this_minute
from escalation.indicators.figures import Behind, BehindAsked, Board, BoardAsked
from escalation.indicators.stages import Funnel, FunnelAsked
from escalation.indicators.wall import Wall

router = APIRouter(prefix="/escalation/v1", tags=["board"])


@router.get("/indicators")
async def indicators(person: PersonName, office: OfficeOf, asked: Annotated[BoardAsked, Query()]) -> Board:
    return await board.read(office, person, asked)


@router.get("/indicators/{key}")
async def behind(key: str, person: PersonName, office: OfficeOf, asked: Annotated[BehindAsked, Query()]) -> Behind:
    return await board.behind(office, person, key, asked, limit=asked.limit, offset=asked.offset)


@router.get("/funnel")
async def whole_funnel(person: PersonName, office: OfficeOf, asked: Annotated[FunnelAsked, Query()]) -> Funnel:
    return await funnel.read(office, person, asked)


@router.get("/wall")
async def live_wall(person: PersonName, office: OfficeOf) -> Wall:
    return await this_minute.read(office, person)


@router.get("/agent-states")
async def own_state(person: PersonName, office: OfficeOf) -> AgentStateFound:
    lost = await agent_state.lost_chats(office, person)
    return AgentStateFound(state=await agent_state.state_of(office, person), lost=tuple(lost))


@router.post("/agent-states", status_code=204)
async def enter_state(asked: AgentStateAsked, person: PersonName, office: OfficeOf) -> None:
    await agent_state.enter(office, person, asked.state)


@router.post("/attendance", status_code=204)
async def attend(asked: AttendanceAsked, request: Request, office: OfficeOf) -> None:
    """Which people of ours have a page of the console open, from a copy of the console."""
    people = [username for username in asked.people if username in office.policy.people]
    await attendance.report(request.app.state.redis, people, begins=asked.begins, now=office.now())
