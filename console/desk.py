"""What the console asks of the doors behind it: tickets and people from escalation, articles from knowledge."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from escalation.client import (
    AgentState,
    AgentStateFound,
    AgreementPaper,
    AgreementRow,
    AnswerFate,
    Attachment,
    AttemptOutcome,
    Behind,
    Board,
    BoardAsked,
    Callback,
    CannedReply,
    FileAsked,
    Funnel,
    FunnelAsked,
    KeptFile,
    KindForms,
    MoveName,
    OwnOffer,
    PenaltyReport,
    Person,
    PersonAsked,
    PhoneSide,
    Priority,
    QualityOverview,
    ReadEntry,
    Relation,
    Review,
    Roster,
    RosterOfPerson,
    SavedView,
    ScoreAsked,
    Segment,
    SpanAsked,
    StaffEvent,
    TaskAgenda,
    TicketDetail,
    TicketRow,
    TypingSign,
    View,
    VisitReport,
    VisitRow,
    VisitView,
    Wall,
    WishGroup,
)
from knowledge.client import Article, Attempt, Context, Decision, Gap, Match, Order, Proposal, Wish


class Desk(Protocol):
    """The staff side of `escalation.client.EscalationClient`."""

    async def sign_in(self, username: str, password: str, *, address: str = "") -> Person | None: ...

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
    ) -> list[TicketRow]: ...

    async def skills(self) -> list[str]: ...

    async def saved_views(self, person: str) -> list[SavedView]: ...

    async def save_view(self, person: str, name: str, query: str) -> list[SavedView]: ...

    async def rename_view(self, person: str, view_id: int, name: str) -> list[SavedView]: ...

    async def place_view(self, person: str, view_id: int, place: int) -> list[SavedView]: ...

    async def remove_view(self, person: str, view_id: int) -> list[SavedView]: ...

    async def ticket(self, person: str, reference: str) -> TicketDetail: ...

    async def act(
        self, person: str, reference: str, move: MoveName, *, version: int, text: str = "", reason: str = ""
    ) -> TicketDetail: ...

    async def undo(self, person: str, reference: str, *, version: int) -> TicketDetail: ...

    async def whisper(self, person: str, reference: str, *, to: str, text: str) -> TicketDetail: ...

    async def canned_replies(self) -> Sequence[CannedReply]: ...

    async def kinds(self) -> KindForms: ...

    async def file(self, person: str, asked: FileAsked) -> TicketDetail: ...

    async def prioritise(
        self, person: str, reference: str, priority: Priority, *, version: int, reason: str
    ) -> TicketDetail: ...

    async def follow_up(
        self, person: str, reference: str, how: Literal["call", "message"], *, text: str, version: int
    ) -> TicketDetail: ...

    async def tell_everyone(self, person: str, reference: str, *, text: str, version: int) -> TicketDetail: ...

    async def relate(
        self, person: str, reference: str, relation: Relation, *, to: str, version: int
    ) -> TicketDetail: ...

    async def wishes(self, *, open_only: bool = False) -> list[WishGroup]: ...

    async def join_wishes(self, reference: str, to: str, *, nearness: float) -> None: ...

    async def transfer(
        self, person: str, reference: str, department: str, *, version: int, reason: str
    ) -> TicketDetail: ...

    async def reschedule(
        self, person: str, reference: str, *, starts_at: datetime, ends_at: datetime, reason: str, version: int
    ) -> TicketDetail: ...

    async def confirm_outage(
        self, person: str, reference: str, *, version: int, expected_end: datetime | None = None, cause: str = ""
    ) -> TicketDetail: ...

    async def dismiss_outage(self, person: str, reference: str, *, version: int, reason: str) -> TicketDetail: ...

    async def hold_for_law(self, person: str, reference: str, *, version: int, reason: str) -> TicketDetail: ...

    async def end_legal_hold(self, person: str, reference: str, *, version: int, reason: str) -> TicketDetail: ...

    async def agreements(self, person: str) -> tuple[AgreementRow, ...]: ...

    async def agreement(self, person: str, agreement_id: str, version: int | None = None) -> AgreementPaper: ...

    async def penalties(self, person: str, month: str) -> PenaltyReport: ...

    async def phone_side(self, person: str, reference: str) -> PhoneSide: ...

    async def callback_attempted(self, person: str, reference: str, outcome: AttemptOutcome) -> Callback: ...

    async def voicemail_audio(self, person: str, reference: str, recording_sid: str) -> bytes: ...

    async def reads(
        self, person: str, *, ticket: str | None = None, since: datetime | None = None, limit: int = 100
    ) -> list[ReadEntry]: ...
    async def send_attachment(
        self, person: str, reference: str, *, name: str, content: bytes, version: int
    ) -> Attachment: ...

    async def ticket_attachment(
        self, person: str, reference: str, attachment_id: UUID, *, small: bool = False
    ) -> KeptFile: ...

    async def board(self, person: str, asked: BoardAsked) -> Board: ...

    async def behind(self, person: str, key: str, asked: BoardAsked, *, limit: int = 50, offset: int = 0) -> Behind: ...

    async def tasks(self, person: str, *, days: int = 14) -> TaskAgenda: ...

    async def funnel(self, person: str, asked: FunnelAsked) -> Funnel: ...

    async def wall(self, person: str) -> Wall: ...

    async def own_state(self, person: str) -> AgentStateFound: ...

    async def attend(self, people: Collection[str], *, begins: bool) -> None: ...

    async def enter_state(self, person: str, state: AgentState) -> None: ...

    async def offers(self, person: str) -> list[OwnOffer]: ...

    async def refuse(self, person: str, reference: str, reason: str) -> None: ...

    async def roster(self, person: str, day: date | None = None) -> Roster: ...

    async def roster_of(self, person: str, username: str) -> RosterOfPerson: ...

    async def change_roster(self, person: str, username: str, asked: PersonAsked) -> None: ...

    async def add_span(self, person: str, username: str, asked: SpanAsked) -> None: ...

    async def remove_span(self, person: str, username: str, span_id: int) -> None: ...

    async def visits(self, person: str) -> list[VisitRow]: ...

    async def visit(self, person: str, visit_id: UUID) -> VisitView: ...

    async def arrived(self, person: str, visit_id: UUID, *, at: datetime | None = None) -> VisitView: ...

    async def report_visit(self, person: str, visit_id: UUID, report: VisitReport) -> VisitView: ...
    async def quality(self, person: str) -> QualityOverview: ...

    async def review(self, person: str, review_id: int) -> Review: ...

    async def score_review(self, person: str, review_id: int, asked: ScoreAsked) -> None: ...

    def staff_events(self) -> AsyncIterator[StaffEvent]: ...

    async def agent_types(self, person: str, reference: str) -> None: ...

    def typing_signs(self) -> AsyncIterator[TypingSign]: ...

    def fates(self, *, since: datetime | None = None) -> AsyncIterator[AnswerFate]: ...


class Library(Protocol):
    """The part of `knowledge.client.KnowledgeClient` that finds articles and texts that mean the same, and learns."""

    async def decide(self, question: str, context: Context) -> Decision: ...

    async def article(self, article_id: str, language: str = "en") -> Article: ...

    async def alike(self, text: str, others: Mapping[str, str]) -> list[str]: ...

    async def same_wishes(self, wishes: Iterable[Wish]) -> list[Match]: ...

    async def gaps(self, fates: Iterable[Mapping[str, Any]]) -> list[Gap]: ...

    async def proposals(self, fates: Iterable[Mapping[str, Any]]) -> list[Proposal]: ...

    async def accept(self, order: Order) -> Attempt: ...

    async def last_attempt(self) -> Attempt | None: ...

    async def reject(self, proposal_id: str, kind: str, *, by: str, reason: str, alike: Iterable[str] = ()) -> None: ...

    async def contribute(self, *, question: str, solution: str, language: str, by: str, reference: str) -> None: ...
