"""Lines of the queue that changed, read once for all open lists."""

from collections.abc import Sequence

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import defer

from escalation.frozen import frozen_policies
from escalation.office import Office
from escalation.records import ContactRecord, TicketRecord
from escalation.store import clocks_of
from escalation.ticket import OPEN
from escalation.views import ticket_row
from escalation.wire import RowFacts


async def rows(office: Office, references: Sequence[str]) -> list[RowFacts]:
    """In no order. Nothing of what the customer said is in them, so that this is no read of personal data."""
    query = (
        select(TicketRecord, ContactRecord.channel, func.md5(cast(TicketRecord.policy, Text)))
        .where(TicketRecord.reference.in_(references), TicketRecord.deleted_at.is_(None))
        .outerjoin(ContactRecord, ContactRecord.id == TicketRecord.contact_id)
        .options(defer(TicketRecord.policy, raiseload=True))
    )
    async with office.sessions.begin() as session:
        found = [(ticket, channel, digest) for ticket, channel, digest in await session.execute(query)]
        clocks = await clocks_of(session, [ticket.id for ticket, *_ in found])
        policies = await frozen_policies(session, {ticket.id: digest for ticket, _, digest in found})
    now, people = office.now(), office.policy.people
    return [
        RowFacts.model_validate(
            ticket_row(
                ticket, clocks[ticket.id], people, policy=policies[ticket.id], channel=channel, now=now
            ).model_dump()
            | {
                "problem": "",
                "last_public_note": None,
                "segment": ticket.signals.get("segment") or "consumer",
                "asked": ticket.asked,
                "is_open": ticket.status in OPEN,
            }
        )
        for ticket, channel, _ in found
    ]
