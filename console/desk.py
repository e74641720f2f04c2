"""What the console asks of the doors behind it: tickets and people from escalation, articles from knowledge."""

from collections.abc import AsyncIterator, Iterable
from datetime import date, datetime
from typing import Literal, Protocol

from escalation.client import (
    AgentState,
    AttemptOutcome,
    Behind,
    Board,
    BoardAsked,
    Callback,
    MoveName,
    OwnOffer,
    Person,
    PersonAsked,
    PhoneSide,
    ReadEntry,
    Relation,
    Roster,
    RosterOfPerson,
    SpanAsked,
    StaffEvent,
    TaskAgenda,
    TicketDetail,
    TicketRow,
    View,
    Wall,
    WishGroup,
)
from knowledge.client import Article, Context, Decision, Match, Wish


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
        limit: int = 100,
        offset: int = 0,
    ) -> list[TicketRow]: ...

    async def ticket(self, person: str, reference: str) -> TicketDetail: ...

    async def act(
        self, person: str, reference: str, move: MoveName, *, version: int, text: str = "", reason: str = ""
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

    async def confirm_outage(
        self, person: str, reference: str, *, version: int, expected_end: datetime | None = None, cause: str = ""
    ) -> TicketDetail: ...

    async def dismiss_outage(self, person: str, reference: str, *, version: int, reason: str) -> TicketDetail: ...

    async def phone_side(self, person: str, reference: str) -> PhoneSide: ...

    async def callback_attempted(self, person: str, reference: str, outcome: AttemptOutcome) -> Callback: ...

    async def voicemail_audio(self, person: str, reference: str, recording_sid: str) -> bytes: ...

    async def reads(
        self, person: str, *, ticket: str | None = None, since: datetime | None = None, limit: int = 100
    ) -> list[ReadEntry]: ...

    async def board(self, person: str, asked: BoardAsked) -> Board: ...

    async def behind(self, person: str, key: str, asked: BoardAsked, *, limit: int = 50, offset: int = 0) -> Behind: ...

    async def tasks(self, person: str, *, days: int = 14) -> TaskAgenda: ...

    async def wall(self, person: str) -> Wall: ...

    async def own_state(self, person: str) -> AgentState | None: ...

    async def enter_state(self, person: str, state: AgentState) -> None: ...

    async def offers(self, person: str) -> list[OwnOffer]: ...

    async def refuse(self, person: str, reference: str, reason: str) -> None: ...

    async def roster(self, person: str, day: date | None = None) -> Roster: ...

    async def roster_of(self, person: str, username: str) -> RosterOfPerson: ...

    async def change_roster(self, person: str, username: str, asked: PersonAsked) -> None: ...

    async def add_span(self, person: str, username: str, asked: SpanAsked) -> None: ...

    async def remove_span(self, person: str, username: str, span_id: int) -> None: ...

    def staff_events(self) -> AsyncIterator[StaffEvent]: ...


class Library(Protocol):
    """The part of `knowledge.client.KnowledgeClient` that finds articles, and wishes that mean the same."""

    async def decide(self, question: str, context: Context) -> Decision: ...

    async def article(self, article_id: str, language: str = "en") -> Article: ...

    async def same_wishes(self, wishes: Iterable[Wish]) -> list[Match]: ...
