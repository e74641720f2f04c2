"""Which agreements cover a ticket: the one its reporter was promised, and the one of whoever holds it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from escalation.agreements.agreement import INNER, OUTER, Agreement, Kind, Path

# The more of a ticket an agreement names the nearer it is: an account before a topic before a whole segment.
_NEARNESS = (("filed_by", 8), ("account", 4), ("topic", 2), ("segment", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What of a ticket decides: whose it is, and who holds it."""

    segment: str
    account: str | None  # the verified customer
    topic: str
    filed_by: str | None  # one of people.yml or clients.yml, for a ticket that was filed
    department: str
    tier: int
    system: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    outer: Agreement | None  # customer or interconnect
    inner: Agreement | None  # department, vendor or interconnect


def covering(agreements: Iterable[Agreement], subject: Subject, at: datetime) -> Coverage:
    """Of those that hold on that day, the nearest: for the reporter, and for who holds the ticket.

    Raises no error for none: without an agreement the targets of sla.yml hold alone.
    """
    valid = [agreement for agreement in agreements if agreement.holds_at(at)]
    promised = [one for one in valid if one.kind in OUTER and _is_reporters(one, subject)]
    binding = [one for one in valid if one.kind in INNER and _is_holders(one, subject)]
    return Coverage(
        max(promised, key=nearness, default=None), max(binding, key=lambda one: bool(one.covers.system), default=None)
    )


def nearness(agreement: Agreement) -> int:
    return sum(weight for name, weight in _NEARNESS if getattr(agreement.covers, name))


def _is_reporters(agreement: Agreement, subject: Subject) -> bool:
    covers = agreement.covers
    if agreement.kind is Kind.INTERCONNECT and not covers.filed_by:
        return False
    asked = ((covers.segment, subject.segment), (covers.account, subject.account), (covers.topic, subject.topic))
    return all(not named or value in named for named, value in (*asked, (covers.filed_by, subject.filed_by)))


def _is_holders(agreement: Agreement, subject: Subject) -> bool:
    """A vendor is bound by its system; by a department's name alone only where no system is named."""
    covers = agreement.covers
    if subject.tier != agreement.held_in:
        return False
    if covers.system:
        return subject.system in covers.system
    return subject.department in covers.department and (agreement.kind is Kind.DEPARTMENT or subject.system is None)


def doubts(agreements: Iterable[Agreement]) -> Iterator[tuple[Path, str]]:
    """Agreements between which nothing decides, with the place in the file of the later one."""
    for (_, one), (number, other) in combinations(enumerate(agreements), 2):
        if one.id != other.id and one.valid.meets(other.valid) and (_clash_outside(one, other) or _clash(one, other)):
            yield ("agreements", number, "covers"), f"{one.id} covers the same tickets: which one is meant?"


def _clash_outside(one: Agreement, other: Agreement) -> bool:
    if not (one.kind in OUTER and other.kind in OUTER) or nearness(one) != nearness(other) or not nearness(one):
        return False
    return all(_meet(getattr(one.covers, name), getattr(other.covers, name)) for name, _ in _NEARNESS)


def _clash(one: Agreement, other: Agreement) -> bool:
    if not (one.kind in INNER and other.kind in INNER) or one.held_in != other.held_in:
        return False
    if bool(one.covers.system) != bool(other.covers.system):
        return False
    name = "system" if one.covers.system else "department"
    return bool(set(getattr(one.covers, name)) & set(getattr(other.covers, name)))


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not one or not other or bool(set(one) & set(other))
