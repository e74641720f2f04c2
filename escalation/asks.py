"""The bodies of the internal requests and of their plain answers."""

from uuid import UUID

from pydantic import AwareDatetime, Field

from escalation.fate import Fate
from escalation.signals import Signals
from escalation.storable import Wire
from escalation.ticket import Status
from escalation.wire import (
    AgentState,
    Channel,
    MoveName,
    Outcome,
    Person,
    Priority,
    RowFacts,
    Segment,
    TicketRow,
    TicketView,
    Turn,
    View,
)


class HandOverAsked(Wire):
    signals: Signals
    key: str = Field(min_length=1, max_length=200)
    after_turn: str | None = Field(default=None, max_length=200)
    channel: Channel = "chat"  # believed only until the contact's start arrives


class Turns(Wire):
    turns: tuple[Turn, ...] = Field(max_length=100)


class Finished(Wire):
    outcome: Outcome
    satisfaction: int | None = Field(default=None, ge=1, le=5)  # what the customer said of it, 5 is best
    channel: Channel | None = None  # that has ended; None: whichever the contact has
    ask_rating: bool = False  # by text message: the caller hung up before we could


class StatusAsked(Wire):
    reference: str = Field(max_length=40)
    contact_id: UUID | None = None
    proof: str | None = Field(default=None, max_length=200)


class StatusFound(Wire):
    ticket: TicketView | None


class SignInAsked(Wire):
    username: str = Field(max_length=100)
    password: str = Field(max_length=1000)
    address: str = Field(default="", max_length=100)  # where the person signs in from


class SignedIn(Wire):
    person: Person | None


class MoveAsked(Wire):
    move: MoveName
    version: int = Field(ge=1)
    text: str = Field(default="", max_length=8000)
    reason: str = Field(default="", max_length=2000)


class WhisperAsked(Wire):
    to: str = Field(min_length=1, max_length=100)  # username of the person who has the ticket
    text: str = Field(min_length=1, max_length=8000)


class PriorityAsked(Wire):
    priority: Priority
    version: int = Field(ge=1)
    reason: str = Field(default="", max_length=2000)


class TransferAsked(Wire):
    department: str = Field(min_length=1, max_length=100)  # a code of routing.yml
    version: int = Field(ge=1)
    reason: str = Field(default="", max_length=2000)


class UndoAsked(Wire):
    version: int = Field(ge=1)


class AgentStateAsked(Wire):
    state: AgentState


class AgentStateFound(Wire):
    state: AgentState | None  # None: the person has not said anything yet
    lost: tuple[str, ...] = ()  # chats that went back to the queue because their console had gone


class AttendanceAsked(Wire):
    people: tuple[str, ...] = Field(max_length=10_000)  # who have a page of the console open
    begins: bool = False  # the console has just started


class QueueAsked(Wire):
    view: View = "all"
    tier: int | None = Field(default=None, ge=1, le=4)
    department: str | None = Field(default=None, max_length=100)
    status: Status | None = None
    search: str | None = Field(default=None, max_length=200)
    priority: Priority | None = None
    segment: Segment | None = None
    skill: str | None = Field(default=None, max_length=100)  # that the topic asks for (routing.yml)
    live: bool = False  # only those whose customer waits or talks now
    unread: bool = False  # only those whose customer wrote after the person's last look
    limit: int = Field(default=100, ge=1, le=500)
    offset: int = Field(default=0, ge=0, le=10_000_000)


class QueuePage(Wire):
    rows: list[TicketRow]


class RowsAsked(Wire):
    reference: list[str] = Field(min_length=1, max_length=100)


class RowsFound(Wire):
    rows: list[RowFacts]


class Skills(Wire):
    skills: list[str]


class FatesAsked(Wire):
    """Of the answers given from `since` to before `until`; `after` is the id of the last one that is known."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    after: int = Field(default=0, ge=0)
    limit: int = Field(default=500, ge=1, le=1000)


class AnswerFate(Fate):
    """What became of one answer. `id` grows in the order they were written first."""

    id: int
    contact_id: UUID
    channel: Channel
    language: str  # empty when the contact's start was never reported


class FatePage(Wire):
    fates: list[AnswerFate]
