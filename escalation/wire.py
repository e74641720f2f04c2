"""What crosses the door: contacts, turns, signals, tickets and events as they travel over HTTP and Redis."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, JsonValue

from escalation.agreements.wire import CoverView
from escalation.attachments.attachment_wire import Attachment
from escalation.kind_wire import FormField, RelationView
from escalation.outages.outage_wire import OutageView
from escalation.role import RoleName, Sees
from escalation.roster_wire import OfferView
from escalation.storable import Wire

Channel = Literal["chat", "voice"]
Author = Literal["customer", "bot", "agent", "system"]
Outcome = Literal["confirmed_solved", "unconfirmed", "handed_over", "wanted_person_got_none", "dropped"]
Reason = Literal[
    "wants_person",
    "not_helped",
    "no_answer",
    "article",
    "safety",
    "outage",
    "bot_silent",
    "left",
    "no_input",
    "no_match",
    "verification_failed",
    "filed",  # filed by a machine or a person through the TMF face, no dialogue behind it
]
Priority = Literal["P1", "P2", "P3", "P4"]
Segment = Literal["consumer", "gold", "corporate"]
NextStep = Literal["agent_joins", "callback", "reply"]
LiveKind = Literal[
    "message", "news", "accepted", "resolved", "released", "ticket", "queue", "lost"
]  # news: from nobody who waits for an answer; lost: the person's connection, so that another one is waited for
View = Literal["mine", "tier", "all"]
AgentState = Literal["ready", "talking", "wrap_up", "away", "break"]
MoveName = Literal[
    "accept",
    "reply",
    "note",
    "hand_up",
    "hand_back",
    "return",
    "hold",
    "ask_customer",
    "resume",
    "resolve",
    "close",
    "reopen",
    "reject",
    "cancel",
]

Short = Annotated[str, Field(max_length=200)]


class ContactStart(Wire):
    contact_id: UUID
    channel: Channel
    language: str = Field(min_length=2, max_length=16)
    started_at: AwareDatetime
    caller: str | None = Field(default=None, max_length=40)  # E.164, on the phone


class Turn(Wire):
    """One utterance as shown or heard. `turn_id` is unique within the contact; a repeat is ignored."""

    contact_id: UUID
    turn_id: str = Field(min_length=1, max_length=200)
    author: Author
    text: str = Field(max_length=8000)
    at: AwareDatetime
    choices: tuple[Annotated[str, Field(max_length=400)], ...] = Field(default=(), max_length=20)
    about: dict[str, JsonValue] = Field(default_factory=dict, max_length=40)


class Step(Wire):
    """A troubleshooting step that was tried, and what the customer said."""

    flow: Short
    step: Short
    result: str = Field(max_length=1000)


class Check(Wire):
    """What the system found out by itself: line_test, outage, account."""

    name: Short
    result: str = Field(max_length=1000)
    at: AwareDatetime


class Signals(Wire):
    """What the dialogue knows. Never a priority: that is derived (escalation/priority.py)."""

    category: Short
    reason: Reason
    problem: str = Field(default="", max_length=4000)  # the customer's words
    since: str | None = Field(default=None, max_length=400)
    affected: Literal["one", "several", "many"] = "one"
    service: Literal["down", "degraded", "ok"] = "ok"
    live: bool = False  # wants a person now, in this chat or call
    reachable: str | None = Field(default=None, max_length=200)  # phone number or e-mail the customer left
    customer_id: Short | None = None  # only when verified
    segment: Segment = "consumer"
    safety: bool = False
    vulnerable: bool = False
    revenue_at_risk: bool = False
    repeat_contacts: int = Field(default=0, ge=0, le=1000)
    department: Short | None = None  # the article's hint
    steps: tuple[Step, ...] = Field(default=(), max_length=100)
    checks: tuple[Check, ...] = Field(default=(), max_length=50)
    articles: tuple[Short, ...] = Field(default=(), max_length=50)  # offered and did not help


class TicketView(Wire):
    ticket_id: UUID
    reference: str
    status: str  # a TMF621 state
    priority: Priority
    tier: int = Field(ge=1, le=4)
    department: str
    category: str
    respond_by: AwareDatetime | None
    resolve_by: AwareDatetime | None  # None while the clock stands still
    created_at: AwareDatetime
    updated_at: AwareDatetime
    agent_name: str | None
    last_public_note: str | None


class HandOver(Wire):
    ticket: TicketView
    live: bool
    next: NextStep
    dial: str | None  # number or SIP address of the tier, for a call that can be put through now
    queue_position: int | None  # 1 = next to be served
    expected_wait_s: int | None = None  # None when there is too little to go by
    created: bool  # False: an earlier call with the same key had opened it


class Waiting(Wire):
    """Where a contact stands in the queue for a person."""

    ticket: TicketView
    next: NextStep
    dial: str | None
    queue_position: int | None  # None once a person has accepted
    expected_wait_s: int | None


class LiveEvent(Wire):
    """Something a front door must show or say. `event_id` stays the same when it is delivered again."""

    event_id: str
    contact_id: UUID
    channel: Channel
    kind: LiveKind
    text: str | None = None
    agent_name: str | None = None
    ticket: TicketView | None = None
    at: AwareDatetime
    queue_position: int | None = None
    expected_wait_s: int | None = None
    attachment: Attachment | None = None  # to a message


class StaffEvent(Wire):
    """A ticket changed: the console reads it again. `kind` is opened, message or the name of the move."""

    reference: str
    kind: str
    at: AwareDatetime


class Person(Wire):
    username: str
    name: str
    role: RoleName
    tier: int = Field(ge=1, le=4)
    departments: tuple[str, ...]  # "*" = all
    sees: Sees = "all"  # which tickets exist for them
    files: bool = True  # may file tickets


class TicketRow(TicketView):
    """A line of the queue."""

    kind: str = "incident"  # escalation.kind.Kind

    problem: str  # the first 160 characters
    channel: Channel | None  # None: filed by a machine
    live: bool
    left_s: int | None  # seconds to the nearest deadline; negative when late, None while paused or done
    left_share: float  # 1 = the whole time is left, 0 = none
    assignee: str | None
    unread: int
    next_due_at: AwareDatetime | None = None  # the nearest deadline, by which lists are in order; None sorts last


class RowFacts(TicketRow):
    """A line as it is now, without the customer's words, and what else decides which lists it stands in."""

    segment: str
    asked: str | None  # for whom it waits while nobody has accepted it
    is_open: bool  # stands in lists that ask for no status


class Note(Wire):
    author: str
    at: AwareDatetime
    text: str
    public: bool  # the customer has seen it
    attachment_id: UUID | None = None  # a file that went to the customer with it
    addressee: str | None = None  # of a whisper: the username of the person who had the ticket, and their name
    to: str | None = None


class AuditEntry(Wire):
    at: AwareDatetime
    who: str
    what: str
    why: str


class ClockView(Wire):
    name: str
    due_at: AwareDatetime | None
    state: Literal["running", "paused", "met", "missed"]
    share: float  # of the target used up; over 1 when late


class CannedReply(Wire):
    """`text` has places such as {reference}: escalation/canned.py."""

    name: str
    text: str
    departments: tuple[str, ...] = ()  # none: of all
    language: str = "en"


class CannedReplies(Wire):
    replies: tuple[CannedReply, ...]


class UndoOffer(Wire):
    what: str  # a change that this person made last, as the audit names it
    left_s: float  # how long it can still be undone


class TicketDetail(TicketRow):
    version: int
    contact_id: UUID | None
    signals: Signals
    because: tuple[str, ...]  # why this priority, in words
    turns: list[Turn]
    notes: list[Note]
    audit: list[AuditEntry]
    clocks: list[ClockView]
    kind_name: str = ""
    form: tuple[FormField, ...] = ()
    followed_up_at: AwareDatetime | None = None
    followers: int = 0  # tickets that hear of what happens to this one, directly
    relations: tuple[RelationView, ...] = ()  # the newest 100
    outage: OutageView | None = None  # of the ticket of a suspected or confirmed outage
    moves: list[MoveName]  # what this person may do now
    undo: UndoOffer | None = None  # what this person may undo now
    priorities: tuple[Priority, ...] = ()  # others that this person may choose now
    language: str = ""  # of its conversation
    departments: tuple[str, ...] = ()  # codes of those that this person may move it to now, at the same tier
    offers: tuple[OfferView, ...] = ()  # the newest first
    next_contact: str  # who gets it at a breach
    attachments: tuple[Attachment, ...] = ()  # of its contact, for those who may open them
    covers: tuple[CoverView, ...] = ()  # agreements
    held_because: str | None = None  # a legal hold: nothing of it is deleted or made anonymous
    may_hold: bool = False  # this person may begin or end a legal hold
    masked: bool = False  # personal data is not shown to this person


class LegalHoldAsked(Wire):
    """To begin a legal hold, or to end it."""

    reason: str = Field(min_length=1, max_length=2000)
    version: int = Field(ge=1)
