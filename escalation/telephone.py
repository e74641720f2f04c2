"""The telephone side of a ticket: how lines ended, who is called back and was tried, the messages callers left."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, reading
from escalation.errors import NotAllowed, NotFound
from escalation.events import phone_of, tell_staff
from escalation.office import Office
from escalation.phone_records import CallbackRecord, VoicemailRecord
from escalation.phone_wire import (
    Attempt,
    AttemptMade,
    Brief,
    Callback,
    CallbackAsked,
    LineEnded,
    PhoneSide,
    Voicemail,
)
from escalation.reading import Read, What
from escalation.reception import let_go, open_cases
from escalation.records import TicketRecord
from escalation.sight import may_see, one_of_us, role_of
from escalation.signals import Signals
from escalation.store import Case, lock_case, read_case
from escalation.ticket import Move


async def line_ended(office: Office, contact_id: UUID, ended: LineEnded) -> None:
    """Kept in the ticket's history. Accepted: a person has answered, and the place in the queue is free."""
    async with office.change() as session:
        for case in (await open_cases(session, contact_id))[-1:]:
            now = office.now()
            case.audit(now, "telephone", f"line_{ended.outcome}", ended.dialled)
            if ended.outcome == "accepted":
                await _reached(session, case, now)
                case.ticket.accepted_at = case.ticket.accepted_at or now
                clockwork.done(case, now, "respond")
                let_go(office, case)
            tell_staff(office, case, "line")


async def promise_callback(office: Office, contact_id: UUID, asked: CallbackAsked) -> Callback:
    """By when: the ticket's own deadline for a response. Raises NotFound without an open ticket."""
    async with office.change() as session:
        cases = await open_cases(session, contact_id)
        if not cases:
            raise NotFound("this contact has no open ticket")
        case, now = cases[-1], office.now()
        case.ticket.reachable = asked.number or case.ticket.reachable
        let_go(office, case)
        record = await session.get(CallbackRecord, case.ticket.id)
        if record is None:
            record = CallbackRecord(ticket_id=case.ticket.id, promised_at=now, attempts=[], by_voicemail=False)
            session.add(record)
        record.asked_at = case.ticket.live_since or now  # the place is the one in the queue
        record.promised_at, record.given_up_at = now, None
        record.call_by = case.clock("respond").due_at
        record.by_voicemail = record.by_voicemail or asked.by_voicemail
        record.reached_at = None
        case.audit(now, "telephone", "callback_promised", "by voicemail" if asked.by_voicemail else "")
        tell_staff(office, case, "callback")
        return _callback(record, case)


async def attempted(office: Office, username: str, reference: str, made: AttemptMade) -> Callback:
    """One of us tried to call back. Who was reached has got a response. Raises NotAllowed or NotFound."""
    person = one_of_us(office.policy.people, username)
    if Move.REPLY not in role_of(person).moves:
        raise NotAllowed(f"{person.name} does not speak to customers")
    async with office.change() as session:
        case = await lock_case(session, TicketRecord.reference == reference)
        if case is not None and not may_see(person, username, case.ticket):
            case = None
        record = await session.get(CallbackRecord, case.ticket.id) if case else None
        if case is None or record is None:
            raise NotFound(f"no callback was promised for {reference}")
        now = office.now()
        attempt = Attempt(at=now, who=username, outcome=made.outcome)
        record.attempts = [*record.attempts, attempt.model_dump(mode="json")]
        if made.outcome == "reached":
            record.reached_at = record.reached_at or now
            case.ticket.accepted_at = case.ticket.accepted_at or now
            clockwork.done(case, now, "respond")
        case.audit(now, username, f"callback_{made.outcome}")
        tell_staff(office, case, "callback")
        return _callback(record, case)


async def _reached(session: AsyncSession, case: Case, now: datetime) -> None:
    """They talk to a person: nobody need call them back any more."""
    record = await session.get(CallbackRecord, case.ticket.id)
    if record is not None:
        record.reached_at = record.reached_at or now


async def keep_voicemail(office: Office, contact_id: UUID, recording_sid: str, *, length_s: int, audio: bytes) -> None:
    """A recording that is kept already changes nothing. `audio` is a RIFF/WAVE file.

    Raises NotFound when the contact never had a ticket.
    """
    async with office.change() as session:
        newest = await session.scalar(
            select(TicketRecord.id)
            .where(TicketRecord.contact_id == contact_id, TicketRecord.deleted_at.is_(None))
            .order_by(TicketRecord.created_at.desc())
            .limit(1)
        )
        case = await lock_case(session, TicketRecord.id == newest) if newest else None
        if case is None:
            raise NotFound("this contact has no ticket")
        kept = await session.execute(
            insert(VoicemailRecord)
            .values(
                recording_sid=recording_sid,
                ticket_id=case.ticket.id,
                at=office.now(),
                length_s=length_s,
                audio=audio,
            )
            .on_conflict_do_nothing()
            .returning(VoicemailRecord.recording_sid)
        )
        if kept.scalar_one_or_none() is not None:
            case.audit(office.now(), "telephone", "voicemail", f"{length_s} s")
            tell_staff(office, case, "voicemail")


async def transcribe(office: Office, recording_sid: str, text: str) -> None:
    """Raises NotFound while the recording has not arrived."""
    async with office.change() as session:
        record = await session.get(VoicemailRecord, recording_sid)
        if record is None:
            raise NotFound("no such voicemail")
        record.transcript = text


async def phone_side(office: Office, username: str, reference: str) -> PhoneSide:
    """Raises NotAllowed or NotFound."""
    async with office.sessions.begin() as session:
        case = await _readable(office, session, username, reference)
        if not _may_hear(office, username):
            return PhoneSide(callback=None, voicemails=())
        callback = await session.get(CallbackRecord, case.ticket.id)
        columns = (
            VoicemailRecord.recording_sid,
            VoicemailRecord.at,
            VoicemailRecord.length_s,
            VoicemailRecord.transcript,
        )
        found = await session.execute(
            select(*columns).where(VoicemailRecord.ticket_id == case.ticket.id).order_by(VoicemailRecord.at)
        )
        voicemails = tuple(Voicemail.model_validate(dict(row)) for row in found.mappings())
        await reading.record(office, session, Read(reader=username, what=What.PHONE, tickets=[reference]))
        return PhoneSide(callback=_callback(callback, case) if callback else None, voicemails=voicemails)


async def audio_of(office: Office, username: str, reference: str, recording_sid: str) -> bytes:
    """The sound of a ticket's own voicemail. Raises NotAllowed or NotFound."""
    async with office.sessions.begin() as session:
        case = await _readable(office, session, username, reference)
        record = await session.get(VoicemailRecord, recording_sid)
        if record is None or record.ticket_id != case.ticket.id or not _may_hear(office, username):
            raise NotFound("no such voicemail")
        heard = Read(reader=username, what=What.VOICEMAIL, tickets=[reference], fields=[recording_sid])
        await reading.record(office, session, heard)
        return record.audio


async def brief_of(office: Office, contact_id: UUID) -> Brief | None:
    """Of the contact's newest open ticket."""
    async with office.sessions.begin() as session:
        cases = await open_cases(session, contact_id, lock=False)
        if not cases:
            return None
        ticket = cases[-1].ticket
        signals = Signals.model_validate(ticket.signals)
        told = Read(reader=reading.TELEPHONE, what=What.BRIEF, tickets=[ticket.reference], contacts=[contact_id])
        await reading.record(office, session, told)
        return Brief.model_validate(
            {
                "reference": ticket.reference,
                "priority": ticket.priority,
                "category": ticket.category,
                "problem": signals.problem,
                "steps": signals.steps,
            }
        )


def _callback(record: CallbackRecord, case: Case) -> Callback:
    caller = case.contact.caller if case.contact is not None else None
    return Callback.model_validate(
        {
            "number": phone_of(case.ticket.reachable) or caller,
            "asked_at": record.asked_at,
            "call_by": record.call_by,
            "by_voicemail": record.by_voicemail,
            "attempts": record.attempts,
            "reached_at": record.reached_at,
        }
    )


async def _readable(office: Office, session: AsyncSession, username: str, reference: str) -> Case:
    """For whoever sees the ticket. Raises NotAllowed or NotFound."""
    person = one_of_us(office.policy.people, username)
    case = await read_case(session, TicketRecord.reference == reference)
    if case is None or not may_see(person, username, case.ticket):
        raise NotFound(f"no ticket {reference}")
    return case


def _may_hear(office: Office, username: str) -> bool:
    """A number and a voice are personal data, and cannot be masked."""
    role = role_of(one_of_us(office.policy.people, username))
    return role.personal and role.transcript
