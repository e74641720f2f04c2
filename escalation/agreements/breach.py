"""A penalty of a covered ticket at a moment: how late its target is, what that costs, and why. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from escalation.agreements.agreement import Agreement
from escalation.agreements.money import in_words
from escalation.agreements.penalty import FeeUnknown, Fixed, Penalty, PerStartedHour, due, started_hours
from escalation.targets import TIER
from escalation.ticket_clocks import TicketClocks

LEAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Breach:
    """`late` is time of the target's calendar, negative while there is some left; `amount` None when the fee is
    unknown.
    """

    penalty: Penalty
    late: timedelta
    done_at: datetime | None
    amount: Decimal | None
    because: str


def breaches(
    agreement: Agreement, clocks: TicketClocks, now: datetime, *, binds_holder: bool, account: str | None
) -> Iterator[Breach]:
    """One for each penalty whose target has a clock on this ticket.

    A holder's time is the agreement's own, although their clock may have been cut short by the customer's.
    """
    for penalty in agreement.penalties:
        name = TIER if binds_holder else penalty.target
        if name not in clocks.kept:
            continue
        kept = clocks.kept[name]
        target = clocks.target(name).within if binds_holder else kept.clock.target
        if binds_holder and (kept.terms is None or clocks.priority not in kept.terms.targets):
            continue
        late = clocks.used(name, now) - target
        amount, because = reckoned(agreement, penalty, late, account)
        yield Breach(penalty, late, kept.done_at, amount, because)


def at_stake(agreement: Agreement, penalty: Penalty, account: str | None) -> tuple[Decimal | None, str]:
    """What it costs from the first moment after the deadline."""
    return reckoned(agreement, penalty, LEAST, account)


def reckoned(
    agreement: Agreement, penalty: Penalty, late: timedelta, account: str | None
) -> tuple[Decimal | None, str]:
    """The amount, and how it comes about; no amount where the monthly fee is not known."""
    fee, where = agreement.fee_of(account)
    try:
        amount = due(penalty, late, fee=fee, currency=agreement.currency)
    except FeeUnknown:
        return None, f"{_basis(agreement, penalty, late, fee)}: {where}"
    basis = _basis(agreement, penalty, late, fee)
    if not isinstance(penalty, Fixed | PerStartedHour):
        basis = f"{basis} ({where})"
    return amount, f"{basis}, the most there is" if amount == penalty.cap else basis


def _basis(agreement: Agreement, penalty: Penalty, late: timedelta, fee: Decimal | None) -> str:
    hours = started_hours(late)
    each = f"{hours} started hour{'' if hours == 1 else 's'} at "
    if isinstance(penalty, Fixed):
        return f"{in_words(penalty.amount, agreement.currency)} once"
    if isinstance(penalty, PerStartedHour):
        return f"{each}{in_words(penalty.amount, agreement.currency)}"
    of = f"the monthly fee of {in_words(fee, agreement.currency)}" if fee is not None else "the monthly fee"
    return f"{each if penalty.per == 'started_hour' else ''}{penalty.percent:f} % of {of}"
