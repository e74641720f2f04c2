"""Keeps what missed targets cost with the ticket; the rule is in breach.py."""

from datetime import datetime, timedelta

from escalation.agreements.agreement import Agreement
from escalation.agreements.breach import Breach, breaches
from escalation.agreements.records import OUTER, CoverRecord, PenaltyRecord
from escalation.store import Case
from escalation.ticket_clocks import TicketClocks


def settle(case: Case, clocks: TicketClocks, now: datetime) -> None:
    """What is owed by the agreements that cover the ticket now. Never less than was owed before: a lower priority
    makes nobody less late.
    """
    for cover in case.covers:
        if cover.until is None:
            agreement = agreement_of(cover)
            account = case.ticket.customer_id
            for breach in breaches(agreement, clocks, now, binds_holder=cover.number != OUTER, account=account):
                _keep(case, cover, agreement, breach, now)


def end_hold(case: Case, clocks: TicketClocks, now: datetime) -> None:
    """The holder gives the ticket away: what they owe until now is final."""
    settle(case, clocks, now)
    for cover in case.covers:
        if cover.number != OUTER and cover.until is None:
            cover.until = now
            for penalty in case.penalties:
                if penalty.number == cover.number:
                    penalty.settled_at = penalty.settled_at or now


def agreement_of(cover: CoverRecord) -> Agreement:
    return Agreement.model_validate(cover.agreement)


def _keep(case: Case, cover: CoverRecord, agreement: Agreement, breach: Breach, now: datetime) -> None:
    target, late_s = breach.penalty.target, breach.late.total_seconds()
    kept = next((one for one in case.penalties if (one.number, one.target) == (cover.number, target)), None)
    if kept is None:
        if breach.late <= timedelta():
            return
        kept = _new(case, cover, agreement, breach, now)
    if late_s > kept.late_s:
        kept.late_s, kept.amount, kept.because, kept.reckoned_at = late_s, breach.amount, breach.because, now
    kept.settled_at = breach.done_at


def _new(case: Case, cover: CoverRecord, agreement: Agreement, breach: Breach, now: datetime) -> PenaltyRecord:
    record = PenaltyRecord(
        ticket_id=case.ticket.id,
        number=cover.number,
        target=breach.penalty.target,
        agreement_id=cover.agreement_id,
        version=cover.version,
        owed_by=agreement.giver,
        owed_to=agreement.receiver,
        currency=agreement.currency,
        amount=breach.amount,
        because=breach.because,
        late_s=breach.late.total_seconds(),
        missed_at=breach.done_at or now,
        reckoned_at=now,
    )
    case.penalties.append(record)
    case.session.add(record)
    return record
