"""Tiers: which acts first, who is asked next, and who stands in for the absent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

LOWEST, DEPARTMENTS, VENDORS = 1, 3, 4


class Staff(Protocol):
    """What these rules need to know of a person."""

    @property
    def away(self) -> bool: ...
    @property
    def substitute(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose turn it is: a tier, and the person in it who is responsible."""

    tier: int
    contact: str


Roster = Mapping[int, Sequence[str]]  # tier -> its contacts for one department, first asked first


def tier_above(tier: int, roster: Roster) -> int | None:
    """The next tier that has anybody; None at the top."""
    return next((higher for higher in range(tier + 1, VENDORS + 1) if roster.get(higher)), None)


def tier_below(tier: int, roster: Roster) -> int | None:
    return next((lower for lower in range(tier - 1, LOWEST - 1, -1) if roster.get(lower)), None)


def first_asked(tier: int, roster: Roster, staff: Mapping[str, Staff]) -> Asked:
    """The first contact of the tier; nobody in it: of the nearest tier above that has people, or else below."""
    for candidate in (tier, tier_above(tier, roster), tier_below(tier, roster)):
        if candidate is not None and roster.get(candidate):
            return Asked(candidate, present(roster[candidate][0], staff))
    raise LookupError("no tier of this department has a contact")


def next_asked(asked: Asked, roster: Roster, staff: Mapping[str, Staff]) -> Asked | None:
    """Nobody accepted: the next person of the same tier, then the tier above; None at the very end."""
    persons = [present(name, staff) for name in roster.get(asked.tier, ())]
    later = persons[persons.index(asked.contact) + 1 :] if asked.contact in persons else persons
    for name in later:
        if name != asked.contact:
            return Asked(asked.tier, name)
    return moved_up(asked.tier, roster, staff)


def moved_up(tier: int, roster: Roster, staff: Mapping[str, Staff]) -> Asked | None:
    """A deadline passed: somebody with more power; None when there is nobody above."""
    above = tier_above(tier, roster)
    return None if above is None else Asked(above, present(roster[above][0], staff))


def present(name: str, staff: Mapping[str, Staff]) -> str:
    """The person, or whoever stands in for them; someone absent without anyone left to stand in keeps the work."""
    seen = {name}
    person = name
    while person in staff and staff[person].away:
        stand_in = staff[person].substitute
        if stand_in is None or stand_in in seen:
            return name
        seen.add(stand_in)
        person = stand_in
    return person
