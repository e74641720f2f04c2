"""Passes what happens to a ticket on to those that follow it: each customer hears it once.

A change leaves an event in the outbox, in its own transaction. The watch spreads it: one event for each follower, each
carried out in a transaction of its own, which marks it as done.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import desk
from escalation.events import FOLLOWER, FOLLOWERS, tell_followers, tell_staff
from escalation.office import Office
from escalation.outbox import post
from escalation.records import OutboxRecord, TicketRecord
from escalation.relation import FOLLOWS, Relation
from escalation.relation_record import RelationRecord
from escalation.store import Case, lock_case
from escalation.telling import tell_customer
from escalation.ticket import OPEN, Move, Status
from escalation.wire import LiveKind

LOCK = 621_0004  # one at a time: that keeps the order of what a customer is told
# Moves that bring an open ticket to where it can be resolved.
_FIRST: Mapping[Status, Move] = {
    Status.ACKNOWLEDGED: Move.ACCEPT,
    Status.PENDING: Move.RESUME,
    Status.HELD: Move.RESUME,
}


async def pass_on(office: Office) -> bool:
    """Take the oldest event one step further; False when there is none."""
    async with office.change() as session:
        await session.execute(select(func.pg_advisory_xact_lock(LOCK)))
        event = await session.scalar(
            select(OutboxRecord)
            .where(OutboxRecord.delivered_at.is_(None), OutboxRecord.topic.in_((FOLLOWERS, FOLLOWER)))
            .order_by(OutboxRecord.id)
            .limit(1)
        )
        if event is None:
            return False
        if event.topic == FOLLOWERS:
            await _spread(office, session, event.payload)
        else:
            await _reach(office, session, event.payload)
        event.delivered_at = office.now()
    return True


async def _spread(office: Office, session: AsyncSession, news: Mapping[str, Any]) -> None:
    now = office.now()
    found = await session.execute(
        select(RelationRecord.ticket_id, RelationRecord.relation)
        .where(RelationRecord.to_id == UUID(news["ticket_id"]))
        .order_by(RelationRecord.at, RelationRecord.ticket_id)
    )
    for ticket_id, relation in found.all():
        payload = {**news, "ticket_id": str(ticket_id), "relation": relation}
        post(session, FOLLOWER, payload, now=now)


async def _reach(office: Office, session: AsyncSession, news: Mapping[str, Any]) -> None:
    """A follower is resolved with the ticket it follows; otherwise its customer is told the words."""
    case = await lock_case(session, TicketRecord.id == UUID(news["ticket_id"]))
    if case is None or case.status not in OPEN:
        return
    if news["resolved"] and Relation(news["relation"]) in FOLLOWS:
        _resolve(office, case, news)
    elif news["text"]:
        author = news["author"]
        kind: LiveKind = "message" if case.ticket.live else "news"  # who talks to the assistant goes on doing so
        person = office.policy.people.get(author)
        tell_customer(office, case, news["text"], author=author, person=person, kind=kind)
        tell_followers(office, case, news["text"], author=author, resolved=False)
        case.ticket.version += 1
        case.ticket.updated_at = office.now()
        case.audit(office.now(), author, "told", f"with {news['reference']}")
        tell_staff(office, case, "told")


def _resolve(office: Office, case: Case, news: Mapping[str, Any]) -> None:
    why = f"with {news['reference']}"
    if (first := _FIRST.get(case.status)) is not None:
        desk.make(office, case, desk.Deed(first, desk.Actor(news["author"]), why=why))
    actor = desk.Actor(news["author"], office.policy.people.get(news["author"]))
    desk.make(office, case, desk.Deed(Move.RESOLVE, actor, text=news["text"], why=why))
