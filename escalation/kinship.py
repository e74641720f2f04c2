"""What people do with relations: link a ticket to another, unlink it, and tell everybody below it the news."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, select
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
from escalation.reversal import LINKED
from escalation.sight import may_see, role_of
from escalation.store import Case, lock_case
from escalation.telling import tell_customer
from escalation.ticket import OPEN, Move

UNLINKED = "unlinked"  # in the audit of the ticket that had the relation


async def link(office: Office, username: str, reference: str, asked: LinkAsked) -> None:
    """Raises NotFound, NotAllowed, Outdated or NotLegal; nothing has changed then."""
    to = normalise(asked.to)
    if to is None:
        raise NotFound(f"{asked.to} is not a reference")
    async with office.change() as session:
        await lock_in_order(session, TicketRecord.reference.in_((reference, to)))
        person, case = await worker(office, session, username, reference, asked.version)
        other = await lock_case(session, TicketRecord.reference == to)
        if other is None or not may_see(person, username, other.ticket):
            raise NotFound(f"no ticket {to}")
        await relate(office, case, asked.relation, other, who=username)


async def relate(office: Office, case: Case, relation: Relation, other: Case, *, who: str, because: str = "") -> None:
    """Inside the caller's transaction, which has locked both. Raises NotLegal."""
    check(await relative_of(case.session, case.ticket), relation, await relative_of(case.session, other.ticket))
    case.session.add(
        RelationRecord(ticket_id=case.ticket.id, relation=relation, to_id=other.ticket.id, at=office.now(), who=who)
    )
    own, others = WORDS[relation]
    link = f"{own} {other.ticket.reference}"
    changed(office, case, who, LINKED, f"{link}{because}", was={"link": link})
    changed(office, other, who, LINKED, f"{others} {case.ticket.reference}")


async def lock_in_order(session: AsyncSession, which: ColumnElement[bool]) -> None:
    """Two who link the same tickets at once wait for one another, and neither for ever."""
    await session.execute(select(TicketRecord.id).where(which).order_by(TicketRecord.id).with_for_update())


async def lock_with_other(session: AsyncSession, reference: str) -> RelationRecord | None:
    """The ticket's own relation, with both tickets locked; None when it has none."""
    found = await session.execute(
        select(RelationRecord)
        .join(TicketRecord, TicketRecord.id == RelationRecord.ticket_id)
        .where(TicketRecord.reference == reference)
    )
    row = found.scalar_one_or_none()
    ids = (row.ticket_id, row.to_id) if row is not None else ()
    await lock_in_order(session, TicketRecord.id.in_(ids))
    return row


async def unlink(office: Office, username: str, reference: str, asked: UnlinkAsked) -> None:
    """End the ticket's own relation. Raises NotFound, NotAllowed, Outdated, NotLegal or Incomplete."""
    reason = asked.reason.strip()
    if not reason:
        raise Incomplete("to unlink needs a reason")
    async with office.change() as session:
        row = await lock_with_other(session, reference)
        _, case = await worker(office, session, username, reference, asked.version)
        if row is None:
            raise NotLegal(f"{reference} is not linked to another ticket")
        await part(office, case, row, who=username, reason=reason)


async def part(office: Office, case: Case, row: RelationRecord, *, who: str, reason: str) -> None:
    """End this relation of the case. Inside the caller's transaction, which has locked both tickets."""
    other = await lock_case(case.session, TicketRecord.id == row.to_id)
    words, others = WORDS[Relation(row.relation)]
    await case.session.delete(row)
    to = other.ticket.reference if other is not None else "a deleted ticket"
    changed(office, case, who, UNLINKED, f"{words} {to}: {reason}")
    if other is not None:
        changed(office, other, who, UNLINKED, f"{others} {case.ticket.reference}: {reason}")


async def tell_everyone(office: Office, username: str, reference: str, asked: NewsAsked) -> None:
    """News for the ticket's own customer and for those of every ticket below it. Raises as `link` does."""
    text = asked.text.strip()
    if not text:
        raise Incomplete("news needs a text")
    async with office.change() as session:
        person, case = await worker(office, session, username, reference, asked.version)
        if Move.REPLY not in role_of(person).moves:
            raise NotAllowed(f"{person.name} does not speak to customers")
        if case.status not in OPEN:
            raise NotLegal(f"the ticket is {case.status}: there is no news of it any more")
        tell_customer(office, case, text, author=username, person=person)
        tell_followers(office, case, text, author=username, resolved=False)
        changed(office, case, username, "news", "")


async def worker(
    office: Office, session: AsyncSession, username: str, reference: str, version: int
) -> tuple[PersonEntry, Case]:
    """The ticket, for somebody who works on it."""
    person, case = await locked(office, session, username, reference, version)
    if Move.NOTE not in moves_for(office.policy, username, case.ticket):
        raise NotAllowed(f"{person.name} does not work on this ticket")
    return person, case


def changed(office: Office, case: Case, who: str, what: str, why: str, *, was: Mapping[str, str] | None = None) -> None:
    """`was`: as `Case.audit` takes it."""
    case.ticket.version += 1
    case.ticket.updated_at = office.now()
    case.audit(office.now(), who, what, why, was=was)
    tell_staff(office, case, what)
