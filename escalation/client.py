"""The door to contacts, tickets and people."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

import httpx
from redis.asyncio import Redis

from escalation import streams, typing_wire
from escalation.agreements.client import AgreementsClient
from escalation.agreements.wire import AgreementPaper, AgreementRow, CoverView, ExposureView, PenaltyReport
from escalation.asks import (
    AgentStateFound,
    AnswerFate,
    FatePage,
    FatesAsked,
    Finished,
    HandOverAsked,
    StatusAsked,
    StatusFound,
    Turns,
)
from escalation.attachments.attachment_client import AttachmentClient
from escalation.attachments.attachment_wire import Attachment, KeptFile
from escalation.board_door import BoardDoor
from escalation.calls.call_client import CallClient
from escalation.calls.call_wire import CallAbout, CallAnswered, CalledCustomer, CallEnd, KeyAnswer
from escalation.chat_links.chat_link_client import ChatLinkClient
from escalation.chat_links.chat_link_wire import Continued
from escalation.desk_client import DeskClient
from escalation.errors import EscalationRefused, EscalationUnavailable
from escalation.indicators.figures import Behind, Board, BoardAsked, Figure, Period, Sample
from escalation.indicators.stages import Funnel, FunnelAsked, Left
from escalation.indicators.wall import AgentRow, RiskRow, WaitingRow, Wall
from escalation.indicators.wording import Tone, amount, standing, target
from escalation.kind import Kind
from escalation.kind_client import KindClient
from escalation.kind_wire import FileAsked, FormField, KindForm, KindForms, RelationView, Returns, Window, WishGroup
from escalation.link import Link, parsed
from escalation.origin import asking_from
from escalation.outages.outage_client import OutageClient
from escalation.outages.outage_wire import FaultReport, MajorIncident, OutageView, ReportTaken
from escalation.phone_client import PhoneClient
from escalation.phone_wire import BY_ITSELF, Brief, Callback, LineOutcome, PersonsOutcome, PhoneSide, Voicemail
from escalation.published.policy_client import PolicyClient
from escalation.published.policy_wire import (
    Checked,
    PolicyFile,
    PolicyOverview,
    ProposalView,
    ProposeAsked,
    Rebased,
    VersionText,
)
from escalation.quality.quality_client import QualityClient
from escalation.quality.quality_wire import MarkAsked, QualityOverview, Review, ReviewRow, ScoreAsked, SubjectHistory
from escalation.reads_client import ReadsClient
from escalation.reads_wire import ReadEntry
from escalation.relation import Relation
from escalation.roster_client import RosterClient
from escalation.roster_wire import (
    OfferView,
    OwnOffer,
    PersonAsked,
    Roster,
    RosterOfPerson,
    RosterPerson,
    SpanAsked,
)
from escalation.saved_views.view_client import SavedViewClient
from escalation.saved_views.view_wire import SavedView
from escalation.signals import Signals
from escalation.tasks.task_wire import TaskAgenda, TaskRun
from escalation.text_wire import Became, TextMeaning
from escalation.told_later import ToldLater
from escalation.trail import Trail
from escalation.typing_wire import TypingSign
from escalation.visits.visit_client import VisitClient
from escalation.visits.visit_wire import VisitAgreed, VisitOutcome, VisitReport, VisitRow, VisitTaken, VisitView, Work
from escalation.wire import (
    AgentState,
    AuditEntry,
    CannedReply,
    Channel,
    Check,
    ClockView,
    ContactStart,
    HandOver,
    LiveEvent,
    MoveName,
    Note,
    Outcome,
    Person,
    Priority,
    RowFacts,
    Segment,
    StaffEvent,
    Step,
    TicketDetail,
    TicketRow,
    TicketView,
    Turn,
    UndoOffer,
    View,
    Waiting,
)
from settings import Settings

__all__ = [
    "BY_ITSELF",
    "AgentRow",
    "AgentState",
    "AgentStateFound",
    "AgreementPaper",
    "AgreementRow",
    "AnswerFate",
    "Attachment",
    "AuditEntry",
    "Became",
    "Behind",
    "Board",
    "BoardAsked",
    "Brief",
    "CallAbout",
    "CallAnswered",
    "CallEnd",
    "Callback",
    "CalledCustomer",
    "CannedReply",
    "Channel",
    "Check",
    "Checked",
    "ClockView",
    "ContactStart",
    "Continued",
    "CoverView",
    "EscalationClient",
    "EscalationRefused",
    "EscalationUnavailable",
    "ExposureView",
    "FaultReport",
    "Figure",
    "FileAsked",
    "FormField",
    "Funnel",
    "FunnelAsked",
    "HandOver",
    "KeptFile",
    "KeyAnswer",
    "Kind",
    "KindForm",
    "KindForms",
    "Left",
    "LineOutcome",
    "LiveEvent",
    "MajorIncident",
    "MarkAsked",
    "MoveName",
    "Note",
    "OfferView",
    "OutageView",
    "Outcome",
    "OwnOffer",
    "PenaltyReport",
    "Period",
    "Person",
    "PersonAsked",
    "PersonsOutcome",
    "PhoneSide",
    "PolicyFile",
    "PolicyOverview",
    "Priority",
    "ProposalView",
    "ProposeAsked",
    "QualityOverview",
    "ReadEntry",
    "Rebased",
    "Relation",
    "RelationView",
    "ReportTaken",
    "Returns",
    "Review",
    "ReviewRow",
    "RiskRow",
    "Roster",
    "RosterOfPerson",
    "RosterPerson",
    "RowFacts",
    "Sample",
    "SavedView",
    "ScoreAsked",
    "Segment",
    "Signals",
    "SpanAsked",
    "StaffEvent",
    "Step",
    "SubjectHistory",
    "TaskAgenda",
    "TaskRun",
    "TextMeaning",
    "TicketDetail",
    "TicketRow",
    "TicketView",
    "ToldLater",
    "Tone",
    "Trail",
    "Turn",
    "TypingSign",
    "UndoOffer",
    "VersionText",
    "View",
    "VisitAgreed",
    "VisitOutcome",
    "VisitReport",
    "VisitRow",
    "VisitTaken",
    "VisitView",
    "Voicemail",
    "Waiting",
    "WaitingRow",
    "Wall",
    "Window",
    "WishGroup",
    "Work",
    "amount",
    "asking_from",
    "standing",
    "target",
]

TIMEOUT = httpx.Timeout(6.0, connect=2.0)  # a hand-over may wait 2 s for its turns


class EscalationClient(
    AgreementsClient,
    AttachmentClient,
    BoardDoor,
    CallClient,
    ChatLinkClient,
    DeskClient,
    KindClient,
    OutageClient,
    PhoneClient,
    PolicyClient,
    QualityClient,
    ReadsClient,
    RosterClient,
    SavedViewClient,
    VisitClient,
):
    """Speaks to escalation/app.py. `http` has the base address and the bearer header; `redis` is needed to listen."""

    def __init__(self, http: httpx.AsyncClient, redis: Redis | None = None) -> None:
        super().__init__(Link(http))
        self._redis = redis

    @classmethod
    def connect(cls, settings: Settings, redis: Redis | None = None) -> Self:
        http = httpx.AsyncClient(
            base_url=settings.firstline_web_url,
            headers={"Authorization": f"Bearer {settings.internal_token}"},
            timeout=TIMEOUT,
        )
        return cls(http, redis)

    async def aclose(self) -> None:
        await self._link.aclose()

    async def start_contact(self, start: ContactStart) -> None:
        """Idempotent."""
        await self._link.post("/escalation/v1/contacts", start.model_dump(mode="json"))

    async def record(self, turns: Sequence[Turn]) -> None:
        """At most 100 turns a call; a (contact_id, turn_id) that is stored already is ignored.

        A customer's turn on a contact that a person is serving, or that waits for one, reaches the agent at once.
        """
        if turns:
            await self._link.post("/escalation/v1/turns", Turns(turns=tuple(turns)).model_dump(mode="json"))

    async def hand_over(
        self,
        contact_id: UUID,
        signals: Signals,
        *,
        key: str,
        after_turn: str | None = None,
        channel: Channel = "chat",
    ) -> HandOver:
        """Open exactly one ticket for (contact_id, key), however often asked; stored before this returns.

        Waits up to 2 s until turn `after_turn` of the contact is stored. `channel` counts only while escalation has
        not heard of the contact's start.
        """
        asked = HandOverAsked(signals=signals, key=key, after_turn=after_turn, channel=channel)
        reply = await self._link.post(f"/escalation/v1/contacts/{contact_id}/handovers", asked.model_dump(mode="json"))
        return HandOver.model_validate_json(reply.content)

    async def waiting(self, contact_id: UUID) -> Waiting | None:
        """The contact's newest open ticket, its place in the queue and the honest wait; None without such a ticket."""
        reply = await self._link.request("GET", f"/escalation/v1/contacts/{contact_id}/waiting")
        return Waiting.model_validate_json(reply.content) if reply.content != b"null" else None

    async def ticket_status(self, reference: str, *, contact_id: UUID | None, proof: str | None) -> TicketView | None:
        """None: no such ticket, or the proof does not fit; the two cannot be told apart.

        Proof: the phone number or e-mail address left on the ticket, or the id of the verified customer whose ticket
        it is. The contact that opened the ticket needs none.
        """
        asked = StatusAsked(reference=reference, contact_id=contact_id, proof=proof)
        reply = await self._link.post("/escalation/v1/tickets/status", asked.model_dump(mode="json"))
        return StatusFound.model_validate_json(reply.content).ticket

    async def finish_contact(
        self,
        contact_id: UUID,
        outcome: Outcome,
        *,
        satisfaction: int | None = None,
        channel: Channel | None = None,
        ask_rating: bool = False,
    ) -> None:
        """`satisfaction` is what the customer said of it, 1 to 5; may be told later, by finishing once more.

        `channel`: what has ended; a contact that went on in another one goes on. `ask_rating`: by text message, since
        the caller hung up before we could.
        """
        finished = Finished(outcome=outcome, satisfaction=satisfaction, channel=channel, ask_rating=ask_rating)
        await self._link.post(f"/escalation/v1/contacts/{contact_id}/finish", finished.model_dump())

    async def release(self, contact_id: UUID) -> None:
        """The customer goes back to the assistant; the ticket stays."""
        await self._link.post(f"/escalation/v1/contacts/{contact_id}/release", {})

    async def live(self, channel: Channel, group: str, consumer: str) -> AsyncIterator[LiveEvent]:
        """What persons did on this channel's contacts, without end, at least once, in order per contact.

        An event is acknowledged when the loop asks for the next one; one that was not comes again, with the same id.
        """
        async for _, fields in streams.entries(self._listening(), streams.live(channel), group, consumer):
            if event := parsed(LiveEvent, fields):
                yield event

    async def staff_events(self) -> AsyncIterator[StaffEvent]:
        """Every change of a ticket from now on; every copy of the console gets all of them."""
        async for _, fields in streams.tail(self._listening(), streams.STAFF):
            if event := parsed(StaffEvent, fields):
                yield event

    async def customer_types(self, contact_id: UUID) -> None:
        """Shown for a few seconds to the person in the chat, if there is one."""
        await self._link.post(f"/escalation/v1/contacts/{contact_id}/typing", {})

    async def typing_signs(self) -> AsyncIterator[TypingSign]:
        """Who types in any live chat, from now on; every copy of a program gets all of them. Raises RedisError."""
        async for sign in typing_wire.signs(self._listening()):
            yield sign

    async def fates(
        self, *, since: datetime | None = None, until: datetime | None = None, page: int = 500
    ) -> AsyncIterator[AnswerFate]:
        """What became of each answer given from `since` to before `until`, in the order they were written first."""
        asked = FatesAsked(since=since, until=until, limit=page)
        while True:
            params = asked.model_dump(mode="json", exclude_none=True)
            reply = await self._link.request("GET", "/escalation/v1/fates", params=params)
            found = FatePage.model_validate_json(reply.content).fates
            for fate in found:
                yield fate
            if len(found) < asked.limit:
                return
            asked = asked.model_copy(update={"after": found[-1].id})

    def _listening(self) -> Redis:
        if self._redis is None:
            raise RuntimeError("this client was made without Redis: it cannot listen")
        return self._redis
