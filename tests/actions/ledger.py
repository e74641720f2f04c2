"""What the operator's systems hold of one customer, in memory: bills, payments, credit, use, plans."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from subscriber.accounts import Accounts
from subscriber.bills import Bill, BillLine, OpenBill
from subscriber.client import (
    AddOn,
    Address,
    BillingPolicy,
    Credential,
    Delivery,
    Extension,
    HeldAddOn,
    Impossible,
    Item,
    Money,
    MovedPlan,
    MoveTerms,
    NotMoved,
    NotSent,
    Order,
    OrderRefused,
    Payment,
    Placed,
    Plan,
    Points,
    Product,
    Puk,
    Reward,
    RewardRefused,
    Sent,
    Sim,
    SimRefused,
    Slot,
    SlotTaken,
    SubscriberUnavailable,
    Visit,
)
from subscriber.money import total
from subscriber.sims import SimState
from subscriber.usage import Allowance, Credit

DATED = datetime(2026, 11, 19, tzinfo=UTC)
POLICY = BillingPolicy(
    duplicate_within_days=10,
    extension_days=14,
    extension_most=Decimal("150.00"),
    extension_asked_within_days=10,
    plan_reserve=Decimal("0.2"),
)


def pounds(amount: str) -> Money:
    return Money(Decimal(amount), "GBP")


def bill(name: str, *lines: tuple[str, str], months_ago: int = 0, is_paid: bool = False) -> Bill:
    """A line below zero is a discount."""
    dated = DATED - timedelta(days=30 * months_ago)
    made = tuple(
        BillLine(title, "discount" if amount[0] == "-" else "usage", pounds(amount)) for title, amount in lines
    )
    charged = total((line.amount for line in made), "GBP")
    return Bill(
        bill_id=name,
        number=f"INV-{name}",
        dated=dated,
        due=dated + timedelta(days=14),
        period_from=dated - timedelta(days=30),
        period_until=dated - timedelta(seconds=1),
        total=charged,
        tax=pounds("0.00"),
        remaining=pounds("0.00") if is_paid else charged,
        lines=made,
    )


def paid(name: str, amount: str, *, on: datetime, bill_id: str) -> Payment:
    return Payment(name, on, pounds(amount), "received", (bill_id,))


def plan(name: str, price: str, gigabytes: int) -> Plan:
    return Plan(name, name, "mobile", pounds(price), {"data": Decimal(gigabytes)})


@dataclass
class Ledger:
    """Every system of it, so that one object stands for all; `away` is every system not answering."""

    away: bool = False
    bills: Sequence[Bill] = ()  # the newest first
    payments: Sequence[Payment] = ()
    credit: Sequence[Credit] = ()
    usage: Sequence[Allowance] = ()
    products: Sequence[Product] = ()
    offers: Sequence[Plan] = ()
    granted: list[Extension] = field(default_factory=list)
    orders: Sequence[Order] = ()
    diary: "Diary" = field(init=False)
    counter: "Counter" = field(init=False)
    shelf: "Shelf" = field(init=False)
    alerts: "Alerts" = field(init=False)
    cards: "Cards" = field(init=False)
    scheme: "Scheme" = field(init=False)
    issuer: "Issuer" = field(init=False)
    map: "Map" = field(init=False)
    movers: "Movers" = field(init=False)

    def __post_init__(self) -> None:
        self.diary = Diary(self)
        self.counter = Counter(self)
        self.shelf = Shelf(self)
        self.alerts = Alerts(self)
        self.cards = Cards(self)
        self.scheme = Scheme(self)
        self.issuer = Issuer(self)
        self.map = Map(self)
        self.movers = Movers(self)

    def all_orders(self) -> "_Listed":
        return _Listed(self, "orders")

    def accounts(self) -> Accounts:
        return Accounts(
            bills=_Bills(self),
            payments=_Listed(self, "payments"),
            prepaid=_Listed(self, "credit"),
            usage=_Listed(self, "usage"),
            products=_Listed(self, "products"),
            offers=_Offers(self),
            extensions=_Extensions(self),
            policy=POLICY,
        )

    def check(self) -> None:
        if self.away:
            raise SubscriberUnavailable("away")


@dataclass
class _Bills:
    ledger: Ledger

    async def newest(self, customer_id: str, most: int) -> list[Bill]:
        self.ledger.check()
        return list(self.ledger.bills[:most])

    async def open(self, customer_id: str) -> list[OpenBill]:
        self.ledger.check()
        unpaid = (one for one in reversed(self.ledger.bills) if one.remaining)
        return [OpenBill(one.bill_id, one.number, one.due, one.remaining) for one in unpaid]


@dataclass
class _Listed:
    ledger: Ledger
    name: str

    async def of_customer(self, customer_id: str) -> list:  # type: ignore[type-arg]  # of whatever the system holds
        self.ledger.check()
        return list(getattr(self.ledger, self.name))


@dataclass
class Diary:
    """A technician's windows, all of them free until they are booked; `taken` are gone when they are asked for."""

    ledger: Ledger
    free_slots: Sequence[Slot] = ()
    booked: list[Visit] = field(default_factory=list)
    taken: set[Slot] = field(default_factory=set)
    keys: list[str] = field(default_factory=list)

    async def of_customer(self, customer_id: str) -> list[Visit]:
        self.ledger.check()
        return list(self.booked)

    async def free(self, customer_id: str, *, begins: datetime, ends: datetime) -> list[Slot]:
        self.ledger.check()
        return [slot for slot in self.free_slots if slot not in self.taken]

    async def book(self, customer_id: str, slot: Slot, *, key: str, order_id: str | None = None) -> Visit:
        self.ledger.check()
        if slot in self.taken:
            raise SlotTaken
        self.keys.append(key)
        self.booked.append(Visit(f"v{len(self.booked)}", slot, "agreed", order_id))
        return self.booked[-1]

    async def move(self, visit: Visit, slot: Slot) -> Visit:
        self.ledger.check()
        if slot in self.taken:
            raise SlotTaken
        self.booked = [replace(visit, slot=slot)]
        return self.booked[0]

    async def cancel(self, visit: Visit) -> None:
        self.ledger.check()
        self.booked = [replace(visit, state="cancelled")]


@dataclass
class Counter:
    """Takes every order that `refused` does not name, open until somebody ends it; `lost` answers do not arrive."""

    ledger: Ledger
    begins_at: datetime = datetime(2026, 12, 19, tzinfo=UTC)
    refused: Impossible | None = None
    is_lost: bool = False
    placed: dict[str, Placed] = field(default_factory=dict)  # by key

    async def possible(self, customer_id: str, item: Item) -> datetime | Impossible:
        self.ledger.check()
        return self.refused or self.begins_at

    async def place(self, customer_id: str, item: Item, *, key: str) -> Placed:
        self.ledger.check()
        if self.refused:
            raise OrderRefused
        self.placed.setdefault(key, Placed(f"PO-{len(self.placed) + 1}", (item,), True, self.begins_at))
        if self.is_lost:
            raise SubscriberUnavailable("lost")
        return self.placed[key]

    async def of_customer(self, customer_id: str) -> list[Placed]:
        self.ledger.check()
        return list(self.placed.values())


@dataclass
class Shelf:
    """Add-ons on offer and held; orders change nothing here."""

    ledger: Ledger
    offers: Sequence[AddOn] = ()
    held: Sequence[HeldAddOn] = ()

    async def on_offer(self) -> list[AddOn]:
        self.ledger.check()
        return list(self.offers)

    async def of_customer(self, customer_id: str) -> list[HeldAddOn]:
        self.ledger.check()
        return list(self.held)


@dataclass
class Alerts:
    ledger: Ledger
    shares_pct: tuple[int, ...] = (80, 100)
    is_lost: bool = False

    async def of_customer(self, customer_id: str) -> tuple[int, ...]:
        self.ledger.check()
        return self.shares_pct

    async def set(self, customer_id: str, shares_pct: Iterable[int]) -> None:
        self.ledger.check()
        self.shares_pct = tuple(shares_pct)
        if self.is_lost:
            raise SubscriberUnavailable("lost")


@dataclass
class Cards:
    """SIM cards, and what became of switching one on; `is_lost`: done, and never heard of."""

    ledger: Ledger
    all: list[Sim] = field(default_factory=list)
    code: str = "40718263"
    becomes: SimState = "active"
    refuses: bool = False
    is_lost: bool = False
    switched_on: list[str] = field(default_factory=list)

    async def of_customer(self, customer_id: str) -> list[Sim]:
        self.ledger.check()
        return list(self.all)

    async def puk(self, customer_id: str, sim_id: str) -> Puk | None:
        self.ledger.check()
        return Puk(self.code) if any(one.sim_id == sim_id for one in self.all) else None

    async def activate(self, customer_id: str, sim_id: str) -> Sim:
        self.ledger.check()
        if self.refuses:
            raise SimRefused
        self.switched_on.append(sim_id)
        if self.is_lost:
            raise SubscriberUnavailable("lost")
        self.all = [replace(one, state=self.becomes) if one.sim_id == sim_id else one for one in self.all]
        return next(one for one in self.all if one.sim_id == sim_id)


@dataclass
class Scheme:
    """Loyalty points and rewards; `is_lost`: redeemed, and never heard of."""

    ledger: Ledger
    has: Points | None = None
    offers: list[Reward] = field(default_factory=list)
    refuses: bool = False
    is_lost: bool = False
    redeemed: dict[str, str] = field(default_factory=dict)  # reward by key

    async def points(self, customer_id: str) -> Points | None:
        self.ledger.check()
        return self.has

    async def rewards(self) -> list[Reward]:
        self.ledger.check()
        return list(self.offers)

    async def redeem(self, customer_id: str, account_id: str, reward: Reward, *, key: str) -> None:
        self.ledger.check()
        if self.refuses:
            raise RewardRefused
        self.redeemed.setdefault(key, reward.reward_id)
        if self.is_lost:
            raise SubscriberUnavailable("lost")
        if self.has is not None:
            self.has = Points(account_id, self.has.balance - reward.points, ())


@dataclass
class Issuer:
    """New passwords and PINs, sent elsewhere; `is_lost`: sent, and never heard of."""

    ledger: Ledger
    becomes: Sent | NotSent = "other"
    refuses_late: NotSent | None = None  # only after the yes
    is_lost: bool = False
    asked: dict[str, Credential] = field(default_factory=dict)  # by key

    async def possible(self, customer_id: str, credential: Credential) -> Delivery | NotSent:
        self.ledger.check()
        return self.becomes.delivery if isinstance(self.becomes, Sent) else self.becomes

    async def renew(self, customer_id: str, credential: Credential, *, key: str) -> Sent | NotSent:
        self.ledger.check()
        self.asked.setdefault(key, credential)
        if self.is_lost:
            raise SubscriberUnavailable("lost")
        return self.refuses_late or self.becomes


@dataclass
class Map:
    """Houses, by postcode."""

    ledger: Ledger
    houses: list[Address] = field(default_factory=list)

    async def at(self, postcode: str) -> list[Address]:
        self.ledger.check()
        return [one for one in self.houses if one.postcode == postcode]


@dataclass
class Movers:
    """Moves everything from `earliest` on, on the terms of `terms`; `is_lost`: ordered, and never heard of."""

    ledger: Ledger
    terms: MoveTerms | None = None  # None: every plan stays as it is
    refused: NotMoved | None = None
    refuses_order: bool = False
    hurries: bool = False  # names its earliest day, whatever was wished
    is_lost: bool = False
    earliest: datetime = datetime(2026, 11, 30, tzinfo=UTC)
    asked: list[tuple[str, date | None]] = field(default_factory=list)
    placed: dict[str, tuple[str, MoveTerms]] = field(default_factory=dict)  # by key

    async def possible(
        self, customer_id: str, products: Sequence[Product], address_id: str, day: date | None
    ) -> MoveTerms | NotMoved:
        self.ledger.check()
        self.asked.append((address_id, day))
        if self.refused:
            return self.refused
        begins = max(self.earliest, datetime.combine(day, time(0), UTC)) if day and not self.hurries else self.earliest
        plans = tuple(
            MovedPlan(one.product_id, one.plan.offering_id, one.plan.name, True, one.plan.monthly, None, 0)
            for one in products
        )
        terms = self.terms or MoveTerms(plans, begins, begins, None, needs_technician=False)
        return replace(terms, begins=begins, ends=begins)

    async def place(self, customer_id: str, terms: MoveTerms, address_id: str, *, key: str) -> Placed:
        self.ledger.check()
        if self.refuses_order:
            raise OrderRefused
        self.placed.setdefault(key, (address_id, terms))
        if self.is_lost:
            raise SubscriberUnavailable("lost")
        return self._order(key)

    async def of_customer(self, customer_id: str) -> list[Placed]:
        self.ledger.check()
        return [self._order(key) for key in self.placed]

    def _order(self, key: str) -> Placed:
        number, (_, terms) = list(self.placed).index(key) + 1, self.placed[key]
        items = tuple(Item("modify", one.offering_id, one.name, one.product_id) for one in terms.plans)
        return Placed(f"PO-{number}", items, True, terms.begins)


@dataclass
class _Offers:
    ledger: Ledger

    async def all(self) -> list[Plan]:
        self.ledger.check()
        return list(self.ledger.offers)


@dataclass
class _Extensions:
    ledger: Ledger

    async def of_customer(self, customer_id: str) -> list[Extension]:
        self.ledger.check()
        return list(self.ledger.granted)

    async def grant(self, customer_id: str, extension: Extension) -> None:
        self.ledger.check()
        self.ledger.granted.append(extension)
