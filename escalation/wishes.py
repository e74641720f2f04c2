"""Wishes that mean the same, joined by a program that compared their words; a person's word goes before it."""

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.errors import NotFound, NotLegal
from escalation.kind_wire import SameWishAsked
from escalation.kinship import UNLINKED, lock_in_order, relate
from escalation.office import Office
from escalation.records import AuditRecord, TicketRecord
from escalation.reference import normalise
from escalation.relation import Relation
from escalation.store import Case, lock_case

LIKENESS = "likeness"  # who did it, in the audit


async def join(office: Office, asked: SameWishAsked) -> None:
    """Link the wish to the other. Raises NotFound, or NotLegal, also when a person has unlinked it before."""
    references = [normalise(asked.reference), normalise(asked.to)]
    async with office.change() as session:
        await lock_in_order(session, TicketRecord.reference.in_([one for one in references if one]))
        case, other = [await _locked(session, reference) for reference in references]
        parted = select(exists().where(AuditRecord.ticket_id == case.ticket.id, AuditRecord.what == UNLINKED))
        if await session.scalar(parted):
            raise NotLegal(f"{case.ticket.reference} was unlinked by a person: it is not linked by likeness again")
        because = f" (nearness {asked.nearness:.2f})"
        await relate(office, case, Relation.SAME_WISH_AS, other, who=LIKENESS, because=because)


async def _locked(session: AsyncSession, reference: str | None) -> Case:
    case = await lock_case(session, TicketRecord.reference == reference) if reference else None
    if case is None:
        raise NotFound("no such wish")
    return case
