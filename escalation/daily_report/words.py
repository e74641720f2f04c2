"""The report as plain text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from escalation.indicators.figures import Figure
from escalation.indicators.wording import amount, target

MOST_MISSED = 20  # named one by one
NAME_WIDTH, VALUE_WIDTH = 44, 12
PART = {"acknowledge": "acknowledged", "respond": "answered", "update": "told more", "resolve": "solved"}


@dataclass(frozen=True, slots=True)
class Missed:
    """A target of a ticket that was missed on the day. `at`: when it should have been met, in local time."""

    reference: str
    priority: str
    tier: int
    clock: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Tickets that are open when the report is written."""

    tier: int
    count: int
    late: int  # of them with a target that is missed


@dataclass(frozen=True, slots=True)
class Report:
    operator: str
    day: date
    figures: Sequence[Figure]
    missed: Sequence[Missed]
    waiting: Sequence[Waiting]
    board_url: str

    def __str__(self) -> str:
        return "\n".join(_lines(self)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.operator}: {report.day:%A %-d %B %Y}"
    groups = {
        "Off target": [each for each in report.figures if each.is_met is False],
        "On target": [each for each in report.figures if each.is_met],
        "Without a target": [each for each in report.figures if each.is_met is None and each.value is not None],
    }
    for title, figures in groups.items():
        if figures:
            yield from ("", title, *(_figure(each) for each in figures))
    unmeasured = [each.name for each in report.figures if each.value is None]
    if unmeasured:
        yield from ("", f"Nothing to measure: {', '.join(unmeasured)}")
    yield from ("", *_missed(report.missed))
    yield from ("", *_waiting(report.waiting))
    yield from ("", f"The board: {report.board_url}")


def _figure(figure: Figure) -> str:
    assert figure.value is not None  # the groups hold measured ones
    aim = target(figure)
    before = "" if figure.before is None else f"the day before {amount(figure.unit, figure.before)}"
    rest = "; ".join(part for part in (aim, before) if part)
    return f"  {figure.name:<{NAME_WIDTH}} {amount(figure.unit, figure.value):>{VALUE_WIDTH}}   {rest}".rstrip()


def _missed(missed: Sequence[Missed]) -> Iterator[str]:
    if not missed:
        yield "No target was missed."
        return
    yield f"Targets missed: {len(missed)}"
    for each in missed[:MOST_MISSED]:
        what = PART.get(each.clock, "done at its level")
        yield f"  {each.reference}  {each.priority}  level {each.tier}  to be {what} by {each.at:%H:%M}"
    if len(missed) > MOST_MISSED:
        yield f"  and {len(missed) - MOST_MISSED} more"


def _waiting(waiting: Iterable[Waiting]) -> Iterator[str]:
    rows = [each for each in waiting if each.count]
    if not rows:
        yield "No ticket is open."
        return
    yield f"Open now: {sum(each.count for each in rows)}"
    for each in rows:
        yield f"  level {each.tier}: {each.count}" + (f", {each.late} of them late" if each.late else "")
