"""Takes out of tickets and contacts who they are about; what statistics and the audit need stays."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, delete, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.calls.call_record import OutgoingCallRecord
from escalation.hub_records import WebhookRecord
from escalation.masking import Mask, MaskingWords
from escalation.outages.outage_records import FaultReportRecord
from escalation.phone_records import VoicemailRecord
from escalation.pseudonym import Pseudonyms
from escalation.quality.quality_records import MarkRecord, ReviewRecord
from escalation.records import (
    AnswerFateRecord,
    AuditRecord,
    ContactRecord,
    FilingKeyRecord,
    NoteRecord,
    OutboxRecord,
    TicketRecord,
    TurnRecord,
)
from escalation.text_records import TextRecord
from escalation.visits.visit_record import VisitRecord

ERASED = "[erased]"
_KEPT_SIGNALS = frozenset(
    [
        "category",
        "reason",
        "affected",
        "service",
        "live",
        "segment",
        "safety",
        "vulnerable",
        "revenue_at_risk",
        "repeat_contacts",
        "department",
        "articles",
    ]
)


async def forget(
    session: AsyncSession,
    words: MaskingWords,
    *,
    tickets: Sequence[TicketRecord],
    contacts: Sequence[ContactRecord],
    known: Sequence[str],
    now: datetime,
) -> Counter[str]:
    """Inside the caller's transaction; how many of what. `known`: values of the person, as they are written.

    Times, topics, tiers, priorities, moves and who made them stay. An account, a number and an address become
    pseudonyms, so that the board still sees that two tickets were one customer's.
    """
    ticket_ids, contact_ids = [ticket.id for ticket in tickets], [contact.id for contact in contacts]
    turns = await _all(session, TurnRecord, TurnRecord.contact_id.in_(contact_ids))
    notes = await _all(session, NoteRecord, NoteRecord.ticket_id.in_(ticket_ids))
    audit = await _all(session, AuditRecord, AuditRecord.ticket_id.in_(ticket_ids))
    voicemails = await _all(session, VoicemailRecord, VoicemailRecord.ticket_id.in_(ticket_ids))
    calls = await _all(session, OutgoingCallRecord, OutgoingCallRecord.ticket_id.in_(ticket_ids))
    visits = await _all(session, VisitRecord, VisitRecord.ticket_id.in_(ticket_ids))
    fates = await _all(session, AnswerFateRecord, AnswerFateRecord.contact_id.in_(contact_ids))
    written = [text.text for text in (*turns, *notes)] + [ticket.problem for ticket in tickets]
    mask, pseudonyms = Mask.of(words, written, known), Pseudonyms()
    for ticket in tickets:
        _ticket(ticket, mask, pseudonyms, now)
    for contact in contacts:
        contact.caller = pseudonyms.address(contact.caller) if contact.caller else None
    for turn in turns:
        turn.text, turn.choices, turn.about = ERASED, [], mask.value(turn.about)
    for note in notes:
        note.text = ERASED
    for entry in audit:
        entry.why = ""
    for voicemail in voicemails:
        voicemail.audio, voicemail.transcript = b"", None
    for call in calls:
        call.call_sid = None
    for visit in visits:
        visit.name = visit.address = visit.confirmed_by = visit.remark = visit.speed_reason = ERASED
        visit.phone = visit.order_id = None
    for fate in fates:
        fate.question, fate.picked = ERASED, None
        fate.ticket = {**fate.ticket, "done": ""} if fate.ticket else None
    for report in await _all(session, FaultReportRecord, FaultReportRecord.contact_id.in_(contact_ids)):
        _report(report, pseudonyms)
    for comment in await _comments(session, contact_ids):
        comment.comment = mask.text(comment.comment)
    dropped = await _drop(session, ticket_ids, contact_ids, [ticket.reference for ticket in tickets])
    return Counter(
        tickets=len(tickets),
        contacts=len(contacts),
        turns=len(turns),
        notes=len(notes),
        voicemails=len(voicemails),
        answers=len(fates),
        messages=dropped,
    )


def _ticket(ticket: TicketRecord, mask: Mask, pseudonyms: Pseudonyms, now: datetime) -> None:
    signals = {name: value for name, value in ticket.signals.items() if name in _KEPT_SIGNALS}
    if ticket.customer_id:
        ticket.customer_id = pseudonyms.account(ticket.customer_id)
    if ticket.reachable:
        ticket.reachable = pseudonyms.address(ticket.reachable)
    ticket.signals = {**signals, "problem": ERASED, "customer_id": ticket.customer_id, "reachable": ticket.reachable}
    ticket.problem, ticket.status_reason, ticket.last_public_note = ERASED, "", None
    ticket.name = ticket.external_id = None
    ticket.because, ticket.form, ticket.filed = mask.value(ticket.because), {}, {}
    ticket.version += 1
    ticket.erased_at = now


def _report(report: FaultReportRecord, pseudonyms: Pseudonyms) -> None:
    """That there was one at that place stays: it is part of what is normal there."""
    report.problem, report.reporter = ERASED, str(report.contact_id)
    report.customer_id = pseudonyms.account(report.customer_id) if report.customer_id else None
    report.reachable = pseudonyms.address(report.reachable) if report.reachable else None


async def _drop(
    session: AsyncSession, ticket_ids: Sequence[UUID], contact_ids: Sequence[UUID], references: Sequence[str]
) -> int:
    """Messages and copies that were on their way or have arrived."""
    named = [str(value) for value in (*references, *ticket_ids, *contact_ids)]
    tells = [cast(OutboxRecord.payload, Text).contains(name) for name in named]
    gone = 0
    for kind, which in (
        (OutboxRecord, or_(False, *tells)),
        (WebhookRecord, WebhookRecord.ticket_id.in_(ticket_ids)),
        (FilingKeyRecord, FilingKeyRecord.ticket_id.in_(ticket_ids)),
        (TextRecord, or_(TextRecord.ticket_id.in_(ticket_ids), TextRecord.contact_id.in_(contact_ids))),
    ):
        found = await session.execute(delete(kind).where(which).returning(literal(1)))
        gone += len(found.all())
    return gone


async def _comments(session: AsyncSession, contact_ids: Sequence[UUID]) -> list[ReviewRecord | MarkRecord]:
    """What supervisors wrote about the conversations."""
    reviews = await _all(session, ReviewRecord, ReviewRecord.contact_id.in_(contact_ids))
    marks = await _all(session, MarkRecord, MarkRecord.review_id.in_([review.id for review in reviews]))
    return [*reviews, *marks]


async def _all(session: AsyncSession, kind: type[Any], which: Any) -> list[Any]:
    return list(await session.scalars(select(kind).where(which)))
