"""Which events a subscriber wants: the `query` of a TMF621 subscription, in the words of TMF630's filters."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from escalation.errors import Incomplete
from escalation.notification import EventType
from escalation.selection import COMPARED, LISTED, MOMENTS, PARTY, conditions, moment

EVENT_TYPE = "eventType"
_PREFIXES = ("event.troubleTicket.", "troubleTicket.")  # the ticket's attributes may be named with their place


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Different names are AND; several values of one are OR, but for the two ends of a span of time."""

    types: frozenset[str]  # empty = every one
    texts: Mapping[str, Sequence[str]]
    moments: Sequence[tuple[str, str, str]]  # attribute, comparison, date
    party: Mapping[str, str]

    @classmethod
    def of(cls, query: str | None) -> "EventFilter":
        """`eventType=A,B&priority=P1`; empty is every event. Raises Incomplete, which names what it does not know."""
        try:
            pairs = parse_qsl((query or "").strip().removeprefix("?"), keep_blank_values=True, max_num_fields=50)
        except ValueError:
            raise Incomplete("query: at most 50 filters") from None
        given = [(_attribute(name.strip()), value.strip()) for name, value in pairs]
        types = frozenset(part for name, value in given if name == EVENT_TYPE for part in value.split(","))
        if unknown := sorted(types - set(EventType)):
            raise Incomplete(f"query: no eventType {unknown[0][:80]}; possible: {', '.join(EventType)}")
        attributes = [(name, value) for name, value in given if name != EVENT_TYPE]
        _check(attributes)
        texts: defaultdict[str, list[str]] = defaultdict(list)
        for name, value in attributes:
            if name not in _SPECIAL and name.partition(".")[0] not in MOMENTS:
                texts[name] += value.split(",") if name in LISTED else [value]
        return cls(
            types=types,
            texts=dict(texts),
            moments=[
                (attribute, comparison, value)
                for name, value in attributes
                for attribute, _, comparison in [name.partition(".")]
                if attribute in MOMENTS
            ],
            party={name.removeprefix(PARTY): value for name, value in attributes if name in _SPECIAL},
        )

    def fits(self, event: Mapping[str, Any]) -> bool:
        """`event` is a TMF621 event with its ticket."""
        ticket = event["event"]["troubleTicket"]
        return (
            (not self.types or event[EVENT_TYPE] in self.types)
            and all(ticket.get(name, "") in wanted for name, wanted in self.texts.items())
            and all(_compares(ticket, *compared) for compared in self.moments)
            and (not self.party or any(self.party.items() <= party.items() for party in _simple(ticket)))
        )


_SPECIAL = frozenset({f"{PARTY}id", f"{PARTY}role"})


def _attribute(name: str) -> str:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _check(attributes: Sequence[tuple[str, str]]) -> None:
    """What the list of tickets can be filtered by is what events can be filtered by."""
    try:
        conditions(attributes)
    except Incomplete as error:
        raise Incomplete(f"query: {error.detail}, {EVENT_TYPE}") from None


def _compares(ticket: Mapping[str, Any], attribute: str, comparison: str, wanted: str) -> bool:
    if attribute not in ticket:
        return False
    return bool(COMPARED[comparison](moment(attribute, ticket[attribute]), moment(attribute, wanted)))


def _simple(ticket: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    """The parties, as far as their attributes are texts."""
    parties = ticket.get("relatedParty", ())
    return [{name: value for name, value in party.items() if isinstance(value, str)} for party in parties]
