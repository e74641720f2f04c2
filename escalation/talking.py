"""Who talks with whom at this moment: what a customer may see of a person who writes to them."""

from sqlalchemy import select

from escalation.office import Office
from escalation.records import ContactRecord, TicketRecord
from escalation.typing_signs import TypingSign
from escalation.views import name_of


async def sign_of(office: Office, username: str, reference: str) -> TypingSign | None:
    """What the customer may see of a person who writes; None unless they are talking with each other."""
    async with office.sessions() as session:
        found = await session.execute(
            select(TicketRecord.contact_id)
            .join(ContactRecord, ContactRecord.id == TicketRecord.contact_id)
            .where(
                TicketRecord.reference == reference,
                TicketRecord.assignee == username,
                TicketRecord.live,
                TicketRecord.deleted_at.is_(None),
                ContactRecord.ended_at.is_(None),
            )
        )
        contact_id = found.scalar_one_or_none()
    if contact_id is None:
        return None
    name = name_of(username, office.policy.people)
    return TypingSign(contact_id=contact_id, reference=reference, by="agent", name=name)
