"""What narrows the queue besides tier, department and status, as conditions on the tickets."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, exists, func, select

from escalation.asks import QueueAsked
from escalation.look import LookRecord
from escalation.policy import Policy
from escalation.records import TicketRecord, TurnRecord


def conditions(asked: QueueAsked, policy: Policy, username: str) -> list[ColumnElement[bool]]:
    """All of them must be true; what was not asked for narrows nothing."""
    return list(_conditions(asked, policy, username))


def _conditions(asked: QueueAsked, policy: Policy, username: str) -> Iterator[ColumnElement[bool]]:
    if asked.priority is not None:
        yield TicketRecord.priority == asked.priority
    if asked.segment is not None:
        yield func.coalesce(TicketRecord.signals["segment"].astext, "consumer") == asked.segment
    if asked.skill is not None:
        topics = policy.routing.categories
        yield TicketRecord.category.in_([name for name in topics if policy.skill(name) == asked.skill])
    if asked.live:
        yield TicketRecord.live.is_(True)
    if asked.unread:
        yield _written_since_looked(username)


def _written_since_looked(username: str) -> ColumnElement[bool]:
    """The customer's last word is newer than this person's last look at the ticket, or there was no look yet."""
    last_look = (
        select(LookRecord.at)
        .where(LookRecord.username == username, LookRecord.ticket_id == TicketRecord.id)
        .correlate(TicketRecord)
        .scalar_subquery()
    )
    return exists().where(
        TurnRecord.contact_id == TicketRecord.contact_id,
        TurnRecord.author == "customer",
        TurnRecord.at > func.coalesce(last_look, func.to_timestamp(0)),
    )
