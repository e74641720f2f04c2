"""Which agreements cover a ticket now, and what each target that has a penalty costs or would cost."""

from datetime import datetime, timedelta

from escalation import clockwork
from escalation.agreements.agreement import Agreement
from escalation.agreements.breach import Breach, at_stake, breaches
from escalation.agreements.money import in_words
from escalation.agreements.penalties import agreement_of
from escalation.agreements.records import OUTER
from escalation.agreements.wire import CoverView, ExposureView
from escalation.store import Case
from escalation.targets import TIER
from escalation.ticket_clocks import TicketClocks


def of_ticket(case: Case, now: datetime) -> tuple[CoverView, ...]:
    """The reporter's agreement first, then the one of whoever holds the ticket now."""
    clocks = clockwork.clocks_of(case.ticket, case.clocks)
    covers = [cover for cover in case.covers if cover.until is None]
    return tuple(
        _view(agreement_of(cover), clocks, now, binds_holder=cover.number != OUTER, account=case.ticket.customer_id)
        for cover in covers
    )


def _view(
    agreement: Agreement, clocks: TicketClocks, now: datetime, *, binds_holder: bool, account: str | None
) -> CoverView:
    found = breaches(agreement, clocks, now, binds_holder=binds_holder, account=account)
    return CoverView(
        id=agreement.id,
        version=agreement.version,
        name=agreement.name,
        giver=agreement.giver,
        receiver=agreement.receiver,
        binds_holder=binds_holder,
        exposures=tuple(
            _exposure(agreement, breach, clocks, account, TIER if binds_holder else breach.penalty.target)
            for breach in found
        ),
    )


def _exposure(
    agreement: Agreement, breach: Breach, clocks: TicketClocks, account: str | None, clock: str
) -> ExposureView:
    """Missed: what is owed now. In danger: what it costs from the first moment after the deadline. Met: nothing."""
    missed = breach.late > timedelta()
    if missed:
        amount, because = breach.amount, breach.because
    else:
        amount, because = at_stake(agreement, breach.penalty, account)
    return ExposureView(
        target=breach.penalty.target,
        state="missed" if missed else "met" if breach.done_at is not None else "in_danger",
        amount=in_words(amount, agreement.currency) if amount is not None else None,
        because=because,
        due_at=clocks.kept[clock].clock.due_at,
    )
