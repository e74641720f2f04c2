"""Amounts of money and of use, and days, in the words a customer reads or hears."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from actions.turn import Turn
from subscriber.client import Money, UsageKind, digits_of

LINES_ON_SCREEN = 25
LINES_FOR_THE_EAR = 5
FINEST: dict[UsageKind, Decimal] = {"data": Decimal("0.01"), "voice": Decimal(1), "sms": Decimal(1)}


def money(turn: Turn, value: Money) -> str:
    """ "£1,034.20"; a currency whose sign is not in `phrase_currencies` is named: "CHF 12.00"."""
    figure = f"{abs(value.amount):,.{digits_of(value.currency)}f}"
    signs = dict(entry.split() for entry in turn.phrases("phrase_currencies"))
    sign = signs.get(value.currency)
    written = f"{sign}{figure}" if sign else f"{value.currency} {figure}"
    return turn.phrase("phrase_below_zero").format(amount=written) if value.is_negative else written


def quantity(turn: Turn, kind: UsageKind, amount: Decimal) -> str:
    """ "16.2 GB", "59 minutes"."""
    rounded = amount.quantize(FINEST[kind], ROUND_HALF_UP)
    return turn.phrase(f"phrase_quantity_{kind}").format(amount=f"{rounded.normalize():,f}")


def day(turn: Turn, at: datetime) -> str:
    """ "3 December", in the operator's time zone; with the year when it is another than this one."""
    local, now = at.astimezone(turn.tools.timezone), turn.tools.now().astimezone(turn.tools.timezone)
    month = turn.phrases("phrase_months")[local.month - 1]
    name = "phrase_day" if local.year == now.year else "phrase_day_of_year"
    return turn.phrase(name).format(day=local.day, month=month, year=local.year)


def listed(turn: Turn, lines: Iterable[str]) -> str:
    """One below the other on the screen, one after the other for the ear; what is too much is counted."""
    all_lines = list(lines)
    most = LINES_FOR_THE_EAR if turn.medium == "ear" else LINES_ON_SCREEN
    shown = all_lines[:most]
    if hidden := len(all_lines) - len(shown):
        shown.append(turn.phrase("phrase_more_lines").format(count=hidden))
    return turn.phrase("phrase_between_lines").join(turn.phrase("phrase_line").format(line=line) for line in shown)
