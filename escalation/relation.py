"""Relations between tickets: which there are, and the one place that says which are legal. Pure.

A ticket has at most one relation to another, so relations make a forest; what a ticket's customer is told comes down
one way, and each customer hears it once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from escalation.errors import NotLegal
from escalation.kind import Kind
from escalation.ticket import FINAL, OPEN, Status


class Relation(StrEnum):
    DUPLICATE_OF = "duplicate-of"
    CHILD_OF = "child-of"  # of a major incident
    SAME_WISH_AS = "same-wish-as"
    CAUSED_BY = "caused-by"  # a maintenance window


# Tickets that follow another are solved with it. What a window caused is only told of.
FOLLOWS = frozenset({Relation.DUPLICATE_OF, Relation.CHILD_OF, Relation.SAME_WISH_AS})
WORDS: Mapping[Relation, tuple[str, str]] = {  # as one ticket says it, and the other
    Relation.DUPLICATE_OF: ("duplicate of", "duplicate"),
    Relation.CHILD_OF: ("child of major incident", "child"),
    Relation.SAME_WISH_AS: ("same wish as", "same wish"),
    Relation.CAUSED_BY: ("caused by maintenance", "caused"),
}

_K = Kind
_CUSTOMERS = frozenset({_K.INCIDENT, _K.COMPLAINT, _K.REQUEST, _K.ORDER_PROBLEM})
_SYSTEMS = frozenset({_K.SYSTEM_PROBLEM, _K.PARTNER_PROBLEM})
_FAULTS = frozenset({_K.INCIDENT}) | _SYSTEMS
# Relation -> kinds that may have it, and kinds it may lead to. A duplicate is moreover of the same kind.
_KINDS: Mapping[Relation, tuple[frozenset[Kind], frozenset[Kind]]] = {
    Relation.DUPLICATE_OF: (_CUSTOMERS | _SYSTEMS, _CUSTOMERS | _SYSTEMS),
    Relation.CHILD_OF: (_CUSTOMERS, _FAULTS),
    Relation.SAME_WISH_AS: (frozenset({_K.WISH}), frozenset({_K.WISH})),
    Relation.CAUSED_BY: (_CUSTOMERS | _SYSTEMS, frozenset({_K.PLANNED_MAINTENANCE})),
}
# What a ticket must not have below it to get the relation, and what the other must not have above it.
_NOT_BELOW: Mapping[Relation, frozenset[Relation]] = {
    Relation.DUPLICATE_OF: frozenset(Relation),
    Relation.CHILD_OF: frozenset({Relation.CHILD_OF}),
    Relation.SAME_WISH_AS: frozenset(Relation),
    Relation.CAUSED_BY: frozenset(),
}
_NOT_ABOVE: Mapping[Relation, frozenset[Relation]] = {
    Relation.DUPLICATE_OF: frozenset({Relation.DUPLICATE_OF}),
    Relation.CHILD_OF: frozenset({Relation.DUPLICATE_OF, Relation.CHILD_OF}),
    Relation.SAME_WISH_AS: frozenset({Relation.SAME_WISH_AS}),
    Relation.CAUSED_BY: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Relative:
    """What the rules need to know of a ticket that is to be linked."""

    reference: str
    kind: Kind
    status: Status
    above: Relation | None = None  # its own relation
    below: frozenset[Relation] = frozenset()  # those that others have to it


def check(ticket: Relative, relation: Relation, other: Relative) -> None:
    """Raises NotLegal, in plain words, when the ticket may not get this relation to the other."""
    says = WORDS[relation][0]
    if ticket.reference == other.reference:
        raise NotLegal("a ticket has no relation to itself")
    if ticket.above is not None:
        raise NotLegal(f"{ticket.reference} already is {WORDS[ticket.above][0]} another ticket: unlink it first")
    _check_kinds(ticket, relation, other)
    if ticket.status not in OPEN:
        raise NotLegal(f"{ticket.reference} is {ticket.status}: only an open ticket is linked")
    if relation in FOLLOWS and other.status not in OPEN:
        raise NotLegal(f"{other.reference} is {other.status}: a ticket follows one that is open")
    if other.status in FINAL - {Status.CLOSED}:
        raise NotLegal(f"{other.reference} is {other.status}: it caused nothing")
    if found := ticket.below & _NOT_BELOW[relation]:
        raise NotLegal(f"{ticket.reference} has others below it ({_named(found)}): it cannot be {says} another")
    if other.above in _NOT_ABOVE[relation]:
        raise NotLegal(f"{other.reference} itself is {WORDS[other.above][0]} another ticket: link to that one")


def _check_kinds(ticket: Relative, relation: Relation, other: Relative) -> None:
    kinds, others = _KINDS[relation]
    if ticket.kind not in kinds or other.kind not in others:
        raise NotLegal(f"a ticket of kind {ticket.kind} cannot be {WORDS[relation][0]} one of kind {other.kind}")
    if relation is Relation.DUPLICATE_OF and ticket.kind is not other.kind:
        raise NotLegal(f"a duplicate is of the same kind: {ticket.kind} and {other.kind}")


def _named(relations: frozenset[Relation]) -> str:
    return ", ".join(sorted(WORDS[relation][1] for relation in relations))
