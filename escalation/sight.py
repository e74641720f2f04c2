"""Which tickets exist for whom: the same rule for one ticket and, in SQL, for the queue."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, or_, true

from escalation.errors import NotAllowed
from escalation.policy_files import PersonEntry
from escalation.records import TicketRecord
from escalation.role import ROLES, Role

_CORPORATE = "corporate"  # a segment of signals


def one_of_us(people: Mapping[str, PersonEntry], username: str) -> PersonEntry:
    """Raises NotAllowed for anybody else."""
    if username not in people:
        raise NotAllowed(f"{username} is not one of the people in people.yml")
    return people[username]


def role_of(person: PersonEntry) -> Role:
    return ROLES[person.role]


def may_see(person: PersonEntry, username: str, ticket: TicketRecord) -> bool:
    """An own ticket is accepted by this person, or waits for them; given to somebody else it is own no more."""
    sees = role_of(person).sees
    if sees == "all" or (sees == "corporate" and ticket.signals.get("segment") == _CORPORATE):
        return True
    return ticket.assignee == username or (ticket.assignee is None and ticket.asked == username)


def seen_by(person: PersonEntry, username: str) -> ColumnElement[bool]:
    """`may_see` as a condition on the table."""
    sees = role_of(person).sees
    if sees == "all":
        return true()
    own = own_of(username)
    return or_(own, TicketRecord.signals["segment"].astext == _CORPORATE) if sees == "corporate" else own


def own_of(username: str) -> ColumnElement[bool]:
    waits = and_(TicketRecord.assignee.is_(None), TicketRecord.asked == username)
    return or_(TicketRecord.assignee == username, waits)
