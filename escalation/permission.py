"""Who may do what with a ticket now; what a role may at all is in escalation/role.py."""

from escalation import tier
from escalation.errors import NotAllowed
from escalation.policy import ANY, Policy
from escalation.policy_files import PersonEntry
from escalation.records import TicketRecord
from escalation.reversal import LINKED, PRIORITISED, TRANSFERRED
from escalation.sight import may_see, role_of
from escalation.ticket import OPEN, Move, Status, legal_moves

_BEFORE_ACCEPTING = frozenset({Move.ACCEPT, Move.NOTE})
_GOES_DOWN = frozenset({Move.HAND_BACK, Move.RETURN})
_AFTER_THE_END = frozenset({Move.CLOSE, Move.REOPEN})  # whoever may work on it, not only the one who solved it


def works_on(person: PersonEntry, ticket: TicketRecord) -> bool:
    """A ticket of the person's tier or below, in a department of theirs. Who leads may work on everything."""
    if role_of(person).leads:
        return True
    return person.tier >= ticket.tier and (ANY in person.departments or ticket.department in person.departments)


def moves_for(policy: Policy, username: str, ticket: TicketRecord) -> list[Move]:
    """The legal moves of the ticket's state that this person may make, among those of their role.

    Everything but a note needs the ticket to be accepted first, by this person; who leads needs neither.
    """
    person = policy.people.get(username)
    if person is None or not may_see(person, username, ticket):
        return []
    role = role_of(person)
    roster = policy.roster(ticket.department, ticket.system)
    legal = [move for move in legal_moves(Status(ticket.status)) if move in role.moves]
    if tier.tier_above(ticket.tier, roster) is None and Move.HAND_UP in legal:
        legal.remove(Move.HAND_UP)
    if tier.tier_below(ticket.tier, roster) is None:
        legal = [move for move in legal if move not in _GOES_DOWN]
    if ticket.assignee == username:
        return [move for move in legal if move is not Move.ACCEPT]
    if role.leads:
        return legal
    if not works_on(person, ticket) and ticket.asked != username:
        return []
    if ticket.assignee is not None and ticket.status not in {Status.RESOLVED, Status.CLOSED}:
        return [move for move in legal if move is Move.NOTE]
    return [move for move in legal if move in _BEFORE_ACCEPTING | _AFTER_THE_END]


def may_prioritise(policy: Policy, username: str, ticket: TicketRecord) -> bool:
    """Choose the priority of an open ticket: who has accepted it, or who leads."""
    person = policy.people.get(username)
    if person is None or ticket.status not in OPEN or not may_see(person, username, ticket):
        return False
    role = role_of(person)
    return role.leads or (role.prioritises and ticket.assignee == username)


def may_transfer(policy: Policy, username: str, ticket: TicketRecord) -> bool:
    """Move it to another department: who may also hand it up, and has accepted it or leads."""
    person = policy.people.get(username)
    if person is None or not may_see(person, username, ticket):
        return False
    role = role_of(person)
    is_legal = Move.HAND_UP in legal_moves(Status(ticket.status))
    return is_legal and Move.HAND_UP in role.moves and (role.leads or ticket.assignee == username)


def departments_for(policy: Policy, username: str, ticket: TicketRecord) -> list[str]:
    """The other departments with people in the ticket's tier, if this person may move it now."""
    if not may_transfer(policy, username, ticket):
        return []
    others = [name for name in policy.routing.departments if name != ticket.department]
    return [name for name in others if policy.roster(name, ticket.system).get(ticket.tier)]


def may_undo(policy: Policy, username: str, ticket: TicketRecord, what: str) -> bool:
    """What they may also do: whoever has given the ticket away needs no more than the role that lets them."""
    person = policy.people.get(username)
    if person is None or not may_see(person, username, ticket):
        return False
    role = role_of(person)
    if what == PRIORITISED:
        return may_prioritise(policy, username, ticket)
    if what == TRANSFERRED:
        return Move.HAND_UP in role.moves
    if what == LINKED:
        return Move.NOTE in moves_for(policy, username, ticket)
    return what in role.moves and (role.leads or ticket.assignee == username)


def check_sees_board(policy: Policy, username: str) -> None:
    """The board and the live wall are for those who lead. Raises NotAllowed."""
    person = policy.people.get(username)
    if person is None or not role_of(person).leads:
        raise NotAllowed("The board is open to supervisors")


def check_leads(policy: Policy, username: str) -> None:
    """The roster is kept by those who lead. Raises NotAllowed."""
    person = policy.people.get(username)
    if person is None or not role_of(person).leads:
        raise NotAllowed("The roster is open to supervisors")


def check_reads_agreements(policy: Policy, username: str) -> None:
    """For those who lead, and those who look after what was done. Raises NotAllowed."""
    person = policy.people.get(username)
    if person is None or not (role_of(person).leads or person.role in {"auditor", "administrator"}):
        raise NotAllowed("Agreements are open to supervisors, auditors and administrators")


def check_reads_policy(policy: Policy, username: str) -> None:
    """Raises NotAllowed."""
    person = policy.people.get(username)
    if person is None or not role_of(person).policy:
        raise NotAllowed("Policy files are open to supervisors, auditors and administrators")


def may_change_policy(policy: Policy, username: str) -> bool:
    """Propose a policy file, and decide about what others propose."""
    person = policy.people.get(username)
    return person is not None and role_of(person).policy == "changes"


def check_changes_policy(policy: Policy, username: str) -> None:
    """Raises NotAllowed."""
    if not may_change_policy(policy, username):
        raise NotAllowed("Policy files are changed by supervisors and administrators")


def may_decide_alone(policy: Policy, username: str) -> bool:
    """Accept what they proposed themselves, with a reason: who runs the product."""
    person = policy.people.get(username)
    return person is not None and person.role == "administrator"


def may_hold_for_law(person: PersonEntry) -> bool:
    """Begin and end a legal hold: who leads, and who runs the product."""
    return role_of(person).leads or person.role == "administrator"
