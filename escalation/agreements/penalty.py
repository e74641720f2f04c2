"""What a missed target costs: fixed, per started hour, or a share of the monthly fee; each up to a cap. Pure."""

import decimal
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from escalation.policy_files import Entry
from escalation.targets import TargetName

HOUR = timedelta(hours=1)
_ROUNDING: Mapping[str, str] = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "down": decimal.ROUND_DOWN,
}
# ISO 4217: digits after the point where they are not two.
_DIGITS = {"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3, "JPY": 0, "KRW": 0, "VND": 0}
Amount = Annotated[Decimal, Field(gt=0, max_digits=14)]


class FeeUnknown(Exception):
    """The penalty is a share of a monthly fee that nobody has written down."""


def coin_of(currency: str) -> Decimal:
    """The smallest amount of the currency."""
    return Decimal(1).scaleb(-_DIGITS.get(currency, 2))


class _Penalty(Entry):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    target: TargetName = Field(alias="for")
    cap: Amount  # never more, for one target of one ticket
    rounding: Literal["half_up", "half_even", "down"] = "half_up"  # to the currency's smallest coin

    def check_coins(self, currency: str) -> None:
        """Raises ValueError: only a cap of whole coins can be kept to after rounding."""
        if self.cap != self.cap.quantize(coin_of(currency)):
            raise ValueError(f"cap {self.cap} is finer than the smallest coin of {currency}")


class Fixed(_Penalty):
    form: Literal["fixed"]
    amount: Amount

    def raw(self, _hours: int, _fee: Decimal | None) -> Decimal:
        return self.amount


class PerStartedHour(_Penalty):
    form: Literal["per_started_hour"]
    amount: Amount

    def raw(self, hours: int, _fee: Decimal | None) -> Decimal:
        return self.amount * hours


class Percentage(_Penalty):
    form: Literal["percentage"]
    percent: Annotated[Decimal, Field(gt=0, le=100)]  # of the monthly fee
    per: Literal["miss", "started_hour"] = "miss"

    def raw(self, hours: int, fee: Decimal | None) -> Decimal:
        if fee is None:
            raise FeeUnknown
        return fee * self.percent / 100 * (hours if self.per == "started_hour" else 1)


Penalty = Annotated[Fixed | PerStartedHour | Percentage, Field(discriminator="form")]


def started_hours(late: timedelta) -> int:
    """One from the first moment after the deadline, two from the first moment after the hour."""
    return max(0, -(-late // HOUR))


def due(penalty: Penalty, late: timedelta, *, fee: Decimal | None, currency: str) -> Decimal:
    """What is owed for being so late; `late` is time in which the target's calendar ran. Nothing until the deadline.

    Rounded to the smallest coin of the currency by the penalty's rule, and then no more than its cap. Raises
    FeeUnknown for a share of a fee that is not known.
    """
    coin = coin_of(currency)
    if late <= timedelta():
        return Decimal(0).quantize(coin)
    exact = penalty.raw(started_hours(late), fee)
    return min(exact.quantize(coin, rounding=_ROUNDING[penalty.rounding]), penalty.cap.quantize(coin))
