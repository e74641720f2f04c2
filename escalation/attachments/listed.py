"""The attachments of contacts, without what is in them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.attachments.attachment_record import AttachmentRecord
from escalation.attachments.attachment_wire import Attachment

COLUMNS = (
    AttachmentRecord.id,
    AttachmentRecord.name,
    AttachmentRecord.media_type,
    AttachmentRecord.size_bytes,
    AttachmentRecord.at,
    AttachmentRecord.sent_by.is_(None).label("by_customer"),
)


async def attachments_of(session: AsyncSession, contact_id: UUID | None) -> list[Attachment]:
    """All of a contact's, the oldest first."""
    if contact_id is None:
        return []
    return (await attachments_by_contact(session, [contact_id])).get(contact_id, [])


async def attachments_by_contact(session: AsyncSession, contact_ids: Sequence[UUID]) -> dict[UUID, list[Attachment]]:
    if not contact_ids:
        return {}
    found = await session.execute(
        select(AttachmentRecord.contact_id, *COLUMNS)
        .where(AttachmentRecord.contact_id.in_(contact_ids))
        .order_by(AttachmentRecord.at, AttachmentRecord.id)
    )
    grouped: dict[UUID, list[Attachment]] = {}
    for row in found.mappings():
        grouped.setdefault(row["contact_id"], []).append(Attachment.model_validate(dict(row)))
    return grouped
