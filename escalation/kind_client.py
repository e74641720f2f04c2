"""The part of the door that files tickets with a form, relates them, and reads across them by kind."""

from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from escalation.kind_wire import (
    FileAsked,
    FollowUpAsked,
    KindForms,
    LinkAsked,
    NewsAsked,
    RescheduleAsked,
    Returns,
    ReturnsFound,
    SameWishAsked,
    UnlinkAsked,
    Window,
    Windows,
    WishGroup,
    WishGroups,
)
from escalation.link import Link
from escalation.relation import Relation
from escalation.storable import Wire
from escalation.tasks.task_wire import TaskAgenda
from escalation.wire import TicketDetail

REFUSALS = frozenset({400, 403, 404, 409, 422, 429})


class KindClient:
    """Every method that changes a ticket raises EscalationRefused as `EscalationClient.act` does."""

    _link: Link

    async def kinds(self) -> KindForms:
        """What a form for each kind of ticket needs: its fields as a JSON schema, and the systems by code."""
        reply = await self._link.request("GET", "/escalation/v1/kinds")
        return KindForms.model_validate_json(reply.content)

    async def tasks(self, person: str, *, days: int = 14) -> TaskAgenda:
        """Tasks that recur. Raises EscalationRefused(403) for those who do not see every ticket."""
        reply = await self._link.request(
            "GET", "/escalation/v1/tasks", person=person, params={"days": days}, refusals=REFUSALS
        )
        return TaskAgenda.model_validate_json(reply.content)

    async def file(self, person: str, asked: FileAsked) -> TicketDetail:
        """EscalationRefused(400) names the field of the form that is missing or wrong."""
        return await self._changed(person, "/escalation/v1/tickets", asked)

    async def follow_up(
        self, person: str, reference: str, how: Literal["call", "message"], *, text: str, version: int
    ) -> TicketDetail:
        """After the solution. The text of a message is sent; of a call it is what was said."""
        asked = FollowUpAsked(how=how, text=text, version=version)
        return await self._changed(person, f"{ticket_path(reference)}/follow-up", asked)

    async def relate(self, person: str, reference: str, relation: Relation, *, to: str, version: int) -> TicketDetail:
        """409 says why the two cannot be linked in this way."""
        asked = LinkAsked(relation=relation, to=to, version=version)
        return await self._changed(person, f"{ticket_path(reference)}/relation", asked)

    async def unrelate(self, person: str, reference: str, *, reason: str, version: int) -> TicketDetail:
        asked = UnlinkAsked(reason=reason, version=version)
        return await self._changed(person, f"{ticket_path(reference)}/relation/end", asked)

    async def tell_everyone(self, person: str, reference: str, *, text: str, version: int) -> TicketDetail:
        """News for the ticket's customer and those of all tickets that follow it or were caused by it."""
        return await self._changed(person, f"{ticket_path(reference)}/news", NewsAsked(text=text, version=version))

    async def reschedule(
        self, person: str, reference: str, *, starts_at: datetime, ends_at: datetime, reason: str, version: int
    ) -> TicketDetail:
        """Move a maintenance window: whoever was told of it is told again. 409 for one that is over or no window."""
        asked = RescheduleAsked(starts_at=starts_at, ends_at=ends_at, reason=reason, version=version)
        return await self._changed(person, f"{ticket_path(reference)}/window", asked)

    async def windows(
        self, *, at: datetime | None = None, service: str | None = None, area: str | None = None
    ) -> list[Window]:
        """Planned maintenance that affects the service in the area at that time; None: any, and now."""
        params = _given(at=at.isoformat() if at else None, service=service, area=area)
        reply = await self._link.request("GET", "/escalation/v1/windows", params=params)
        return Windows.model_validate_json(reply.content).windows

    async def wishes(self, *, open_only: bool = False) -> list[WishGroup]:
        """The most asked for first."""
        params = _given(open_only=open_only or None)
        reply = await self._link.request("GET", "/escalation/v1/wishes", params=params)
        return WishGroups.model_validate_json(reply.content).wishes

    async def join_wishes(self, reference: str, to: str, *, nearness: float) -> None:
        """Link two wishes whose words are alike. EscalationRefused(409) also when a person has parted them before."""
        asked = SameWishAsked(reference=reference, to=to, nearness=nearness)
        await self._link.post("/escalation/v1/wishes/same", asked.model_dump(), refusals=REFUSALS)

    async def returns(self, *, since: datetime | None = None, until: datetime | None = None) -> list[Returns]:
        """How often tickets opened in this span were returned as wrongly assigned, by category."""
        params = _given(since=since.isoformat() if since else None, until=until.isoformat() if until else None)
        reply = await self._link.request("GET", "/escalation/v1/returns", params=params)
        return ReturnsFound.model_validate_json(reply.content).returns

    async def _changed(self, person: str, path: str, asked: Wire) -> TicketDetail:
        reply = await self._link.post(path, asked.model_dump(mode="json"), person=person, refusals=REFUSALS)
        return TicketDetail.model_validate_json(reply.content)


def ticket_path(reference: str) -> str:
    return f"/escalation/v1/tickets/{quote(reference, safe='')}"


def _given(**params: Any) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}
