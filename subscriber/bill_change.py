"""Why one bill is not like the one before: what is new, gone, or costs something else. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from subscriber.bills import Bill, BillLine
from subscriber.money import Money


@dataclass(frozen=True, slots=True)
class LineChange:
    name: str
    before: Money | None  # None: it is new
    after: Money | None  # None: it is gone
    difference: Money  # what it adds to the bill; never zero


@dataclass(frozen=True, slots=True)
class BillChange:
    """`lines` explain `difference` to the last coin, the largest first; a bill that is the same has none."""

    difference: Money
    lines: tuple[LineChange, ...]


def compare(before: Bill, after: Bill) -> BillChange:
    """Lines of the same name, kind and product are one. Raises ValueError for bills of two currencies."""
    old, new = _by_name(before.lines), _by_name(after.lines)
    nothing = Money(Decimal(0), after.total.currency)
    changes = [
        LineChange(key[0], old.get(key), new.get(key), new.get(key, nothing) - old.get(key, nothing))
        for key in dict.fromkeys((*new, *old))
    ]
    lines = [change for change in changes if change.difference]
    largest_first = sorted(lines, key=lambda change: abs(change.difference).amount, reverse=True)
    return BillChange(after.total - before.total, tuple(largest_first))


def _by_name(lines: Iterable[BillLine]) -> dict[tuple[str, str, str], Money]:
    found: dict[tuple[str, str, str], Money] = {}
    for line in lines:
        key = (line.name, line.kind, line.product_id)
        found[key] = found[key] + line.amount if key in found else line.amount
    return found
