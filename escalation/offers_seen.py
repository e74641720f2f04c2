"""Offers as people see them: their own that wait for an answer, and all of a ticket."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.office import Office
from escalation.policy_files import PersonEntry
from escalation.records import TicketRecord
from escalation.roster_records import OfferRecord
from escalation.roster_wire import OfferView, OwnOffer
from escalation.sight import one_of_us, role_of
from escalation.views import PROBLEM_SHOWN, People, name_of

SHOWN = 20


async def own(office: Office, username: str) -> list[OwnOffer]:
    """The one that runs out first comes first. Raises NotAllowed."""
    person = one_of_us(office.policy.people, username)
    async with office.sessions() as session:
        found = await session.execute(
            select(OfferRecord, TicketRecord)
            .join(TicketRecord, TicketRecord.id == OfferRecord.ticket_id)
            .where(
                OfferRecord.username == username,
                OfferRecord.outcome.is_(None),
                OfferRecord.due_at > office.now(),
                TicketRecord.assignee.is_(None),
                TicketRecord.deleted_at.is_(None),
            )
            .order_by(OfferRecord.due_at)
        )
        return [_own(offer, ticket, person) for offer, ticket in found]


async def of_ticket(session: AsyncSession, ticket_id: UUID, people: People) -> list[OfferView]:
    """The newest first."""
    found = await session.scalars(
        select(OfferRecord).where(OfferRecord.ticket_id == ticket_id).order_by(OfferRecord.id.desc()).limit(SHOWN)
    )
    return [
        OfferView.model_validate(
            {
                "name": name_of(offer.username, people),
                "tier": offer.tier,
                "offered_at": offer.offered_at,
                "due_at": offer.due_at,
                "outcome": offer.outcome,
                "ended_at": offer.ended_at,
                "reason": offer.reason,
            }
        )
        for offer in found
    ]


def _own(offer: OfferRecord, ticket: TicketRecord, person: PersonEntry) -> OwnOffer:
    return OwnOffer.model_validate(
        {
            "reference": ticket.reference,
            "problem": ticket.problem[:PROBLEM_SHOWN] if role_of(person).personal else "",
            "category": ticket.category,
            "priority": ticket.priority,
            "tier": ticket.tier,
            "live": ticket.live,
            "due_at": offer.due_at,
            "version": ticket.version,
        }
    )
