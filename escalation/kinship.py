"""What people do with relations: link a ticket to another, unlink it, and tell everybody below it the news."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.desk import locked
from escalation.errors import Incomplete, NotAllowed, NotFound, NotLegal
from escalation.events import tell_followers, tell_staff
from escalation.kind_wire import LinkAsked, NewsAsked, UnlinkAsked
from escalation.office import Office
from escalation.permission import moves_for
from escalation.policy_files import PersonEntry
from escalation.records import TicketRecord
from escalation.reference import normalise
from escalation.relation import WORDS, Relation, check
from escalation.relation_record import RelationRecord
from escalation.relatives import relative_of
from escalation.store import Case, lock_case
from escalation.telling import tell_customer
from escalation.ticket import OPEN, Move


async def link(office: Office, username: str, reference: str, asked: LinkAsked) -> None:
    """Raises NotFound, NotAllowed, Outdated or NotLegal; nothing has changed then."""
    to = normalise(asked.to)
    if to is None:
        raise NotFound(f"{asked.to} is not a reference")
    async with office.change() as session:
        await _lock_in_order(session, reference, to)
        _, case = await _worker(office, session, username, reference, asked.version)
        other = await lock_case(session, TicketRecord.reference == to)
        if other is None:
            raise NotFound(f"no ticket {to}")
        check(await relative_of(session, case.ticket), asked.relation, await relative_of(session, other.ticket))
        now = office.now()
        session.add(
            RelationRecord(
                ticket_id=case.ticket.id, relation=asked.relation, to_id=other.ticket.id, at=now, who=username
            )
        )
        own, others = WORDS[asked.relation]
        _changed(office, case, username, "linked", f"{own} {to}")
        _changed(office, other, username, "linked", f"{others} {reference}")


async def unlink(office: Office, username: str, reference: str, asked: UnlinkAsked) -> None:
    """End the ticket's own relation. Raises NotFound, NotAllowed, Outdated, NotLegal or Incomplete."""
    reason = asked.reason.strip()
    if not reason:
        raise Incomplete("to unlink needs a reason")
    async with office.change() as session:
        _, case = await _worker(office, session, username, reference, asked.version)
        ended = await session.execute(
            delete(RelationRecord)
            .where(RelationRecord.ticket_id == case.ticket.id)
            .returning(RelationRecord.relation, RelationRecord.to_id)
        )
        row = ended.one_or_none()
        if row is None:
            raise NotLegal(f"{reference} is not linked to another ticket")
        other = await session.get_one(TicketRecord, row.to_id)
        _changed(office, case, username, "unlinked", f"{WORDS[Relation(row.relation)][0]} {other.reference}: {reason}")


async def tell_everyone(office: Office, username: str, reference: str, asked: NewsAsked) -> None:
    """News for the ticket's own customer and for those of every ticket below it. Raises as `link` does."""
    text = asked.text.strip()
    if not text:
        raise Incomplete("news needs a text")
    async with office.change() as session:
        person, case = await _worker(office, session, username, reference, asked.version)
        if case.status not in OPEN:
            raise NotLegal(f"the ticket is {case.status}: there is no news of it any more")
        tell_customer(office, case, text, author=username, person=person)
        tell_followers(office, case, text, author=username, resolved=False)
        _changed(office, case, username, "news", "")


async def _worker(
    office: Office, session: AsyncSession, username: str, reference: str, version: int
) -> tuple[PersonEntry, Case]:
    """The ticket, for somebody who works on it."""
    person, case = await locked(office, session, username, reference, version)
    if Move.NOTE not in moves_for(office.policy, username, case.ticket):
        raise NotAllowed(f"{person.name} does not work on this ticket")
    return person, case


async def _lock_in_order(session: AsyncSession, *references: str) -> None:
    """Two people who link two tickets to each other at once wait for one another, and neither for ever."""
    wanted = select(TicketRecord.id).where(TicketRecord.reference.in_(references)).order_by(TicketRecord.id)
    await session.execute(wanted.with_for_update())


def _changed(office: Office, case: Case, who: str, what: str, why: str) -> None:
    case.ticket.version += 1
    case.ticket.updated_at = office.now()
    case.audit(office.now(), who, what, why)
    tell_staff(office, case, what)
