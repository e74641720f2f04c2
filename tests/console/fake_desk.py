"""Escalation's staff side in memory: the same methods, a few people, a morning's tickets, rules in one table."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from escalation import intake, policy
from escalation.client import (
    AgentState,
    AgentStateFound,
    AnswerFate,
    AuditEntry,
    Callback,
    CannedReply,
    EscalationRefused,
    EscalationUnavailable,
    FileAsked,
    KindForms,
    MoveName,
    Note,
    Person,
    PersonsOutcome,
    PhoneSide,
    Priority,
    Relation,
    RowFacts,
    StaffEvent,
    TicketDetail,
    TicketRow,
    Turn,
    TypingSign,
    UndoOffer,
    Voicemail,
    WishGroup,
)
from escalation.errors import Incomplete
from escalation.form_check import form_for
from tests.console.fake_figures import FakeFigures
from tests.console.fake_files import FakeFiles
from tests.console.fake_policies import FakePolicies
from tests.console.fake_quality import FakeQuality
from tests.console.fake_roster import FakeRoster
from tests.console.fake_views import FakeViews
from tests.console.fake_visits import ROB, FakeVisits
from tests.console.morning import quiet, tickets

PASSWORD = "open sesame"
DANA = Person(username="dana", name="Dana Whitfield", role="agent", tier=1, departments=("frontline", "billing"))
OMAR = Person(username="omar", name="Omar Reyes", role="agent", tier=2, departments=("fixed-access",))
SUE = Person(username="sue", name="Sue Lindqvist", role="supervisor", tier=3, departments=("*",))
ADA = Person(username="ada", name="Ada Brandt", role="administrator", tier=3, departments=("*",))

LEGAL: dict[str, tuple[MoveName, ...]] = {
    "acknowledged": ("accept", "note", "hand_up", "reject"),
    "inProgress": ("reply", "note", "ask_customer", "hand_up", "hand_back", "hold", "resolve"),
    "pending": ("reply", "note", "resume", "cancel"),
    "held": ("note", "resume", "hand_up"),
    "resolved": ("note", "close", "reopen"),
    "closed": (),
}
BECOMES = {
    "accept": "inProgress",
    "ask_customer": "pending",
    "hold": "held",
    "resume": "inProgress",
    "resolve": "resolved",
    "close": "closed",
    "reopen": "inProgress",
    "hand_up": "acknowledged",
    "hand_back": "acknowledged",
}
RECORDING = "RE" + "1a" * 16
SOUND = b"RIFF....WAVE"
TOLD = ("reply", "ask_customer", "resolve")


def _is_found(ticket: TicketDetail, search: str) -> bool:
    return search in f"{ticket.reference} {ticket.problem}".casefold() or search in (
        ticket.category.casefold(),
        (ticket.signals.customer_id or "").casefold(),
    )


class FakeDesk(FakeRoster, FakeVisits, FakeQuality, FakeViews, FakePolicies, FakeFiles, FakeFigures):
    """`away` makes every call fail as an outage does; a move is answered `answers_late_s` after everybody heard of it.

    `asked` remembers the arguments of `queue` and `act`.
    """

    def __init__(self) -> None:
        self.people = {person.username: person for person in (DANA, OMAR, SUE, ADA, ROB)}
        self.tickets = {ticket.reference: ticket for ticket in tickets(datetime.now(UTC))}
        super().__init__()
        FakeVisits.__init__(self)
        FakeQuality.__init__(self)
        FakeViews.__init__(self)
        FakePolicies.__init__(self)
        FakeFiles.__init__(self)
        self.states: dict[str, AgentState] = {}
        self.lost: dict[str, tuple[str, ...]] = {}
        self.attended: list[tuple[tuple[str, ...], bool]] = []
        self.typed: list[tuple[str, str]] = []
        self.signs: asyncio.Queue[TypingSign] = asyncio.Queue()
        self.away = False
        self.brakes = False  # every sign-in was tried too often
        self.answers_late_s = 0.0
        self.undo_within_s = 30.0
        self.asked: list[dict[str, Any]] = []
        self.rows_read: list[tuple[str, ...]] = []
        self.callback: Callback | None = None
        self.wish_groups: list[WishGroup] = []
        self.filed: dict[str | None, tuple[FileAsked, str]] = {}
        self.parted: set[str] = set()  # wishes that a person unlinked
        self.told_fates: list[AnswerFate] = []
        self._listening: list[asyncio.Queue[StaffEvent]] = []

    async def sign_in(self, username: str, password: str, *, address: str = "") -> Person | None:
        self._answer()
        if self.brakes:
            raise EscalationRefused(429, "Too many failed attempts")
        return self.people.get(username) if password == PASSWORD else None

    async def phone_side(self, person: str, reference: str) -> PhoneSide:
        self._answer()
        heard = Voicemail(recording_sid=RECORDING, at=datetime.now(UTC), length_s=14, transcript="My line is dead.")
        return PhoneSide(callback=self.callback, voicemails=(heard,))

    async def callback_attempted(self, person: str, reference: str, outcome: PersonsOutcome) -> Callback:
        self._answer()
        if self.callback is None:
            raise EscalationRefused(404, "no callback was promised")
        attempt = {"at": datetime.now(UTC), "who": person, "outcome": outcome}
        self.callback = Callback.model_validate(
            {**self.callback.model_dump(), "attempts": [*self.callback.attempts, attempt]}
        )
        return self.callback

    async def voicemail_audio(self, person: str, reference: str, recording_sid: str) -> bytes:
        self._answer()
        if recording_sid != RECORDING:
            raise EscalationRefused(404, "no such voicemail")
        return SOUND

    async def queue(self, person: str, *, view: str = "all", **wanted: Any) -> list[TicketRow]:
        self._answer()
        self.asked.append({"person": person, "view": view, **wanted})
        me = self.people[person]
        rows = [
            ticket
            for ticket in self.tickets.values()
            if (view != "mine" or ticket.assignee == me.username)
            and (view != "tier" or ticket.tier == me.tier)
            and all(wanted.get(name) in (None, getattr(ticket, name)) for name in ("tier", "department"))
            and (ticket.status == wanted["status"] if wanted.get("status") else ticket.status != "closed")
            and wanted.get("priority") in (None, ticket.priority)
            and wanted.get("segment") in (None, ticket.signals.segment)
            and (not wanted.get("live") or ticket.live)
            and (not wanted.get("unread") or ticket.unread)
            and _is_found(ticket, (wanted.get("search") or "").casefold())
        ]
        rows.sort(key=lambda row: (row.left_s is None, row.left_s or 0))
        return list(rows[wanted.get("offset", 0) :][: wanted.get("limit", 100)])

    async def rows(self, references: Sequence[str]) -> list[RowFacts]:
        self._answer()
        self.rows_read.append(tuple(references))
        found = [self.tickets[reference] for reference in references if reference in self.tickets]
        return [
            RowFacts(
                **{name: getattr(ticket, name) for name in TicketRow.model_fields}
                | {"problem": "", "last_public_note": None},
                segment=ticket.signals.segment,
                asked=None,
                is_open=ticket.status not in ("resolved", "closed"),
            )
            for ticket in found
        ]

    async def ticket(self, person: str, reference: str) -> TicketDetail:
        self._answer()
        ticket = self._find(reference)
        if ticket.assignee == person:
            ticket = self.tickets[reference] = ticket.model_copy(update={"unread": 0})
        choices = [code for code in ("P1", "P2", "P3", "P4") if code != ticket.priority and ticket.assignee == person]
        return ticket.model_copy(update={"moves": list(LEGAL[ticket.status]), "priorities": tuple(choices)})

    async def act(
        self, person: str, reference: str, move: MoveName, *, version: int, text: str = "", reason: str = ""
    ) -> TicketDetail:
        self._answer()
        ticket, me = self._find(reference), self.people[person]
        self.asked.append({"person": person, "move": move, "version": version, "text": text, "reason": reason})
        if version != ticket.version:
            raise EscalationRefused(409, "Somebody else changed the ticket in between")
        if move not in LEGAL[ticket.status]:
            raise EscalationRefused(409, f"Not possible now; possible: {', '.join(LEGAL[ticket.status])}")
        self._change(ticket, who=me, move=move, text=text, reason=reason)
        await asyncio.sleep(self.answers_late_s)
        return await self.ticket(person, reference)

    async def undo(self, person: str, reference: str, *, version: int) -> TicketDetail:
        self._answer()
        ticket = self._find(reference)
        if version != ticket.version:
            raise EscalationRefused(409, f"{reference} was changed in the meantime: read it again")
        if ticket.undo is None:
            raise EscalationRefused(409, "the newest change of this ticket cannot be undone")
        self.asked.append({"person": person, "undo": ticket.undo.what, "version": version})
        self._store(ticket, status="inProgress", undo=None, version=version + 1)
        self._tell(reference, f"{ticket.undo.what}_undone")
        return await self.ticket(person, reference)

    async def canned_replies(self) -> list[CannedReply]:
        self._answer()
        return [CannedReply.model_validate(reply, from_attributes=True) for reply in policy.load().replies.replies]

    async def prioritise(
        self, person: str, reference: str, priority: Priority, *, version: int, reason: str
    ) -> TicketDetail:
        self._answer()
        ticket = self._find(reference)
        if not reason:
            raise EscalationRefused(400, "another priority needs a reason")
        if version != ticket.version:
            raise EscalationRefused(409, "Somebody else changed the ticket in between")
        self.asked.append({"person": person, "priority": priority, "reason": reason})
        self._store(ticket, priority=priority, version=version + 1)
        return await self.ticket(person, reference)

    async def kinds(self) -> KindForms:
        self._answer()
        return intake.forms(policy.load())

    async def file(self, person: str, asked: FileAsked) -> TicketDetail:
        """The form is checked by escalation's own rule; a partner does not see what became of it."""
        self._answer()
        try:
            form_for(policy.load(), asked.kind, asked.form)
        except Incomplete as fault:
            raise EscalationRefused(400, fault.detail) from None
        if asked.key in self.filed:
            if self.filed[asked.key][0] != asked:
                raise EscalationRefused(422, "this key came with another body")
            return self.tickets[self.filed[asked.key][1]]
        new = quiet(
            datetime.now(UTC),
            reference=f"FL-{10_000_000 + len(self.filed)}",
            category=asked.category or "general",
            problem=asked.problem,
            department="frontline",
        )
        self.tickets[new.reference] = new
        self.filed[asked.key] = asked, new.reference
        return new

    async def follow_up(self, person: str, reference: str, how: str, *, text: str, version: int) -> TicketDetail:
        self._answer()
        self.asked.append({"person": person, "follow_up": how, "version": version, "text": text})
        self._store(self._find(reference), followed_up_at=datetime.now(UTC))
        return await self.ticket(person, reference)

    async def tell_everyone(self, person: str, reference: str, *, text: str, version: int) -> TicketDetail:
        self._answer()
        self.asked.append({"person": person, "news": text, "version": version})
        return await self.ticket(person, reference)

    async def relate(self, person: str, reference: str, relation: Relation, *, to: str, version: int) -> TicketDetail:
        self._answer()
        if to not in self.tickets:
            raise EscalationRefused(404, f"no ticket {to}")
        self.asked.append({"person": person, "relation": relation, "to": to, "version": version})
        return await self.ticket(person, reference)

    async def wishes(self, *, open_only: bool = False) -> list[WishGroup]:
        self._answer()
        return list(self.wish_groups)

    async def join_wishes(self, reference: str, to: str, *, nearness: float) -> None:
        self._answer()
        if reference in self.parted:
            raise EscalationRefused(409, "unlinked by a person")
        self.asked.append({"reference": reference, "same_as": to, "nearness": nearness})

    async def transfer(
        self, person: str, reference: str, department: str, *, version: int, reason: str
    ) -> TicketDetail:
        self._answer()
        if department not in self._find(reference).departments:
            raise EscalationRefused(409, f"no department {department} has people in this tier")
        self.asked.append({"person": person, "department": department, "version": version, "reason": reason})
        self._store(self._find(reference), department=department, assignee=None, departments=())
        return await self.ticket(person, reference)

    async def reschedule(
        self, person: str, reference: str, *, starts_at: datetime, ends_at: datetime, reason: str, version: int
    ) -> TicketDetail:
        self._answer()
        if ends_at <= starts_at:
            raise EscalationRefused(409, "the window ends before it begins")
        self.asked.append({"person": person, "starts_at": starts_at, "ends_at": ends_at, "reason": reason})
        return self.tickets[reference]

    async def confirm_outage(
        self, person: str, reference: str, *, version: int, expected_end: datetime | None = None, cause: str = ""
    ) -> TicketDetail:
        self._answer()
        self.asked.append({"person": person, "expected_end": expected_end, "cause": cause, "version": version})
        return self._ruled(reference, "confirmed", cause=cause, expected_end=expected_end)

    async def dismiss_outage(self, person: str, reference: str, *, version: int, reason: str) -> TicketDetail:
        self._answer()
        self.asked.append({"person": person, "reason": reason, "version": version})
        return self._ruled(reference, "dismissed")

    def _ruled(self, reference: str, state: str, **said: Any) -> TicketDetail:
        ticket = self.tickets[reference]
        if ticket.outage is None or ticket.outage.state == "dismissed":
            raise EscalationRefused(409, f"{reference} is no outage that goes on")
        outage = ticket.outage.model_copy(update={"state": state, **said})
        self.tickets[reference] = ticket.model_copy(update={"outage": outage, "version": ticket.version + 1})
        return self.tickets[reference]

    def offers_change(self, reference: str) -> None:
        """Escalation put the ticket before somebody."""
        self._tell(reference, "offered")

    async def hold_for_law(self, person: str, reference: str, *, version: int, reason: str) -> TicketDetail:
        self._answer()
        self._store(self._find(reference), held_because=reason)
        return await self.ticket(person, reference)

    async def end_legal_hold(self, person: str, reference: str, *, version: int, reason: str) -> TicketDetail:
        self._answer()
        self._store(self._find(reference), held_because=None)
        return await self.ticket(person, reference)

    async def own_state(self, person: str) -> AgentStateFound:
        self._answer()
        return AgentStateFound(state=self.states.get(person), lost=self.lost.get(person, ()))

    async def attend(self, people: Collection[str], *, begins: bool) -> None:
        self._answer()
        self.attended.append((tuple(people), begins))

    async def enter_state(self, person: str, state: AgentState) -> None:
        self._answer()
        self.states[person] = state
        self.lost.pop(person, None)

    async def staff_events(self) -> AsyncIterator[StaffEvent]:
        events: asyncio.Queue[StaffEvent] = asyncio.Queue()
        self._listening.append(events)
        while True:
            yield await events.get()

    async def whisper(self, person: str, reference: str, *, to: str, text: str) -> TicketDetail:
        self._answer()
        ticket = self._find(reference)
        if ticket.assignee != to:
            raise EscalationRefused(409, "whoever you whisper to does not have this ticket now")
        note = Note(
            author=self.people[person].name,
            at=datetime.now(UTC),
            text=text,
            public=False,
            addressee=to,
            to=self.people[to].name,
        )
        self._store(ticket, notes=[*ticket.notes, note])
        self._tell(reference, "whisper")
        return await self.ticket(person, reference)

    async def agent_types(self, person: str, reference: str) -> None:
        self._answer()
        self.typed.append((person, reference))

    async def typing_signs(self) -> AsyncIterator[TypingSign]:
        while True:
            yield await self.signs.get()

    async def fates(self, *, since: datetime | None = None) -> AsyncIterator[AnswerFate]:
        for fate in self.told_fates:
            if since is None or fate.at >= since:
                yield fate

    def customer_says(self, reference: str, text: str) -> None:
        """The customer writes in the chat of a ticket."""
        ticket = self._find(reference)
        turn = Turn(
            contact_id=ticket.turns[0].contact_id,
            turn_id=uuid4().hex,
            author="customer",
            text=text,
            at=datetime.now(UTC),
        )
        self._store(ticket, turns=[*ticket.turns, turn], unread=ticket.unread + 1)
        self._tell(reference, "message")

    def window_shows_reply(self, reference: str) -> None:
        """The customer's window shows the newest reply: from then on it is a turn of the conversation too."""
        ticket = self._find(reference)
        note = ticket.notes[-1]
        turn = Turn(
            contact_id=ticket.turns[0].contact_id, turn_id=uuid4().hex, author="agent", text=note.text, at=note.at
        )
        self._store(ticket, turns=[*ticket.turns, turn])
        self._tell(reference, "message")

    def taken_by_another(self, reference: str) -> None:
        """A colleague accepts the ticket first."""
        self._change(self._find(reference), who=OMAR, move="accept", text="", reason="")

    def _change(self, ticket: TicketDetail, *, who: Person, move: MoveName, text: str, reason: str) -> None:
        now = datetime.now(UTC)
        line = AuditEntry(at=now, who=who.username, what=move, why=reason)
        changes: dict[str, Any] = {"version": ticket.version + 1, "audit": [*ticket.audit, line]}
        changes["status"] = BECOMES.get(move, ticket.status)
        if move == "accept":
            changes |= {"assignee": who.username, "agent_name": who.name}
        if move in ("hand_up", "hand_back"):
            changes |= {
                "assignee": None,
                "agent_name": None,
                "tier": min(4, max(1, ticket.tier + (1 if move == "hand_up" else -1))),
            }
        if move in (*TOLD, "note"):
            changes["notes"] = [*ticket.notes, Note(author=who.name, at=now, text=text, public=move in TOLD)]
        changes["undo"] = UndoOffer(what=move, left_s=self.undo_within_s) if move in ("hold", "resume") else None
        self._store(ticket, **changes)
        self._tell(ticket.reference, move)

    def _store(self, ticket: TicketDetail, **changes: Any) -> None:
        self.tickets[ticket.reference] = ticket.model_copy(update=changes)

    def _tell(self, reference: str, kind: str) -> None:
        for events in self._listening:
            events.put_nowait(StaffEvent(reference=reference, kind=kind, at=datetime.now(UTC)))

    def _find(self, reference: str) -> TicketDetail:
        if reference not in self.tickets:
            raise EscalationRefused(404, "No such ticket")
        return self.tickets[reference]

    def _answer(self) -> None:
        if self.away:
            raise EscalationUnavailable("/escalation/v1")
