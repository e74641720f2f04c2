"""An agreement as it stands in data/operator/agreements.yml: parties, validity, targets, penalties, contacts."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from escalation.agreements.penalty import Penalty
from escalation.policy_files import Duration, Entry, Zone
from escalation.priority import Priority
from escalation.signals import SCALES
from escalation.targets import Exclusion, Several, Target, TargetName
from escalation.tier import DEPARTMENTS, VENDORS

AgreementId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Medium = Literal["phone", "email", "sms", "portal", "api"]
Money = Annotated[Decimal, Field(ge=0, max_digits=14)]


class Kind(StrEnum):
    CUSTOMER = "customer"  # service level agreement with those we serve
    DEPARTMENT = "department"  # operational level agreement between departments
    VENDOR = "vendor"  # underpinning contract
    INTERCONNECT = "interconnect"  # between operators: each may be the one who asks


OUTER = frozenset({Kind.CUSTOMER, Kind.INTERCONNECT})  # may be promised to whoever reports
INNER = frozenset({Kind.DEPARTMENT, Kind.VENDOR, Kind.INTERCONNECT})  # may bind whoever holds the ticket


def _promise(written: Any) -> Any:
    return {"within": written} if isinstance(written, str) else written


class Promise(Entry):
    """Written as a time alone it counts in the agreement's service hours."""

    within: Duration
    calendar: str | None = None


class Validity(Entry):
    begins: date = Field(alias="from")
    until: date | None = None  # the last day; None: until it is ended

    @model_validator(mode="after")
    def _in_order(self) -> "Validity":
        if self.until is not None and self.until < self.begins:
            raise ValueError("ends before it begins")
        return self

    def holds(self, day: date) -> bool:
        return self.begins <= day and (self.until is None or day <= self.until)

    def meets(self, other: "Validity") -> bool:
        return self.begins <= (other.until or date.max) and other.begins <= (self.until or date.max)


class Party(Entry):
    name: str
    role: str  # customer, provider, vendor ...


class Contact(Entry):
    name: str
    phone: str | None = Field(default=None, pattern=r"^\+[1-9]\d{6,14}$")
    email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$")

    @model_validator(mode="after")
    def _reachable(self) -> "Contact":
        if self.phone is None and self.email is None:
            raise ValueError(f"{self.name} needs a phone or an email")
        return self


class NotCounted(Entry):
    """Time that counts against no target; a `window` is taken out by the clocks, the rest is for people to judge."""

    says: str
    window: Exclusion | None = None


class Covers(Entry):
    """Which tickets: all that is named must fit. The first four say whose they are, the others who holds them."""

    segment: Several = ()
    account: Several = ()  # the verified customer's id
    topic: Several = ()  # categories of routing.yml
    filed_by: Several = ()  # people of people.yml, clients of clients.yml
    department: Several = ()
    tier: int | None = Field(default=None, ge=2, le=VENDORS)
    system: Several = ()  # systems of routing.yml

    @model_validator(mode="after")
    def _known(self) -> "Covers":
        for segment in set(self.segment) - set(SCALES["segment"]):
            raise ValueError(f"segment {segment} is not known; known: {', '.join(SCALES['segment'])}")
        return self


_ASKED: Mapping[Kind, tuple[str, ...]] = {  # one of these must be named
    Kind.CUSTOMER: ("segment", "account", "topic"),
    Kind.DEPARTMENT: ("department",),
    Kind.VENDOR: ("system", "department"),
    Kind.INTERCONNECT: ("filed_by", "system"),
}


class Agreement(Entry):
    """Who owes what to whom. `between` is whoever gives the service, then whoever receives it."""

    id: AgreementId
    version: int = Field(default=1, ge=1)
    kind: Kind
    name: str
    between: tuple[Party, Party]
    valid: Validity
    zone: Zone  # of its days and of the hours it speaks of
    currency: str = Field(pattern=r"^[A-Z]{3}$")  # ISO 4217
    service_hours: str  # a calendar of calendars.yml
    covers: Covers
    targets: Mapping[Priority, Mapping[TargetName, Annotated[Promise, BeforeValidator(_promise)]]] = Field(
        default_factory=dict
    )
    penalties: tuple[Penalty, ...] = ()
    monthly_fee: Money | None = None
    account_fees: Mapping[str, Money] = Field(default_factory=dict)  # of single customers, by their id
    exclusions: tuple[NotCounted, ...] = ()
    contacts: Mapping[int, Contact]  # by level
    medium: tuple[Medium, ...] = Field(min_length=1)  # while a ticket is open, the first choice first
    process: str  # in words, for people

    @model_validator(mode="after")
    def _sound(self) -> "Agreement":
        if not any(getattr(self.covers, name) for name in _ASKED[self.kind]):
            raise ValueError(f"{self.kind}: covers needs one of {', '.join(_ASKED[self.kind])}")
        if self.kind is not Kind.CUSTOMER and not self.targets:
            raise ValueError(f"{self.kind}: needs targets")
        only = {name for of in self.targets.values() for name in of} - {"resolve"}
        if self.kind in {Kind.DEPARTMENT, Kind.VENDOR} and only:
            raise ValueError(f"{self.kind}: the one target is resolve, how long they may keep a ticket")
        if not self.contacts or set(self.contacts) - {1, 2, 3, 4}:
            raise ValueError("contacts are by level, 1 to 4, and there is at least one")
        named = [penalty.target for penalty in self.penalties]
        if len(set(named)) != len(named):
            raise ValueError("one penalty a target")
        if self.kind in {Kind.DEPARTMENT, Kind.VENDOR} and set(named) - {"resolve"}:
            raise ValueError(f"{self.kind}: a penalty is for resolve")
        for penalty in self.penalties:
            penalty.check_coins(self.currency)
        return self

    @property
    def giver(self) -> str:
        return self.between[0].name

    @property
    def receiver(self) -> str:
        return self.between[1].name

    @property
    def held_in(self) -> int:
        """The tier of those it binds, when it binds who holds a ticket."""
        return self.covers.tier or (DEPARTMENTS if self.kind is Kind.DEPARTMENT else VENDORS)

    def holds_at(self, at: datetime) -> bool:
        return self.valid.holds(at.astimezone(ZoneInfo(self.zone)).date())

    def target(self, priority: Priority, name: TargetName) -> Target | None:
        """With what this agreement excludes, in its service hours unless the promise names others."""
        promise = self.targets.get(priority, {}).get(name)
        if promise is None:
            return None
        windows = tuple(dict.fromkeys(entry.window for entry in self.exclusions if entry.window is not None))
        return Target(within=promise.within, calendar=promise.calendar or self.service_hours, exclude=windows)

    def fee_of(self, account: str | None) -> tuple[Decimal | None, str]:
        """The monthly fee and where it stands; None when the agreement names none for this customer."""
        if account is not None and account in self.account_fees:
            return self.account_fees[account], f"account_fees of agreement {self.id}, version {self.version}"
        if self.monthly_fee is not None:
            return self.monthly_fee, f"monthly_fee of agreement {self.id}, version {self.version}"
        return None, f"agreement {self.id}, version {self.version}, names no monthly fee for this customer"


Path = tuple[str | int, ...]


class AgreementsFile(Entry):
    agreements: tuple[Agreement, ...] = ()

    def faults(self) -> Iterator[tuple[Path, str]]:
        """Two versions of one agreement that hold on the same day, or a version that is there twice."""
        for (_, one), (number, other) in combinations(enumerate(self.agreements), 2):
            if one.id != other.id:
                continue
            if one.version == other.version:
                yield ("agreements", number, "version"), f"{one.id} has version {one.version} already"
            elif one.valid.meets(other.valid):
                yield ("agreements", number, "valid"), f"version {one.version} of {one.id} holds on the same days"

    def find(self, agreement_id: str, at: datetime, version: int | None = None) -> Agreement | None:
        """The version that holds then, or else the newest; or the one that is named."""
        known = sorted((one for one in self.agreements if one.id == agreement_id), key=lambda one: one.version)
        if version is not None:
            return next((one for one in known if one.version == version), None)
        return next((one for one in known if one.holds_at(at)), known[-1] if known else None)
