"""What the demo operator knows: data/operator/demo/*.yml, read and checked once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["broadband", "mobile", "tv", "landline"]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Entry):
    id: str
    name: str


class Line(_Entry):
    """What a line test of the service finds."""

    result: Literal["pass", "fail", "inconclusive"] = "pass"
    detail: str = "The line is in sync and carries the plan's speed."
    down: float | None = None  # Mbit/s
    up: float | None = None


class Service(_Entry):
    id: str
    kind: Kind
    name: str
    status: Literal["running", "degraded", "stopped", "limited", "failed", "unknown"] = "running"
    place: str = ""  # "" = the customer's
    line: Line | None = None  # mobile and TV have none
    uses_gb: float | None = Field(default=None, ge=0)  # a month, of a mobile; None: something believable
    addons: tuple[str, ...] = ()  # of addons.yml, that it has
    new_sim: bool = False  # of a mobile: one waits to be switched on in place of the present one
    is_bound: bool = False  # its minimum term still runs: no cheaper plan


class Charge(_Entry):
    """A line that is on the bills of some months only; 0 is the newest bill, 1 the one before."""

    name: str
    kind: Literal["usage", "oneOff", "discount", "credit"]
    amount: Decimal = Field(decimal_places=2)  # with tax; below zero for a discount or credit
    months: tuple[int, ...]


class PlacedOrder(_Entry):
    """Its days count from today, so that the demo never grows stale."""

    id: str
    items: tuple[str, ...] = Field(min_length=1)
    state: Literal["acknowledged", "pending", "held", "inProgress", "cancelled", "completed", "failed"]
    days_ago: int = Field(ge=0, le=365)
    due_in_days: int | None = None  # of an open one, when it should be done; of one that is done, when it was


class AgreedVisit(_Entry):
    """The days count from the start of the program; a Sunday is the Monday after it."""

    id: str
    in_days: int = Field(ge=0, le=28)
    part: Literal["morning", "afternoon"] = "morning"  # Saturdays have only the first
    order: str | None = None


class Customer(_Entry):
    id: str
    account: str = Field(pattern=r"^\d{8}$")
    name: str
    born: date | None = None
    phones: tuple[str, ...]  # E.164, the preferred one first
    email: str = ""
    postcode: str
    place: str
    segment: Literal["consumer", "gold", "corporate"] = "consumer"
    barred: bool = False
    vulnerable: bool = False
    services: tuple[Service, ...]
    pin: str | None = Field(default=None, pattern=r"^\d{4}$")  # of the account, asked for by keys
    has_web_login: bool = True
    login_locked: bool = False  # by the operator's own people; nothing but they open it
    contact_changed_days_ago: int | None = Field(default=None, ge=0)  # the number or e-mail address on file
    prepaid: bool = False  # pays by credit and gets no bills
    credit: Decimal = Field(default=Decimal("10.00"), ge=0, decimal_places=2)  # of who is prepaid
    bill_days_ago: int = Field(default=6, ge=0, le=27)  # when the newest bill was written
    charges: tuple[Charge, ...] = ()
    unpaid: tuple[int, ...] = ()  # bills whose payment failed, by months ago
    paid_twice: tuple[int, ...] = ()  # bills that were paid a second time two days later
    orders: tuple[PlacedOrder, ...] = ()
    visits: tuple[AgreedVisit, ...] = ()


class Problem(_Entry):
    """An outage or planned work. Its hours count from the full hour now, so that the demo never grows stale."""

    id: str
    summary: str
    places: tuple[str, ...]
    kinds: tuple[Kind, ...]
    from_h: float
    until_h: float | None = None
    planned: bool = False
    status: Literal["acknowledged", "inProgress", "resolved"] = "inProgress"

    def window(self, now: datetime) -> tuple[datetime, datetime | None]:
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        end = None if self.until_h is None else hour + timedelta(hours=self.until_h)
        return hour + timedelta(hours=self.from_h), end


class Book(_Entry):
    places: tuple[Place, ...]
    customers: tuple[Customer, ...]
    problems: tuple[Problem, ...]

    @staticmethod
    @cache
    def read(folder: Path) -> "Book":
        """Raises pydantic.ValidationError with the entry that is wrong."""
        files = {name: folder / f"{name}.yml" for name in ("places", "customers", "problems")}
        return Book.model_validate({name: yaml.safe_load(file.read_text("utf-8")) for name, file in files.items()})

    def place_name(self, place_id: str) -> str:
        return next(place.name for place in self.places if place.id == place_id)

    def customers_for(self, customer_id: str | None) -> tuple[Customer, ...]:
        """That one, nobody when there is no such customer, everybody for None."""
        return tuple(one for one in self.customers if customer_id in (None, one.id))

    def service(self, service_id: str) -> Service | None:
        mine = (service for customer in self.customers for service in customer.services)
        return next((service for service in mine if service.id == service_id), None)
