"""`python -m escalation.retention [--dry-run]`: what is kept long enough is deleted, or told of nobody any more."""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import policy
from escalation.database import connect, sessions_of
from escalation.forgetting import ERASED, forget
from escalation.office import Office
from escalation.phone_records import VoicemailRecord
from escalation.read_record import ReadRecord
from escalation.records import ContactRecord, TicketRecord, TurnRecord
from escalation.text_records import TextRecord, TextReplyRecord
from settings import load

BATCH = 200

Step = Callable[[Office, AsyncSession, int | None], Awaitable[Counter[str]]]

_FREE = and_(TicketRecord.held_because.is_(None), TicketRecord.erased_at.is_(None))
_TELLS = TurnRecord.text != ERASED  # what was taken out is not taken out again


async def keep_to(office: Office, *, dry_run: bool = False) -> Counter[str]:
    """How many of each class went, or would go. In batches, each a transaction of its own; a ticket that is held
    keeps its conversation and its voicemails.
    """
    if dry_run:
        return await _tried(office)
    found: Counter[str] = Counter()
    for step in _STEPS:
        while gone := await _batch(office, step):
            found += gone
    return found


async def _tried(office: Office) -> Counter[str]:
    """All at once, and undone: what one class takes is not counted by the next."""
    found: Counter[str] = Counter()
    async with office.sessions() as session:
        for step in _STEPS:
            found += await step(office, session, None)
            await session.flush()
        await session.rollback()
    return found


async def _batch(office: Office, step: Step) -> Counter[str]:
    async with office.sessions.begin() as session:
        return await step(office, session, BATCH)


async def _voicemails(office: Office, session: AsyncSession, most: int | None) -> Counter[str]:
    before = office.now() - office.policy.retention.voicemails
    due = (
        select(VoicemailRecord.recording_sid)
        .join(TicketRecord, TicketRecord.id == VoicemailRecord.ticket_id)
        .where(_FREE, VoicemailRecord.at < before, func.length(VoicemailRecord.audio) > 0)
        .limit(most)
    )
    done = await session.execute(
        update(VoicemailRecord)
        .where(VoicemailRecord.recording_sid.in_(due))
        .values(audio=b"")
        .returning(VoicemailRecord.recording_sid)
    )
    return Counter({"voicemails": len(done.all())}) + Counter()


async def _texts(office: Office, session: AsyncSession, most: int | None) -> Counter[str]:
    """A reply by text concerns no ticket that ended, and Twilio sends none again after weeks."""
    before = office.now() - office.policy.retention.texts
    ended = (
        select(TextRecord.id)
        .join(TicketRecord, TicketRecord.id == TextRecord.ticket_id)
        .where(_FREE, TicketRecord.closed_at < before)
        .limit(most)
    )
    unrated = (
        select(TextRecord.id)
        .join(ContactRecord, ContactRecord.id == TextRecord.contact_id)
        .where(ContactRecord.ended_at < before)
        .limit(most)
    )
    old = select(TextReplyRecord.message_sid).where(TextReplyRecord.at < before).limit(most)
    over = or_(TextRecord.id.in_(ended), TextRecord.id.in_(unrated))
    numbers = await session.execute(delete(TextRecord).where(over).returning(TextRecord.id))
    replies = await session.execute(
        delete(TextReplyRecord).where(TextReplyRecord.message_sid.in_(old)).returning(TextReplyRecord.message_sid)
    )
    return Counter({"texts": len(numbers.all()), "text replies": len(replies.all())}) + Counter()


async def _reads(office: Office, session: AsyncSession, most: int | None) -> Counter[str]:
    before = office.now() - office.policy.retention.reads
    await session.execute(text("SELECT set_config('firstline.reads_until', :at, true)"), {"at": before.isoformat()})
    due = select(ReadRecord.id).where(ReadRecord.at < before).order_by(ReadRecord.at).limit(most)
    done = await session.execute(delete(ReadRecord).where(ReadRecord.id.in_(due)).returning(ReadRecord.id))
    return Counter({"reads": len(done.all())}) + Counter()


async def _conversations(office: Office, session: AsyncSession, most: int | None) -> Counter[str]:
    """Also one that never ended: it has been silent since it began."""
    before = office.now() - office.policy.retention.conversations
    has_ticket = select(TicketRecord.id).where(TicketRecord.contact_id == ContactRecord.id).exists()
    tells = select(TurnRecord.id).where(TurnRecord.contact_id == ContactRecord.id, _TELLS).exists()
    due = await session.scalars(
        select(ContactRecord)
        .where(func.coalesce(ContactRecord.ended_at, ContactRecord.started_at) < before, ~has_ticket, tells)
        .limit(most)
        .with_for_update()
    )
    return await _forget(office, session, [], list(due))


async def _tickets(office: Office, session: AsyncSession, most: int | None) -> Counter[str]:
    """One whose conversation has another ticket that is open, held or too young waits for that one."""
    before: datetime = office.now() - office.policy.retention.tickets
    found = await session.scalars(
        select(TicketRecord).where(_FREE, TicketRecord.closed_at < before).limit(most).with_for_update()
    )
    due = list(found)
    ids = [ticket.id for ticket in due]
    stays = select(TicketRecord.contact_id).where(
        TicketRecord.contact_id.is_not(None), TicketRecord.id.not_in(ids), TicketRecord.erased_at.is_(None)
    )
    contacts = await session.scalars(
        select(ContactRecord).where(
            ContactRecord.id.in_([ticket.contact_id for ticket in due]), ContactRecord.id.not_in(stays)
        )
    )
    return await _forget(office, session, due, list(contacts))


async def _forget(
    office: Office, session: AsyncSession, tickets: list[TicketRecord], contacts: list[ContactRecord]
) -> Counter[str]:
    if not tickets and not contacts:
        return Counter()
    values = [value for ticket in tickets for value in (ticket.customer_id, ticket.reachable) if value]
    values += [contact.caller for contact in contacts if contact.caller]
    gone = await forget(
        session, office.policy.masking, tickets=tickets, contacts=contacts, known=values, now=office.now()
    )
    await session.flush()
    gone.pop("voicemails")  # counted when their sound went
    return gone


_STEPS: tuple[Step, ...] = (_voicemails, _texts, _reads, _conversations, _tickets)


async def _run(*, dry_run: bool) -> None:
    settings = load()
    engine = connect(settings)
    try:
        office = Office(sessions_of(engine), policy.load(), settings.firstline_operator_name)
        for name, number in (await keep_to(office, dry_run=dry_run)).items():
            sys.stdout.write(f"{name}: {number}\n")
    finally:
        await engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m escalation.retention")
    parser.add_argument("--dry-run", action="store_true", help="says what would go, and changes nothing")
    asyncio.run(_run(dry_run=parser.parse_args().dry_run))


if __name__ == "__main__":
    main()
