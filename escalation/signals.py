"""The signals of a problem with all that may count for its priority, and how serious each of their values is."""

from collections.abc import Mapping

from pydantic import Field

from escalation import wire

# Words from the least serious to the most; the first one is neutral, as False and 0 are.
SCALES: Mapping[str, tuple[str, ...]] = {
    "affected": ("one", "several", "many"),
    "service": ("ok", "degraded", "down"),
    "segment": ("consumer", "gold", "corporate"),
}
FLAGS = ("safety", "vulnerable", "revenue_at_risk", "regulatory_complaint")
COUNTS = ("repeat_contacts", "days_since_first_contact")
COUNTING = (*SCALES, *FLAGS, *COUNTS)  # every signal a weight of priority.yml may name


class Signals(wire.Signals):
    """`wire.Signals` is what a machine that files tickets can tell; the front doors and people can tell this much."""

    regulatory_complaint: bool = False  # the customer has gone to the regulator or the ombudsman
    days_since_first_contact: int = Field(default=0, ge=0, le=3660)  # about this problem; 0: today, or not known


def seriousness(name: str, value: object) -> int:
    """Where the value is on its signal's scale; 0 is neutral. Raises ValueError for what it cannot be."""
    if name in SCALES:
        if value not in SCALES[name]:
            raise ValueError(f"{name} is one of {', '.join(SCALES[name])}")
        return SCALES[name].index(str(value))
    if name in FLAGS:
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false")
        return int(value)
    if name not in COUNTS:
        raise ValueError(f"unknown signal {name}; known: {', '.join(COUNTING)}")
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} is a whole number")
    return value
