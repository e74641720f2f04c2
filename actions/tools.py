"""What the actions work with: the knowledge base, the operator's systems, escalation, and the clock."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from escalation.client import FaultReport, HandOver, MajorIncident, ReportTaken, Signals, TicketView
from knowledge.answer import Article, Context, Decision, Flow
from subscriber.client import Accounts, Customer, FaultCheck, Kind, Outage


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

    async def report_fault(self, said: FaultReport) -> ReportTaken: ...

    async def major_incidents(self, *, area: str | None = None) -> list[MajorIncident]: ...


class Subscriber(Protocol):
    @property
    def accounts(self) -> Accounts: ...

    async def verify(self, account_number: str, second_fact: str) -> Customer | None: ...

    async def check_fault(self, customer_id: str, kind: Kind) -> list[FaultCheck]: ...

    async def outage_for(self, where: str, kind: Kind) -> Outage | None: ...

    async def home_of(self, e164: str) -> tuple[str, str] | None: ...

    def district(self, postcode: str) -> str: ...

    def district_in(self, text: str) -> str | None: ...


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Made once by `actions.app`; a test passes its own."""

    decide: Callable[[str, Context], Awaitable[Decision]]
    article: Callable[[str, str], Article]
    flow: Callable[[str, str], Flow]
    escalation: Escalation
    subscriber: Subscriber
    now: Callable[[], datetime] = _now
    operator: str = ""  # the operator's name, as said to customers
    country: str = "GB"  # how phone numbers without a country code are read
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
