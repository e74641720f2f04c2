"""What the assistant remembers of a conversation: one frozen model per slot of `bot/domain`."""

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from escalation.client import Check, Signals, Step

Stage = Literal["choosing", "flow", "verify", "handover", "status"]


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
    awaiting: Literal["helped", "which", "person", "more"] | None = None
    solved: bool = False


class Guide(Memory):
    """The guided flow the customer is in; it stays while they talk about something else."""

    slot = "guide"
    state: dict[str, Any] | None = None
    awaiting_check: bool = False  # asked whether to check the line, which needs two facts
    unchecked: bool = False  # the customer goes on without
    misses: int = 0


class Found(Memory):
    """What was tried and what the systems found, for whoever takes over."""

    slot = "found"
    steps: tuple[Step, ...] = ()
    checks: tuple[Check, ...] = ()


class Known(Memory):
    """The verified customer."""

    slot = "customer"
    customer_id: str | None = None
    segment: Literal["consumer", "gold", "corporate"] = "consumer"
    phone: str = ""
    barred: bool = False
    vulnerable: bool = False


class Proof(Memory):
    """The facts asked for, and what they are needed for."""

    slot = "verification"
    purpose: Literal["flow", "status"] = "flow"
    account: str | None = None
    tries: int = 0


Field = Literal["problem", "since", "affected", "contact"]


class Episode(Memory):
    """A hand-over while it is prepared: `key` is the turn it began with."""

    slot = "handover"
    key: str = ""
    signals: Signals | None = None
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


EVERYTHING: tuple[type[Memory], ...] = (Question, Guide, Found, Proof, Episode, Status)  # what starting over forgets
