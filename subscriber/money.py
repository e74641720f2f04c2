"""An amount in one currency, exact to the smallest coin."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

# ISO 4217: digits after the point where they are not two.
_DIGITS = {"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3, "JPY": 0, "KRW": 0, "VND": 0}


def digits_of(currency: str) -> int:
    """How many digits the currency has after the point."""
    return _DIGITS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """Raises ValueError for an amount finer than the currency's smallest coin, and for adding two currencies."""

    amount: Decimal
    currency: str  # ISO 4217

    def __post_init__(self) -> None:
        coins = self.amount.scaleb(digits_of(self.currency))
        if not self.amount.is_finite() or coins != coins.to_integral_value():
            raise ValueError("an amount in whole coins is wanted")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.amount), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    @property
    def is_negative(self) -> bool:
        return self.amount < 0

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise ValueError("amounts of two currencies")
        return other.amount


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Zero for none. Raises ValueError when one of them is of another currency."""
    return sum(amounts, Money(Decimal(0), currency))
