"""The part of the door for what supervisors look at, and for what people say they are doing."""

from collections.abc import Collection
from urllib.parse import quote

from escalation.asks import AgentStateAsked, AgentStateFound, AttendanceAsked
from escalation.indicators.figures import Behind, Board, BoardAsked
from escalation.indicators.stages import Funnel, FunnelAsked
from escalation.indicators.wall import Wall
from escalation.link import Link
from escalation.wire import AgentState

REFUSALS = frozenset({400, 403, 404, 409, 429})  # what a rule may answer to a person's move


class BoardDoor:
    """Board, figures, funnel and wall raise EscalationRefused(403) for who is no supervisor."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def board(self, person: str, asked: BoardAsked) -> Board:
        params = asked.model_dump(exclude_none=True)
        reply = await self._link.request(
            "GET", "/escalation/v1/indicators", person=person, params=params, refusals=REFUSALS
        )
        return Board.model_validate_json(reply.content)

    async def behind(self, person: str, key: str, asked: BoardAsked, *, limit: int = 50, offset: int = 0) -> Behind:
        """A figure, and the tickets, conversations or questions that it counts, the worst first."""
        params = {**asked.model_dump(exclude_none=True), "limit": limit, "offset": offset}
        reply = await self._link.request(
            "GET", f"/escalation/v1/indicators/{quote(key, safe='')}", person=person, params=params, refusals=REFUSALS
        )
        return Behind.model_validate_json(reply.content)

    async def funnel(self, person: str, asked: FunnelAsked) -> Funnel:
        params = asked.model_dump(exclude_none=True)
        reply = await self._link.request(
            "GET", "/escalation/v1/funnel", person=person, params=params, refusals=REFUSALS
        )
        return Funnel.model_validate_json(reply.content)

    async def wall(self, person: str) -> Wall:
        reply = await self._link.request("GET", "/escalation/v1/wall", person=person, refusals=REFUSALS)
        return Wall.model_validate_json(reply.content)

    async def own_state(self, person: str) -> AgentStateFound:
        """What the person said last that they do, and the chats they lost since."""
        reply = await self._link.request("GET", "/escalation/v1/agent-states", person=person, refusals=REFUSALS)
        return AgentStateFound.model_validate_json(reply.content)

    async def attend(self, people: Collection[str], *, begins: bool) -> None:
        """These people have a page of the console open. `begins`: it has just started; nobody is gone yet."""
        asked = AttendanceAsked(people=tuple(people), begins=begins)
        await self._link.post("/escalation/v1/attendance", asked.model_dump(mode="json"))

    async def enter_state(self, person: str, state: AgentState) -> None:
        """What the person does from now on: ready, talking, wrap_up, away or break."""
        asked = AgentStateAsked(state=state).model_dump()
        await self._link.post("/escalation/v1/agent-states", asked, person=person, refusals=REFUSALS)
