"""Building blocks of TM Forum bodies: strict types, so that an odd value is an error and not a guess."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictStr

from subscriber.errors import SubscriberUnavailable
from subscriber.money import Money

T = TypeVar("T")


class Wire(BaseModel):
    """Fields that we do not use may be anything."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _written_date(value: object) -> object:
    """Pydantic would take a bare number for seconds since 1970."""
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
        return value
    raise ValueError("not a date in ISO 8601")


def by_name(value: object) -> dict[str, object]:
    """TM Forum characteristics `[{name, value}, ...]` as a mapping; a name given twice is an error."""
    if value is None:
        return {}
    if not isinstance(value, list):
        raise ValueError("characteristics are a list")
    found: dict[str, object] = {}
    for entry in value:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or entry["name"] in found:
            raise ValueError("a characteristic has one name and one value")
        found[entry["name"]] = entry.get("value")
    return found


def number(value: object) -> object:
    """Pydantic would take "12" and true for numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    return Decimal(str(value))


def believed(system: str, make: Callable[[], T]) -> T:
    """What `make` makes. Figures that contradict each other (its ValueError) are SubscriberUnavailable."""
    try:
        return make()
    except ValueError as error:
        raise SubscriberUnavailable(f"{system} gave figures that cannot be right: {error}") from None


Text = Annotated[StrictStr, Field(min_length=1, max_length=500)]
WrittenDate = BeforeValidator(_written_date)
Moment = Annotated[AwareDatetime, WrittenDate]


class Place(Wire):
    id: Text
    name: StrictStr = ""


class Reference(Wire):
    id: Text


class Party(Wire):
    id: Text
    role: StrictStr = ""


class Amount(Wire):
    """TM Forum's Money."""

    unit: Annotated[StrictStr, Field(pattern=r"^[A-Z]{3}$")]
    value: Annotated[Decimal, BeforeValidator(number), Field(ge=-10_000_000, le=10_000_000, allow_inf_nan=False)]

    def money(self) -> Money:
        """Raises ValueError for an amount finer than the currency."""
        return Money(self.value, self.unit)


class Measure(Wire):
    """TM Forum's Quantity, which is never below zero here."""

    amount: Annotated[Decimal, BeforeValidator(number), Field(ge=0, le=100_000_000, allow_inf_nan=False)]
    units: Text


class Period(Wire):
    start: Moment | None = Field(default=None, alias="startDateTime")
    end: Moment | None = Field(default=None, alias="endDateTime")
