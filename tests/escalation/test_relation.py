"""Which relations between tickets are legal."""

from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as some

from escalation.errors import NotLegal
from escalation.kind import Kind
from escalation.relation import Relation, Relative, check
from escalation.ticket import Status

OPEN = Status.IN_PROGRESS


def ticket(
    name: str = "A", kind: Kind = Kind.INCIDENT, status: Status = OPEN, above: Relation | None = None, *below: Relation
) -> Relative:
    return Relative(name, kind, status, above, frozenset(below))


@pytest.mark.parametrize(
    ("one", "relation", "other", "complaint"),
    [
        (ticket("B"), "duplicate-of", ticket("B"), "no relation to itself"),
        (ticket(above=Relation.CHILD_OF), "caused-by", ticket("B", Kind.PLANNED_MAINTENANCE), "unlink it first"),
        (ticket(kind=Kind.WISH), "child-of", ticket("B"), "kind wish cannot be child of"),
        (ticket(), "child-of", ticket("B", Kind.REQUEST), "one of kind request"),
        (ticket(), "caused-by", ticket("B"), "one of kind incident"),
        (ticket(), "duplicate-of", ticket("B", Kind.COMPLAINT), "of the same kind"),
        (ticket(status=Status.CLOSED), "child-of", ticket("B"), "A is closed"),
        (ticket(), "child-of", ticket("B", status=Status.CLOSED), "B is closed"),
        (ticket(), "child-of", ticket("B", status=Status.RESOLVED), "B is resolved"),
        (ticket(), "caused-by", ticket("B", Kind.PLANNED_MAINTENANCE, Status.CANCELLED), "caused nothing"),
        (ticket("A", Kind.INCIDENT, OPEN, None, Relation.DUPLICATE_OF), "duplicate-of", ticket("B"), "others below it"),
        (ticket("A", Kind.INCIDENT, OPEN, None, Relation.CHILD_OF), "child-of", ticket("B"), "others below it"),
        (ticket(), "child-of", ticket("B", above=Relation.CHILD_OF), "link to that one"),
        (ticket(), "duplicate-of", ticket("B", above=Relation.DUPLICATE_OF), "link to that one"),
    ],
)
def test_what_is_not_legal_is_refused_in_plain_words(
    one: Relative, relation: str, other: Relative, complaint: str
) -> None:
    with pytest.raises(NotLegal, match=complaint):
        check(one, Relation(relation), other)


@pytest.mark.parametrize(
    ("one", "relation", "other"),
    [
        (ticket(), "duplicate-of", ticket("B", above=Relation.CHILD_OF)),
        (ticket("A", Kind.INCIDENT, OPEN, None, Relation.DUPLICATE_OF), "child-of", ticket("B", Kind.SYSTEM_PROBLEM)),
        (ticket(kind=Kind.COMPLAINT), "child-of", ticket("B")),
        (ticket(kind=Kind.WISH), "same-wish-as", ticket("B", Kind.WISH)),
        (ticket(), "caused-by", ticket("B", Kind.PLANNED_MAINTENANCE, Status.CLOSED)),
    ],
)
def test_what_is_legal_passes(one: Relative, relation: str, other: Relative) -> None:
    check(one, Relation(relation), other)


@dataclass
class Web:
    """Tickets and the relations that were allowed, as the rules see them."""

    kinds: list[Kind]
    above: dict[int, tuple[Relation, int]] = field(default_factory=dict)

    def relative(self, number: int) -> Relative:
        below = frozenset(relation for relation, to in self.above.values() if to == number)
        relation = self.above[number][0] if number in self.above else None
        return Relative(str(number), self.kinds[number], OPEN, relation, below)

    def reached_from(self, top: int) -> list[int]:
        """Who hears of it when it is passed on, in the order they do."""
        children = defaultdict(list)
        for number, (_, to) in self.above.items():
            children[to].append(number)
        reached: list[int] = []
        waiting = list(children[top])
        while waiting:
            assert len(reached) <= len(self.kinds), "a circle"
            reached.append(waiting.pop())
            waiting += children[reached[-1]]
        return reached


KINDS = some.sampled_from([Kind.INCIDENT, Kind.INCIDENT, Kind.SYSTEM_PROBLEM, Kind.PLANNED_MAINTENANCE, Kind.WISH])
ATTEMPTS = some.lists(
    some.tuples(some.integers(0, 5), some.sampled_from(list(Relation)), some.integers(0, 5)), max_size=40
)


@given(kinds=some.lists(KINDS, min_size=6, max_size=6), attempts=ATTEMPTS)
def test_however_tickets_are_linked_nobody_hears_a_thing_twice(
    kinds: list[Kind], attempts: list[tuple[int, Relation, int]]
) -> None:
    web = Web(kinds)
    for one, relation, other in attempts:
        try:
            check(web.relative(one), relation, web.relative(other))
        except NotLegal:
            continue
        web.above[one] = (relation, other)

    for number in range(6):
        reached = web.reached_from(number)
        assert len(set(reached)) == len(reached)
        assert number not in reached
