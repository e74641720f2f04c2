"""What the assistant remembers of a conversation: one frozen model per slot of `bot/domain`."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from escalation.client import Check, Signals, Step
from subscriber.client import Level

Awaiting = Literal["helped", "which", "person", "other", "more"]
Stage = Literal[
    "choosing", "flow", "verify", "handover", "status", "account", "visit", "selection", "topup", "leaving", "moving"
]


class Memory(BaseModel):
    """Kept in the slot named `slot`. Fields it does not know are ignored: the model may be newer than the memory."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    slot: ClassVar[str]


class Question(Memory):
    """What the customer wants to know, and how far we are with it."""

    slot = "question"
    problem: str = ""  # the customer's words
    category: str = "general"
    article: str | None = None
    offered: tuple[str, ...] = ()
    misses: int = 0  # nothing suitable found, in a row
    not_helped: int = 0
    upsets: int = 0
    labels: dict[str, str] = {}  # choice shown -> article id
    awaiting: Awaiting | None = None
    solved: bool = False


class Thread(Memory):
    """What outlives one problem of the conversation: only starting over and goodbye end it."""

    slot = "thread"
    others: tuple[str, ...] = ()  # other problems the customer mentioned, in their words, not looked at yet
    unhelpful: tuple[str, ...] = ()  # articles that did not help: never offered again
    acts: tuple[str, ...] = ()  # what was done: never asked for again
    product: str | None = None  # that the last answer was about
    outage: str = ""  # the known outage the customer was told of, and reported
    district: str = ""  # of the postcode that the customer named, or of who has the caller's number
    caller_id: str = ""  # who has the caller's number; no proof that it is they who call
    stays_unknown: bool = False  # the customer would rather not be verified: it is not offered again by itself

    def without(self, article: str | None) -> "Thread":
        """The same with this article among those that did not help."""
        if not article or article in self.unhelpful:
            return self
        return self.model_copy(update={"unhelpful": (*self.unhelpful, article)})


class Guide(Memory):
    """The guided flow the customer is in; it stays while they talk about something else."""

    slot = "guide"
    state: dict[str, Any] | None = None
    asked: Question = Question()  # what the steps are about
    before: dict[str, Any] | None = None  # the guide of other steps that wait until these end
    awaiting_check: bool = False  # asked whether to check the line, which needs two facts
    unchecked: bool = False  # the customer goes on without
    misses: int = 0

    def problems(self) -> tuple[str, ...]:
        """What these steps and those that wait for them are about, in the customer's words."""
        before = Guide.model_validate(self.before).problems() if self.before else ()
        return (*before, self.asked.problem) if self.asked.problem else before


class Found(Memory):
    """What was tried and what the systems found, for whoever takes over."""

    slot = "found"
    steps: tuple[Step, ...] = ()
    checks: tuple[Check, ...] = ()
    kind: str = ""  # the service that the checks are about


class Known(Memory):
    """The verified customer; before that nobody, whoever they may be by their number."""

    slot = "customer"
    customer_id: str | None = None
    level: Level = "verified"
    segment: Literal["consumer", "gold", "corporate"] = "consumer"
    phone: str = ""
    district: str = ""  # of their home's postcode
    barred: bool = False
    vulnerable: bool = False


class Proof(Memory):
    """What somebody is asked to prove who they are for; what they answer is never remembered."""

    slot = "verification"
    purpose: Literal["flow", "status", "account"] = "flow"
    level: Level = "verified"  # needed
    asking: Literal["account", "fact", "code", "which"] = "account"
    tries: int = 0


class Wish(Memory):
    """What the customer wants to know or do that needs their account."""

    slot = "wish"
    action: str = ""  # that tells it
    question: str = ""  # in the customer's words
    confirm: str = ""  # the action that a yes leads to, when one was asked for


class Window(BaseModel):
    """A window on offer, and what it was called."""

    model_config = ConfigDict(frozen=True)

    label: str
    begins: datetime
    ends: datetime


class Booking(Memory):
    """A technician's visit while its window is chosen."""

    slot = "booking"
    purpose: Literal["book", "move"] = "book"
    windows: tuple[Window, ...] = ()  # shown last
    chosen: Window | None = None
    key: str = ""  # the turn it was chosen in: one choice is one booking
    misses: int = 0


class Option(BaseModel):
    """One of the operator's offers, what it was called, and the product in use that it is for."""

    model_config = ConfigDict(frozen=True)

    label: str
    product_id: str
    offering_id: str = ""


class Selection(Memory):
    """Something to order while it is chosen and agreed."""

    slot = "selection"
    asked: str = ""  # the response that asks which
    then: str = ""  # the action that goes on with what is chosen
    options: tuple[Option, ...] = ()
    chosen: Option | None = None
    key: str = ""  # the turn it was chosen in: one choice is one order
    terms: str = ""  # the terms that were told with the question whether to go ahead
    misses: int = 0


class Leaving(Memory):
    """Something that the customer wants to end: why, and what was offered instead, which is done once."""

    slot = "leaving"
    is_heard: bool = False
    reason: str = ""  # in the customer's words; "" when they gave none
    offered: str = ""  # plan, move or person
    plan: str = ""  # the offering that was offered, and its name
    name: str = ""


class House(BaseModel):
    """One of the operator's addresses, and what it is called."""

    model_config = ConfigDict(frozen=True)

    label: str
    address_id: str


class Moving(Memory):
    """A move to another home while address and day are asked for and its terms told."""

    slot = "moving"
    asking: Literal["address", "day", "instead"] = "address"
    postcode: str = ""
    houses: tuple[House, ...] = ()  # of the postcode
    house: House | None = None
    earliest: date | None = None  # that the operator moves it; None: it cannot be had there
    missing: tuple[str, ...] = ()  # plans that cannot be had there
    days: tuple[date, ...] = ()  # on offer, in the order shown
    day: date | None = None
    key: str = ""  # the turn in which the day was chosen: one choice is one order
    terms: str = ""  # that were told with the question whether to go ahead
    misses: int = 0


class TopUp(Memory):
    """A voucher that is asked for; its code is never remembered."""

    slot = "topup"
    misses: int = 0


Field = Literal["problem", "since", "affected", "contact"]


class Episode(Memory):
    """A hand-over while it is prepared: `key` is the turn it began with."""

    slot = "handover"
    key: str = ""
    signals: Signals | None = None
    problem: str = ""  # in the customer's words, without the others that the signals tell of beside it
    asking: Field | None = None
    done: tuple[Field, ...] = ()
    retries: int = 0


class Ticket(Memory):
    """The ticket this contact opened last."""

    slot = "ticket"
    reference: str = ""
    live: bool = False


class Status(Memory):
    """The ticket asked about."""

    slot = "ticket_asked"
    reference: str | None = None
    proof_wanted: bool = False
    tries: int = 0


PROBLEM: tuple[type[Memory], ...] = (
    Question,
    Guide,
    Found,
    Proof,
    Wish,
    Booking,
    Selection,
    TopUp,
    Leaving,
    Moving,
    Episode,
    Status,
)  # over with the problem
EVERYTHING: tuple[type[Memory], ...] = (*PROBLEM, Thread)  # what starting over forgets
