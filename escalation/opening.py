"""Opens tickets: out of a contact that is handed over, or filed."""

from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork
from escalation.agreements import hold
from escalation.beginning import Beginning, begin
from escalation.changes import remember
from escalation.circumstances import circumstances
from escalation.events import tell_staff, text_customer, text_person
from escalation.filed import Filing
from escalation.form import filled
from escalation.kind import Kind
from escalation.maintenance import effects, known
from escalation.office import Office
from escalation.policy import Policy
from escalation.records import ContactRecord, TicketRecord
from escalation.roster_book import rostered
from escalation.store import Case
from escalation.ticket import Status
from escalation.wire import Signals


async def open_ticket(
    office: Office,
    session: AsyncSession,
    contact: ContactRecord | None,
    signals: Signals,
    *,
    who: str,
    filing: Filing | None = None,
) -> Case:
    """Derives priority, department and tier, freezes the policy, starts the clocks, and tells who must know.

    All of it is written at the next flush: the caller's next query, or the end of its transaction.
    """
    now, office = office.now(), await rostered(office, session)
    is_filed = filing is not None
    found = await circumstances(session, contact, now)
    filing = filing or _conversation(office.policy, contact, signals, found.area)
    causes = await known.causes(session, office.policy, signals, filing, now) if found.is_worked else []
    begun = begin(
        office.policy,
        signals,
        now,
        filing.form.get("system"),
        windows=[window for planned in causes if (window := planned.excluded()) is not None],
        start_tier=filing.tier,
        filed_by=filing.by,
        has_customer=_has_customer(office.policy, contact, signals, filing),
    )
    ticket = _new_ticket(office, contact, signals, begun, found.reference)
    _file(ticket, filing, severity=begun.assessment.impact.name.capitalize())
    session.add(ticket)
    remember(session, ticket, is_new=True)
    case = Case(session, ticket, contact)
    clockwork.start(case, begun.clocks)
    hold.begin(case, begun.covered, now)
    case.audit(now, who, "opened", " ".join(begun.assessment.because), status=Status.ACKNOWLEDGED)
    if is_filed:
        clockwork.acknowledge(case, now, who, "the answer to the filing has the reference")
    for author, text in filing.notes:
        case.note(now, author, text)
        ticket.last_public_note = text
    if ticket.live:
        clockwork.ask_within(case, now + office.policy.sla.accept_within)
    _tell(office, case, begun)
    if causes:
        await session.flush()
        await effects.note(office, case, causes, linked=not filing.says_relation)
    return case


def _new_ticket(
    office: Office, contact: ContactRecord | None, signals: Signals, begun: Beginning, reference: str
) -> TicketRecord:
    now = office.now()
    live = begun.is_live and contact is not None and contact.ended_at is None
    return TicketRecord(
        id=uuid4(),
        reference=reference,
        contact_id=contact.id if contact is not None else None,
        version=1,
        status=Status.ACKNOWLEDGED,
        status_changed_at=now,
        status_reason="",
        priority=begun.assessment.priority,
        tier=begun.asked.tier,
        department=begun.department,
        category=begun.category,
        asked=begun.asked.contact,
        live=live,
        live_since=now if live else None,
        waited_from=now if live else None,
        reachable=signals.reachable,
        customer_id=signals.customer_id,
        signals=signals.model_dump(mode="json"),
        because=list(begun.assessment.because),
        policy=begun.frozen.to_json(),
        problem=signals.problem,
        unread=0,
        excluded=[window.to_json() for window in begun.clocks.windows],
        created_at=now,
        updated_at=now,
    )


def _has_customer(policy: Policy, contact: ContactRecord | None, signals: Signals, filing: Filing) -> bool:
    """Somebody who waits to hear of it; a machine reads what is published. Tasks and problems of ours have nobody."""
    by_machine = filing.by is not None and filing.by not in policy.people
    return contact is not None or bool(signals.reachable or signals.customer_id) or by_machine


def _conversation(policy: Policy, contact: ContactRecord | None, signals: Signals, area: str | None) -> Filing:
    """A conversation asks for no form: what it does not know stays empty. Where a fault is, its report has said."""
    kind = policy.kind(signals.category)
    if kind is not Kind.INCIDENT or contact is None:
        return Filing(kind, filled(kind, {}))
    return Filing(kind, filled(kind, {"area": area} if area else {}))


def _file(ticket: TicketRecord, filing: Filing, *, severity: str) -> None:
    ticket.kind, ticket.form, ticket.system = filing.kind, dict(filing.form), filing.form.get("system")
    ticket.name = filing.name
    ticket.severity = filing.severity or severity
    ticket.ticket_type = filing.ticket_type or filing.kind
    ticket.external_id = filing.external_id
    ticket.filed, ticket.filed_by = dict(filing.kept), filing.filed_by


def _tell(office: Office, case: Case, begun: Beginning) -> None:
    """Level 1 sits before the console; the tiers above are told where they are, and whoever policy wants informed."""
    tell_staff(office, case, "opened")
    if text_customer(office, case, "customer_opened"):
        clockwork.acknowledge(case, office.now(), "policy", "the reference is sent to the customer")
    if begun.is_first_told:
        text_person(office, case, case.ticket.asked, "staff_moved")
    for name in begun.informed:
        case.audit(office.now(), "policy", "informed", name)
        text_person(office, case, name, "staff_informed")
