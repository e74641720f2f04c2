"""What the actions work with: the knowledge base, the operator's systems, escalation, and the clock."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from escalation.client import (
    FaultReport,
    HandOver,
    MajorIncident,
    ReportTaken,
    Signals,
    TicketView,
    VisitAgreed,
    VisitTaken,
)
from knowledge.answer import Article, Context, Decision, Flow
from outbound.client import Kind as MessageKind
from subscriber.client import (
    Accounts,
    AddOns,
    Addresses,
    Credentials,
    Customer,
    FaultCheck,
    Kind,
    Level,
    Loyalty,
    Moving,
    NewCode,
    NoCode,
    Ordering,
    OrderingPolicy,
    Orders,
    Outage,
    Sims,
    Standing,
    UsageAlerts,
    Visits,
)


class Escalation(Protocol):
    async def hand_over(
        self,
        contact_id: UUID,
        signals: Signals,
        *,
        key: str,
        after_turn: str | None = None,
        channel: Literal["chat", "voice"] = "chat",
    ) -> HandOver: ...

    async def ticket_status(
        self, reference: str, *, contact_id: UUID | None, proof: str | None
    ) -> TicketView | None: ...

    async def major_incidents(self, *, area: str | None = None) -> list[MajorIncident]: ...


class Telling(Protocol):
    """`escalation.client.ToldLater`: None where escalation is away and will be told when it is back."""

    async def report_fault(self, said: FaultReport) -> ReportTaken | None: ...

    async def visit_agreed(self, said: VisitAgreed) -> VisitTaken | None: ...

    async def visit_cancelled(self, visit_id: str) -> None: ...


class Subscriber(Protocol):
    @property
    def accounts(self) -> Accounts: ...

    @property
    def orders(self) -> Orders: ...

    @property
    def addons(self) -> AddOns: ...

    @property
    def ordering(self) -> Ordering: ...

    @property
    def usage_alerts(self) -> UsageAlerts: ...

    @property
    def ordering_policy(self) -> OrderingPolicy: ...

    @property
    def visits(self) -> Visits: ...

    @property
    def sims(self) -> Sims: ...

    @property
    def addresses(self) -> Addresses: ...

    @property
    def moving(self) -> Moving: ...

    @property
    def credentials(self) -> Credentials: ...

    @property
    def loyalty(self) -> Loyalty: ...

    async def reached_besides(self, customer_id: str, number: str) -> str | None: ...

    async def customer_of(self, customer_id: str) -> Customer | None: ...

    async def check_fault(self, customer_id: str, kind: Kind) -> list[FaultCheck]: ...

    async def outage_for(self, where: str, kind: Kind) -> Outage | None: ...

    async def home_of(self, e164: str) -> tuple[str, str] | None: ...

    def district(self, postcode: str) -> str: ...

    def district_in(self, text: str) -> str | None: ...

    def postcode_in(self, text: str) -> str | None: ...


class Identity(Protocol):
    """`subscriber.client.Verification`, as far as the dialogue needs it: never what was given as a proof."""

    @property
    def lock_minutes(self) -> int: ...

    def needed(self, action: str) -> Level: ...

    async def standing(self, contact_id: UUID) -> Standing: ...

    async def recognise(self, contact_id: UUID, number: str) -> None: ...

    async def start_again(self, contact_id: UUID) -> None: ...

    async def new_code(self, contact_id: UUID) -> NewCode | NoCode: ...


class Messages(Protocol):
    async def send(self, *, to: str, text: str, key: str, kind: MessageKind) -> None: ...


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Made once by `actions.app`; a test passes its own."""

    decide: Callable[[str, Context], Awaitable[Decision]]
    article: Callable[[str, str], Article]
    flow: Callable[[str, str], Flow]
    escalation: Escalation
    telling: Telling
    subscriber: Subscriber
    identity: Identity
    messages: Messages
    now: Callable[[], datetime] = _now
    operator: str = ""  # the operator's name, as said to customers
    country: str = "GB"  # how phone numbers without a country code are read
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
