"""Opens tickets: from a contact that is handed over, exactly once a key; or filed by a machine."""

import asyncio
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, waiting
from escalation.agreements import hold
from escalation.asks import HandOverAsked
from escalation.beginning import Beginning, begin
from escalation.changes import remember
from escalation.events import tell_ledger, tell_staff, text_customer, text_person
from escalation.filed import Filing
from escalation.form import filled
from escalation.office import Office
from escalation.outages.reports import look_again
from escalation.policy import FALLBACK_CATEGORY, Policy
from escalation.reception import FATES_AFTER, ensure_contact, open_cases
from escalation.records import ContactRecord, HandOverRecord, NoteRecord, TicketRecord
from escalation.reference import new_reference
from escalation.roster_book import rostered
from escalation.store import Case, case_of, has_turn
from escalation.ticket import Status
from escalation.views import ticket_view
from escalation.wire import HandOver, Signals

TURN_WAIT_S = 2.0
TURN_POLL_S = 0.03


async def hand_over(office: Office, contact_id: UUID, asked: HandOverAsked) -> HandOver:
    """One ticket for (contact_id, key), however often and from however many programs it is asked for."""
    if asked.after_turn is not None:
        await _wait_for_turn(office, contact_id, asked.after_turn)
    async with office.change() as session:
        contact = await ensure_contact(session, contact_id, asked.channel, office.now())
        first = await session.execute(
            insert(HandOverRecord)
            .values(contact_id=contact_id, key=asked.key)
            .on_conflict_do_nothing()  # waits for another that is opening it at this moment
            .returning(HandOverRecord.key)
        )
        created = first.scalar_one_or_none() is not None
        if created:
            case = await _wants_it_from_a_person(office, session, contact, asked.signals)
            created = case is None
            case = case or await open_ticket(office, session, contact, asked.signals, who="assistant")
            await look_again(session, contact_id)
            await session.execute(
                update(HandOverRecord)
                .where(HandOverRecord.contact_id == contact_id, HandOverRecord.key == asked.key)
                .values(ticket_id=case.ticket.id)
            )
            tell_ledger(session, contact_id, now=office.now(), due_at=office.now() + FATES_AFTER)
        else:
            case = await _opened_before(session, contact_id, asked.key)
        return HandOver(
            ticket=ticket_view(case.ticket, case.clocks, office.policy.people),
            live=case.ticket.live,
            next=waiting.next_step(office, case),
            dial=waiting.dial_of(office, case),
            queue_position=await waiting.queue_position(session, case.ticket),
            expected_wait_s=await waiting.expected_wait_s(session, office, case.ticket) if case.ticket.live else None,
            created=created,
        )


async def _wants_it_from_a_person(
    office: Office, session: AsyncSession, contact: ContactRecord, signals: Signals
) -> Case | None:
    """The open ticket of this contact when a person is wanted for the same problem: one problem is one ticket."""
    if signals.reason != "wants_person" or not signals.live:
        return None
    same = [
        case
        for case in await open_cases(session, contact.id)
        if signals.category in (case.ticket.category, FALLBACK_CATEGORY)
    ]
    if not same:
        return None
    case, now = same[-1], office.now()
    if (
        signals.live
        and not case.ticket.live
        and case.contact_is_open
        and waiting.is_answered_now(office, case.ticket.tier)
    ):
        case.ticket.live, case.ticket.live_since = True, now
        case.ticket.waited_from = case.ticket.waited_from or now
        clockwork.ask_within(case, now + office.policy.sla.accept_within)
    case.ticket.reachable = case.ticket.reachable or signals.reachable
    case.audit(now, "assistant", "asked_again", "the customer wants a person for it now")
    tell_staff(office, case, "opened")
    await session.flush()
    return case


async def open_ticket(
    office: Office,
    session: AsyncSession,
    contact: ContactRecord | None,
    signals: Signals,
    *,
    who: str,
    filing: Filing | None = None,
) -> Case:
    """Derives priority, department and tier, freezes the policy, starts the clocks, and tells who must know."""
    now, office = office.now(), await rostered(office, session)
    is_filed = filing is not None
    filing = filing or _conversation(office.policy, signals)
    begun = begin(office.policy, signals, now, filing.form.get("system"), start_tier=filing.tier, filed_by=filing.by)
    ticket = await _new_ticket(office, session, contact, signals, begun)
    _file(ticket, filing, severity=begun.assessment.impact.name.capitalize())
    session.add(ticket)
    await session.flush()
    remember(session, ticket, is_new=True)
    case = Case(session, ticket, contact)
    clockwork.start(case, begun.clocks)
    hold.begin(case, begun.covered, now)
    case.audit(now, who, "opened", " ".join(begun.assessment.because), status=Status.ACKNOWLEDGED)
    if is_filed:
        clockwork.acknowledge(case, now, who, "the answer to the filing has the reference")
    for author, text in filing.notes:
        session.add(NoteRecord(ticket_id=ticket.id, author=author, at=now, text=text, public=True))
        ticket.last_public_note = text
    if ticket.live:
        clockwork.ask_within(case, now + office.policy.sla.accept_within)
    _tell(office, case, begun)
    await session.flush()
    return case


async def _new_ticket(
    office: Office, session: AsyncSession, contact: ContactRecord | None, signals: Signals, begun: Beginning
) -> TicketRecord:
    now = office.now()
    live = begun.is_live and contact is not None and contact.ended_at is None
    return TicketRecord(
        id=uuid4(),
        reference=await _free_reference(session),
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


def _conversation(policy: Policy, signals: Signals) -> Filing:
    """A conversation asks for no form: what it does not know stays empty."""
    kind = policy.kind(signals.category)
    return Filing(kind, filled(kind, {}))


def _file(ticket: TicketRecord, filing: Filing, *, severity: str) -> None:
    ticket.kind, ticket.form, ticket.system = filing.kind, dict(filing.form), filing.form.get("system")
    ticket.name = filing.name
    ticket.severity = filing.severity or severity
    ticket.ticket_type = filing.ticket_type or filing.kind
    ticket.external_id = filing.external_id
    ticket.filed = dict(filing.kept)


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


async def _free_reference(session: AsyncSession) -> str:
    while True:
        reference = new_reference()
        taken = await session.scalar(select(TicketRecord.id).where(TicketRecord.reference == reference))
        if taken is None:
            return reference


async def _opened_before(session: AsyncSession, contact_id: UUID, key: str) -> Case:
    ticket = await session.scalar(
        select(TicketRecord)
        .join(HandOverRecord, HandOverRecord.ticket_id == TicketRecord.id)
        .where(HandOverRecord.contact_id == contact_id, HandOverRecord.key == key)
    )
    if ticket is None:
        raise LookupError("a hand-over that is stored has its ticket")
    return await case_of(session, ticket)


async def _wait_for_turn(office: Office, contact_id: UUID, turn_id: str) -> None:
    """The ticket is opened all the same when the turn does not come: it will attach when it does."""
    for _ in range(int(TURN_WAIT_S / TURN_POLL_S)):
        async with office.sessions() as session:
            if await has_turn(session, contact_id, turn_id):
                return
        await asyncio.sleep(TURN_POLL_S)
