"""Attachments are kept with their contact, and given to its customer and to whoever serves its tickets."""

from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.attachments.attachment_record import AttachmentRecord
from escalation.attachments.attachment_wire import Attachment, KeptFile
from escalation.attachments.intake import Cleaned, Intake
from escalation.attachments.listed import COLUMNS
from escalation.errors import Conflict, NotFound
from escalation.office import Office
from escalation.reception import ensure_contact
from escalation.records import ContactRecord, TicketRecord
from escalation.sight import may_see, one_of_us, role_of
from escalation.store import read_case


async def keep(office: Office, intake: Intake, contact_id: UUID, *, key: str, name: str, content: bytes) -> Attachment:
    """A customer's file. The same key is the same file, whatever comes with it.

    Raises Conflict when the contact has as many as it may, and what `Intake.clean` raises.
    """
    async with office.sessions() as session:
        if known := await _known(session, contact_id, key):
            return known
        await _check_room(session, contact_id, intake)
    cleaned = await intake.clean(name, content)
    async with office.change() as session:
        await ensure_contact(session, contact_id, "chat", office.now())
        await _lock(session, contact_id)
        if known := await _known(session, contact_id, key):
            return known
        await _check_room(session, contact_id, intake)
        return await add(office, session, contact_id, cleaned, key=key, sent_by=None)


async def add(
    office: Office, session: AsyncSession, contact_id: UUID, cleaned: Cleaned, *, key: str, sent_by: str | None
) -> Attachment:
    """Inside the caller's transaction."""
    record = AttachmentRecord(
        id=uuid4(),
        contact_id=contact_id,
        key=key,
        sent_by=sent_by,
        name=cleaned.name,
        media_type=cleaned.media_type,
        size_bytes=len(cleaned.content),
        at=office.now(),
        content=cleaned.content,
        thumbnail=cleaned.thumbnail,
    )
    session.add(record)
    await session.flush()
    return Attachment(
        id=record.id,
        name=cleaned.name,
        media_type=cleaned.media_type,
        size_bytes=record.size_bytes,
        at=record.at,
        by_customer=sent_by is None,
    )


async def of_customer(office: Office, contact_id: UUID, attachment_id: UUID) -> KeptFile:
    """A file of the customer's own conversation, whoever sent it. Raises NotFound."""
    async with office.sessions() as session:
        return await _file(session, contact_id, attachment_id, small=False)


async def of_ticket(
    office: Office, username: str, reference: str, attachment_id: UUID, *, small: bool = False
) -> KeptFile:
    """For one of us: the one place where a person reads a customer's file, and so where such a reading counts.

    `small`: the thumbnail. Raises NotAllowed, and NotFound alike for no such file and for one they may not see.
    """
    person = one_of_us(office.policy.people, username)
    async with office.sessions() as session:
        case = await read_case(session, TicketRecord.reference == reference)
        if case is None or not may_see(person, username, case.ticket) or not role_of(person).opens_files:
            raise NotFound(f"no ticket {reference} with files")
        if case.ticket.contact_id is None:
            raise NotFound("this ticket has no conversation")
        return await _file(session, case.ticket.contact_id, attachment_id, small=small)


async def _known(session: AsyncSession, contact_id: UUID, key: str) -> Attachment | None:
    found = await session.execute(
        select(*COLUMNS).where(AttachmentRecord.contact_id == contact_id, AttachmentRecord.key == key)
    )
    row = found.mappings().first()
    return Attachment.model_validate(dict(row)) if row else None


async def _check_room(session: AsyncSession, contact_id: UUID, intake: Intake) -> None:
    has = await session.scalar(
        select(func.count())
        .select_from(AttachmentRecord)
        .where(AttachmentRecord.contact_id == contact_id, AttachmentRecord.sent_by.is_(None))
    )
    if (has or 0) >= intake.most:
        raise Conflict(f"a conversation has at most {intake.most} files")


async def _lock(session: AsyncSession, contact_id: UUID) -> None:
    """Files of one contact are counted one after the other."""
    await session.execute(select(ContactRecord.id).where(ContactRecord.id == contact_id).with_for_update())


async def _file(session: AsyncSession, contact_id: UUID, attachment_id: UUID, *, small: bool) -> KeptFile:
    content = AttachmentRecord.thumbnail if small else AttachmentRecord.content
    found = await session.execute(
        select(AttachmentRecord.name, AttachmentRecord.media_type, content).where(
            AttachmentRecord.id == attachment_id, AttachmentRecord.contact_id == contact_id
        )
    )
    name, media_type, what = found.one_or_none() or ("", "", None)
    if what is None:
        raise NotFound("no such file")
    return KeptFile(name, "image/jpeg" if small else media_type, what)
