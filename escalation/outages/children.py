"""Tickets of those who reported a confirmed outage become its children, and each customer is told of it once.

The watch does it, one report a transaction, so that confirming is quick however many there are, and nobody is
forgotten when it stops in the middle. Who reports later is taken up in the same way.
"""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import opening
from escalation.events import address_of, tell_staff
from escalation.kind import Kind
from escalation.office import Office
from escalation.outages.outage_records import FaultReportRecord, OutageRecord
from escalation.reception import open_cases
from escalation.records import ContactRecord, TicketRecord
from escalation.relation import Relation, check
from escalation.relation_record import RelationRecord
from escalation.relatives import relative_of
from escalation.signals import Signals
from escalation.store import Case
from escalation.telling import tell_customer
from escalation.ticket import OPEN, Status

CATEGORY = "outage"
WHO = "assistant"


async def attach_late(office: Office) -> None:
    """Reports that were being stored while their outage was found belong to it too."""
    report, outage = FaultReportRecord, OutageRecord
    async with office.change() as session:
        await session.execute(
            update(report)
            .where(
                outage.state.in_(("suspected", "confirmed")),
                report.area == outage.area,
                report.service == outage.service,
                report.at >= outage.began_at,
                report.outage_id.is_(None),
                report.explained_by.is_(None),
            )
            .values(outage_id=outage.id)
        )


async def link_next(office: Office) -> bool:
    """One report of a confirmed outage; False when there is none to do."""
    async with office.change() as session:
        query = (
            select(FaultReportRecord, OutageRecord)
            .join(OutageRecord, OutageRecord.id == FaultReportRecord.outage_id)
            .where(FaultReportRecord.linked_at.is_(None), OutageRecord.state == "confirmed")
            .order_by(FaultReportRecord.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=FaultReportRecord)
        )
        found = (await session.execute(query)).one_or_none()
        if found is None:
            return False
        report, outage = found
        report.linked_at = office.now()
        parent = await session.scalar(  # it is not solved in between: what a child must hear would be missed
            select(TicketRecord).where(TicketRecord.id == outage.ticket_id).with_for_update(read=True)
        )
        if parent is not None and Status(parent.status) in OPEN:
            await _link(office, session, report, outage, parent)
    return True


async def _link(
    office: Office, session: AsyncSession, report: FaultReportRecord, outage: OutageRecord, parent: TicketRecord
) -> None:
    cases: Sequence[Case] = [
        case for case in await open_cases(session, report.contact_id) if _concerns(case.ticket, outage.service, parent)
    ]
    cases = cases or await _opened(office, session, report)
    for case in cases:
        await _follow(office, case, parent)
    if cases and not report.told:
        words = _words(office, cases[0], outage, parent)
        tell_customer(office, cases[0], words, author=WHO, person=None, kind="news")
        report.told = True


async def _follow(office: Office, case: Case, parent: TicketRecord) -> None:
    """The parent is not written to: many children in a row would overtake whoever works on it."""
    child = await relative_of(case.session, case.ticket)
    if child.above is not None:
        return
    check(child, Relation.CHILD_OF, await relative_of(case.session, parent))
    case.session.add(
        RelationRecord(ticket_id=case.ticket.id, relation=Relation.CHILD_OF, to_id=parent.id, at=office.now(), who=WHO)
    )
    case.ticket.version += 1
    case.ticket.updated_at = office.now()
    case.audit(office.now(), WHO, "linked", f"child of major incident {parent.reference}")
    tell_staff(office, case, "linked")


async def _opened(office: Office, session: AsyncSession, report: FaultReportRecord) -> Sequence[Case]:
    """A ticket for who has none, so that they hear of the outage's end. None for who cannot be told of it, nor for
    who was told in the conversation: there the assistant opens it.
    """
    contact = await session.get_one(ContactRecord, report.contact_id)
    if report.told or (contact.ended_at is not None and address_of(report.reachable) is None):
        return ()
    signals = Signals(
        category=CATEGORY,
        reason="outage",
        problem=report.problem,
        service="down",
        reachable=report.reachable,
        customer_id=report.customer_id,
    )
    return (await opening.open_ticket(office, session, contact, signals, who=WHO),)


def _concerns(ticket: TicketRecord, service: str, parent: TicketRecord) -> bool:
    """A fault of that service, not a question about a bill in the same conversation."""
    topic = ticket.category
    about = topic == CATEGORY or topic.startswith(service) or (service == "broadband" and topic == "wifi")
    is_fault = about or ticket.signals.get("service") in {"down", "degraded"}
    return ticket.kind == Kind.INCIDENT and ticket.id != parent.id and is_fault


def _words(office: Office, case: Case, outage: OutageRecord, parent: TicketRecord) -> str:
    """What is known, and what was last said to everybody."""
    language = case.contact.language if case.contact else ""
    ends = outage.expected_end if outage.expected_end and outage.expected_end > office.now() else None
    told = office.policy.messages.write(
        "customer_outage_by" if ends else "customer_outage",
        language,
        by=ends,
        area=outage.area,
        service=outage.service,
        cause=outage.cause,
    )
    return " ".join(part for part in (told, parent.last_public_note or "") if part)
