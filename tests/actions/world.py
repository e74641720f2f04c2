"""The world outside the actions, in memory: a knowledge base of real articles, a desk, an operator."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.app import find_actions, run_turn
from actions.tools import Subscriber, Tools
from actions.turn import Turn
from escalation.client import (
    EscalationUnavailable,
    FaultReport,
    HandOver,
    MajorIncident,
    ReportTaken,
    Signals,
    TicketView,
    VisitAgreed,
    VisitTaken,
)
from knowledge.answer import Answer, Article, AskBack, Choice, Context, Decision, Flow
from knowledge.answer import HandOver as NoAnswer
from knowledge.article import read_article
from knowledge.flow import read_flow
from outbound.client import OutboundUnavailable
from subscriber import facts
from subscriber.client import (
    Accounts,
    AddOns,
    Addresses,
    Credentials,
    Customer,
    FaultCheck,
    Level,
    Loyalty,
    Moving,
    NewCode,
    Ordering,
    OrderingPolicy,
    Orders,
    Outage,
    Sims,
    Standing,
    SubscriberUnavailable,
    UsageAlerts,
    Visits,
)
from subscriber.identity_policy import IdentityPolicy
from tests.actions.ledger import Ledger
from tests.actions.shown import ROOT, WORDING, bot_event, titles

ARTICLES = ROOT / "knowledge" / "articles"
CONTACT = UUID("7f9c24e5-0d4c-4c9f-9a55-3b1f4f3f0c11")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # a Monday
JO = Customer(
    customer_id="C-1",
    account_number="10023456",
    name="Jo Smith",
    segment="gold",
    phone="+441632960001",
    email="jo@example.com",
    postcode="LF1 2AB",
    place_id="P-1",
    barred=False,
    vulnerable=False,
)


@cache
def article(article_id: str, language: str = "en") -> Article:
    return read_article(ARTICLES / f"{article_id}.md")


@cache
def flow(flow_id: str, language: str = "en") -> Flow:
    return read_flow(ARTICLES / f"{flow_id}.flow.yml")


@dataclass
class Knowledge:
    """Answers by the first keyword found in the question; nothing else is a telecom question."""

    answers: dict[str, Decision] = field(default_factory=dict)
    asked: list[tuple[str, Context]] = field(default_factory=list)

    async def decide(self, question: str, context: Context) -> Decision:
        self.asked.append((question, context))
        for keyword, decision in self.answers.items():
            if keyword in question.casefold() and not _offered(decision, context):
                return decision
        return NoAnswer(reason="off_topic", category="general", confidence=0.1)


def _offered(decision: Decision, context: Context) -> bool:
    return isinstance(decision, Answer) and decision.article.id in context.offered


def answers(*article_ids: str) -> dict[str, Decision]:
    """The keyword is the first word of the article's id: "bill", "broadband", ..."""
    return {name.split("-")[0]: Answer(article=article(name), confidence=0.97) for name in article_ids}


def asks_back(*article_ids: str) -> AskBack:
    return AskBack(choices=tuple(Choice(name, article(name).label) for name in article_ids), confidence=0.8)


@dataclass
class Desk:
    """Opens a ticket per key; can be away."""

    away: bool = False
    opened: dict[str, Signals] = field(default_factory=dict)
    calls: int = 0
    reported: list[FaultReport] = field(default_factory=list)
    incidents: list[MajorIncident] = field(default_factory=list)
    visits: list[VisitAgreed] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    owners: dict[str, tuple[UUID | None, str | None]] = field(default_factory=dict)  # reference -> contact, proof

    async def hand_over(self, contact_id: UUID, signals: Signals, *, key: str, **_: Any) -> HandOver:
        self.calls += 1
        if self.away:
            raise EscalationUnavailable("away")
        created = key not in self.opened
        self.opened.setdefault(key, signals)
        return HandOver(
            ticket=ticket("FL-48317264", category=signals.category),
            live=signals.live,
            next="agent_joins" if signals.live else "reply",
            dial=None,
            queue_position=2 if signals.live else None,
            created=created,
        )

    async def report_fault(self, said: FaultReport) -> ReportTaken | None:
        self.reported.append(said)
        if self.away:
            return None
        return ReportTaken(incident=next((one for one in self.incidents if one.area == said.area), None))

    async def major_incidents(self, *, area: str | None = None) -> list[MajorIncident]:
        if self.away:
            raise EscalationUnavailable("away")
        return [one for one in self.incidents if area in (None, one.area)]

    async def visit_agreed(self, said: VisitAgreed) -> VisitTaken | None:
        self.visits.append(said)
        if self.away:
            return None
        return VisitTaken(reference=said.reference or "FL-20458813")

    async def visit_cancelled(self, visit_id: str) -> None:
        self.cancelled.append(visit_id)

    async def ticket_status(self, reference: str, *, contact_id: UUID | None, proof: str | None) -> TicketView | None:
        if self.away:
            raise EscalationUnavailable("away")
        owner, expected = self.owners.get(reference, (None, None))
        is_theirs = (owner is not None and owner == contact_id) or (expected is not None and expected == proof)
        return ticket(reference) if is_theirs else None


def ticket(reference: str, category: str = "general", status: str = "inProgress") -> TicketView:
    return TicketView(
        ticket_id=uuid5(CONTACT, reference),
        reference=reference,
        status=status,
        priority="P3",
        tier=1,
        department="billing",
        category=category,
        respond_by=NOW + timedelta(hours=4),
        resolve_by=NOW + timedelta(days=2),
        created_at=NOW,
        updated_at=NOW,
        agent_name=None,
        last_public_note=None,
    )


@dataclass
class Operator:
    """One customer, one result for every check, and perhaps an outage; the systems that know of it can be away."""

    customer: Customer = JO
    result: str = "ok"
    outage: Outage | None = None
    outages_away: bool = False
    checked: int = 0
    besides: str | None = None  # where a customer whose SIM is locked can be reached
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def accounts(self) -> Accounts:
        return self.ledger.accounts()

    @property
    def orders(self) -> Orders:
        return self.ledger.all_orders()

    @property
    def visits(self) -> Visits:
        return self.ledger.diary

    @property
    def addons(self) -> AddOns:
        return self.ledger.shelf

    @property
    def ordering(self) -> Ordering:
        return self.ledger.counter

    @property
    def usage_alerts(self) -> UsageAlerts:
        return self.ledger.alerts

    @property
    def loyalty(self) -> Loyalty:
        return self.ledger.scheme

    @property
    def sims(self) -> Sims:
        return self.ledger.cards

    @property
    def addresses(self) -> Addresses:
        return self.ledger.map

    @property
    def moving(self) -> Moving:
        return self.ledger.movers

    @property
    def credentials(self) -> Credentials:
        return self.ledger.issuer

    async def reached_besides(self, customer_id: str, number: str) -> str | None:
        return self.besides

    @property
    def ordering_policy(self) -> OrderingPolicy:
        return ORDERING

    async def customer_of(self, customer_id: str) -> Customer | None:
        return self.customer

    async def check_fault(self, customer_id: str, kind: str) -> list[FaultCheck]:
        self.checked += 1
        return [FaultCheck(name=name, result=self.result, detail="") for name in ("account", "outage", "line_test")]  # type: ignore[arg-type]  # plain strings of the literals

    async def home_of(self, e164: str) -> tuple[str, str] | None:
        return (self.customer.customer_id, "LF1") if e164 == self.customer.phone else None

    def district(self, postcode: str) -> str:
        return facts.district(postcode, "GB")

    def district_in(self, text: str) -> str | None:
        return facts.district_in(text, "GB")

    def postcode_in(self, text: str) -> str | None:
        return facts.postcode_in(text, "GB")

    async def outage_for(self, where: str, kind: str) -> Outage | None:
        if self.outages_away:
            raise SubscriberUnavailable("outages")
        return self.outage if self.outage and kind in self.outage.services else None


ORDERING = OrderingPolicy.read(ROOT / "data" / "operator" / "ordering.yml")
POLICY = IdentityPolicy.read(ROOT / "data" / "operator" / "identity.yml")


@dataclass
class Identity:
    """What the front door's checks have found so far; the levels are the operator's."""

    now: Standing = field(default_factory=Standing)
    knows: dict[str, Customer] = field(default_factory=dict)  # who has which number
    code: NewCode | str = field(default_factory=lambda: NewCode("493021", "+447700900001", 10))
    codes: int = 0
    begun_again: int = 0
    lock_minutes: int = 15
    is_away: bool = False

    def needed(self, action: str) -> Level:
        return POLICY.levels[action]

    async def standing(self, contact_id: UUID) -> Standing:
        if self.is_away:
            raise SubscriberUnavailable("customers")
        return self.now

    async def recognise(self, contact_id: UUID, number: str) -> None:
        if customer := self.knows.get(number):
            self.now = Standing("known", customer)

    async def start_again(self, contact_id: UUID) -> None:
        self.begun_again += 1

    async def new_code(self, contact_id: UUID) -> Any:
        self.codes += 1
        return self.code


@dataclass
class Texts:
    """Text messages, each key once."""

    sent: dict[str, tuple[str, str]] = field(default_factory=dict)
    is_away: bool = False

    async def send(self, *, to: str, text: str, key: str, kind: str) -> None:
        if self.is_away:
            raise OutboundUnavailable("away")
        self.sent.setdefault(key, (to, text))


BROOKSIDE = Outage(
    problem_id="SP-1",
    place="Brookside",
    services=("broadband", "tv"),
    started_at=NOW - timedelta(hours=2),
    expected_end=NOW + timedelta(hours=4),
    planned=False,
    summary="A fibre cable was cut.",
)


ACTIONS = find_actions()


class Talk:
    """A conversation with the actions alone: the test says which action Rasa's rules would run."""

    def __init__(
        self,
        *,
        decisions: dict[str, Decision] | None = None,
        desk: Desk | None = None,
        operator: Operator | None = None,
        door: Subscriber | None = None,
        now: datetime = NOW,
        medium: str = "screen",
        caller: str | None = None,
    ) -> None:
        self.knowledge = Knowledge(decisions or {})
        self.desk, self.operator = desk or Desk(), operator or Operator()
        self.identity, self.texts = Identity(), Texts()
        self.door: Subscriber = door or self.operator
        self.now = now
        self.slots: dict[str, Any] = {"medium": medium, "language": "en", "contact_id": str(CONTACT), "caller": caller}
        self.flow: Callable[[str, str], Flow] = flow  # a test puts others here: the index was made anew
        self.article: Callable[[str, str], Article] = article
        self.past: list[dict[str, Any]] = []
        self.said: list[dict[str, Any]] = []
        self.contact = CONTACT
        self._actions = ACTIONS
        self._numbers = itertools.count(1)

    async def gives(self, outcome: str) -> list[str]:
        """The customer proved something, or failed to: what the front door tells in place of it."""
        if outcome in {"verified", "strong"}:
            self.identity.now = Standing(outcome, self.operator.customer, by_code=outcome == "strong")  # type: ignore[arg-type]  # of the two
        token = {"half": "half_verified", "verified": "verified", "strong": "verified"}.get(outcome, "failed")
        return await self.hears("action_verify_reply", f"/{token}", token, outcome=outcome)

    async def hears(
        self,
        action: str,
        text: str,
        intent: str = "support_question",
        *,
        sure: float = 1.0,
        outcome: str | None = None,
    ) -> list[str]:
        """The names of the responses to `text`, taken for `intent` with that much confidence."""
        user = {"event": "user", "text": text}
        tracker = Tracker(
            sender_id=self.contact.hex,
            slots=self.slots,
            latest_message={
                "text": text,
                "intent": {"name": intent, "confidence": sure},
                "metadata": {"contact_id": str(self.contact), "turn_id": f"t{next(self._numbers)}", "outcome": outcome},
            },
            events=[*self.past, user],
            paused=False,
            followup_action=None,
            active_loop={},
            latest_action_name=None,
        )
        dispatcher = CollectingDispatcher()
        turn = Turn(self._tools(), dispatcher, tracker, WORDING)
        await run_turn(action, turn, self._actions)
        for event in turn.events():
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        self.said = dispatcher.messages
        self.past += [user, *(bot_event(message) for message in self.said)]
        return [message["response"] or "again" for message in self.said]

    @property
    def choices(self) -> list[str]:
        """Of the last message, in the order shown."""
        return titles(self.said[-1])

    @property
    def handover(self) -> dict[str, Any] | None:
        """The state of the hand-over that the last reply told the front door."""
        told = [message["custom"]["handover"] for message in self.said if "handover" in message["custom"]]
        return told[-1] if told else None

    def _tools(self) -> Tools:
        return Tools(
            decide=self.knowledge.decide,
            article=self.article,
            flow=self.flow,
            escalation=self.desk,
            telling=self.desk,
            identity=self.identity,
            messages=self.texts,
            subscriber=self.door,
            now=lambda: self.now,
            operator="Larkfield Telecom",
        )
