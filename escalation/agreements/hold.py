"""Which agreement binds whoever holds a ticket: frozen when it opens and each time it is handed on."""

from datetime import datetime

from escalation import clockwork
from escalation.agreements.agreement import Agreement
from escalation.agreements.coverage import Coverage, Subject
from escalation.agreements.records import OUTER, CoverRecord
from escalation.office import Office
from escalation.store import Case
from escalation.targets import TIER


def begin(case: Case, covered: Coverage, now: datetime) -> None:
    """The ticket opens: the reporter's agreement for its whole life, and the first holder's."""
    if covered.outer is not None:
        _cover(case, covered.outer, OUTER, now)
    if covered.inner is not None:
        _cover(case, covered.inner, case.clock(TIER).round, now)


def pass_to(office: Office, case: Case, tier: int) -> None:
    """The ticket is in this tier from now on, under the agreement that binds it; the same tier changes nothing."""
    if tier == case.ticket.tier:
        return
    ticket, now = case.ticket, office.now()
    subject = Subject(
        segment=ticket.signals.get("segment", ""),
        account=ticket.customer_id,
        topic=ticket.category,
        filed_by=None,
        department=ticket.department,
        tier=tier,
        system=ticket.system,
    )
    inner = office.policy.covering(subject, now).inner
    clockwork.reach(case, tier, now, office.policy.terms(inner))
    clock = next((clock for clock in case.clocks if clock.name == TIER), None)
    if inner is not None and clock is not None and clock.done_at is None:
        _cover(case, inner, clock.round, now)


def _cover(case: Case, agreement: Agreement, number: int, now: datetime) -> None:
    record = CoverRecord(
        ticket_id=case.ticket.id,
        number=number,
        agreement_id=agreement.id,
        version=agreement.version,
        agreement=agreement.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        since=now,
    )
    case.covers.append(record)
    case.session.add(record)
