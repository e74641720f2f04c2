"""An indicator: its definition in words, and the query whose rows are what it counts."""

from dataclasses import dataclass
from typing import Literal

Group = Literal["service level", "efficiency", "quality", "self-service"]
Unit = Literal["percent", "seconds", "number", "count", "score"]
Better = Literal["higher", "lower"]
FilterName = Literal["channel", "tier", "topic", "priority"]

EVERY_FILTER: frozenset[FilterName] = frozenset({"channel", "tier", "topic", "priority"})
ONLY_CHANNEL: frozenset[FilterName] = frozenset({"channel"})


@dataclass(frozen=True, slots=True)
class Indicator:
    """Figure, trend and drill-down all come from `samples`, one SELECT, so that they can never disagree.

    Its rows are `at, value, weight, tier, ticket_id, contact_id`, and the figure of a window is
    sum(value) / sum(weight); of a `count` it is sum(value). A share has the value 1 or 0 and the weight 1.
    A `stock` is what is there at a moment: its rows say so for the end of each day, and the figure is the last day's.
    The query may use :since, :until (UTC), :days, :answer_within_s and :comes_back_s.
    """

    number: int
    key: str
    group: Group
    name: str
    definition: str  # may name {answer_within} and {comes_back}
    unit: Unit
    better: Better
    samples: str
    filters: frozenset[FilterName] = EVERY_FILTER
    is_stock: bool = False
    shows_tiers: bool = False
    needs: str = ""  # why there may be nothing to measure yet, when no row was ever written
