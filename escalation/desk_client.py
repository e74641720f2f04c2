"""The part of the door for people at the console: signing in, the queue, a ticket, the moves."""

from collections.abc import Sequence

from escalation.asks import (
    MoveAsked,
    PriorityAsked,
    QueuePage,
    RowsFound,
    SignedIn,
    SignInAsked,
    Skills,
    TransferAsked,
    UndoAsked,
    WhisperAsked,
)
from escalation.board_door import REFUSALS
from escalation.kind_client import ticket_path
from escalation.link import Link
from escalation.wire import (
    CannedReplies,
    CannedReply,
    LegalHoldAsked,
    MoveName,
    Person,
    Priority,
    RowFacts,
    Segment,
    TicketDetail,
    TicketRow,
    View,
)


class DeskClient:
    """What `escalation.client.EscalationClient` can do for one of us; it owns the link."""

    _link: Link

    async def sign_in(self, username: str, password: str, *, address: str = "") -> Person | None:
        """None: wrong name or password. `address`: where the person signs in from.

        EscalationRefused(429): too many failures, come back later.
        """
        asked = SignInAsked(username=username, password=password, address=address)
        reply = await self._link.post("/escalation/v1/sign-in", asked.model_dump(), refusals=frozenset({429}))
        return SignedIn.model_validate_json(reply.content).person

    async def queue(
        self,
        person: str,
        *,
        view: View = "all",
        tier: int | None = None,
        department: str | None = None,
        status: str | None = None,
        search: str | None = None,
        priority: Priority | None = None,
        segment: Segment | None = None,
        skill: str | None = None,
        live: bool = False,
        unread: bool = False,
        limit: int = 100,
        offset: int = 0,
    ) -> list[TicketRow]:
        """Open tickets, the nearest deadline first; `status` may name a closed state.

        `skill`: that their topic asks for; `live`: whose customer waits or talks now; `unread`: whose customer wrote
        after the person's last look.
        """
        asked = {
            "view": view,
            "tier": tier,
            "department": department,
            "status": status,
            "search": search,
            "priority": priority,
            "segment": segment,
            "skill": skill,
            "live": live,
            "unread": unread,
            "limit": limit,
            "offset": offset,
        }
        params = {name: value for name, value in asked.items() if value is not None}
        reply = await self._link.request("GET", "/escalation/v1/queue", person=person, params=params, refusals=REFUSALS)
        return QueuePage.model_validate_json(reply.content).rows

    async def rows(self, references: Sequence[str]) -> list[RowFacts]:
        """Up to 100 lines as they are now, for nobody in particular; what does not exist is left out."""
        params = {"reference": list(references)}
        reply = await self._link.request("GET", "/escalation/v1/rows", params=params)
        return RowsFound.model_validate_json(reply.content).rows

    async def skills(self) -> list[str]:
        """What topics ask of a person (routing.yml); the queue can be narrowed to each."""
        reply = await self._link.request("GET", "/escalation/v1/skills")
        return Skills.model_validate_json(reply.content).skills

    async def canned_replies(self) -> Sequence[CannedReply]:
        """Of all departments and languages."""
        reply = await self._link.request("GET", "/escalation/v1/canned-replies")
        return CannedReplies.model_validate_json(reply.content).replies

    async def ticket(self, person: str, reference: str) -> TicketDetail:
        """Raises EscalationRefused(404) when there is none. Marks the customer's turns as read for the assignee."""
        reply = await self._link.request("GET", ticket_path(reference), person=person, refusals=REFUSALS)
        return TicketDetail.model_validate_json(reply.content)

    async def act(
        self, person: str, reference: str, move: MoveName, *, version: int, text: str = "", reason: str = ""
    ) -> TicketDetail:
        """Raises EscalationRefused: 409 not legal now or `version` is old, 403 not this person, 400 a text is missing.

        `text` is needed for reply, note and ask_customer; `reason` (or a text) for hand_up, hand_back, hold, reject,
        cancel and reopen. A resolve's text reaches the customer.
        """
        asked = MoveAsked(move=move, version=version, text=text, reason=reason)
        reply = await self._link.post(
            f"{ticket_path(reference)}/moves", asked.model_dump(), person=person, refusals=REFUSALS
        )
        return TicketDetail.model_validate_json(reply.content)

    async def whisper(self, person: str, reference: str, *, to: str, text: str) -> TicketDetail:
        """An internal note for `to`, the username of who has the ticket. Raises EscalationRefused as `act` does."""
        asked = WhisperAsked(to=to, text=text).model_dump()
        reply = await self._link.post(f"{ticket_path(reference)}/whispers", asked, person=person, refusals=REFUSALS)
        return TicketDetail.model_validate_json(reply.content)

    async def agent_types(self, person: str, reference: str) -> None:
        """The customer sees for a few seconds that this person types; nobody does unless the chat is live."""
        await self._link.post(f"{ticket_path(reference)}/typing", {}, person=person, refusals=REFUSALS)

    async def prioritise(
        self, person: str, reference: str, priority: Priority, *, version: int, reason: str
    ) -> TicketDetail:
        """Choose another priority than the rules made. Raises EscalationRefused as `act` does; the reason is needed."""
        asked = PriorityAsked(priority=priority, version=version, reason=reason)
        path = f"{ticket_path(reference)}/priority"
        reply = await self._link.post(path, asked.model_dump(), person=person, refusals=REFUSALS)
        return TicketDetail.model_validate_json(reply.content)

    async def transfer(
        self, person: str, reference: str, department: str, *, version: int, reason: str
    ) -> TicketDetail:
        """To another department, at the same tier. Raises EscalationRefused as `act` does; the reason is needed."""
        asked = TransferAsked(department=department, version=version, reason=reason)
        path = f"{ticket_path(reference)}/department"
        reply = await self._link.post(path, asked.model_dump(), person=person, refusals=REFUSALS)
        return TicketDetail.model_validate_json(reply.content)

    async def undo(self, person: str, reference: str, *, version: int) -> TicketDetail:
        """Take back what this person has just done. Raises EscalationRefused: 409 somebody changed the ticket since,
        it is too late, or it cannot be undone; 403 not this person.
        """
        asked = UndoAsked(version=version).model_dump()
        reply = await self._link.post(f"{ticket_path(reference)}/undo", asked, person=person, refusals=REFUSALS)
        return TicketDetail.model_validate_json(reply.content)

    async def hold_for_law(self, person: str, reference: str, *, version: int, reason: str) -> TicketDetail:
        """Begin a legal hold. Raises EscalationRefused as `act` does; for supervisors and administrators."""
        return await self._legal_hold(person, f"{ticket_path(reference)}/legal-hold", version, reason)

    async def end_legal_hold(self, person: str, reference: str, *, version: int, reason: str) -> TicketDetail:
        return await self._legal_hold(person, f"{ticket_path(reference)}/legal-hold/end", version, reason)

    async def _legal_hold(self, person: str, path: str, version: int, reason: str) -> TicketDetail:
        asked = LegalHoldAsked(version=version, reason=reason)
        reply = await self._link.post(path, asked.model_dump(), person=person, refusals=REFUSALS)
        return TicketDetail.model_validate_json(reply.content)
