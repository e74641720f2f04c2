"""What the policy makes of a ticket, in plain words, for those who write priority.yml, sla.yml, tiers.yml ..."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, ConfigDict, ValidationError

from escalation.beginning import Beginning, begin
from escalation.foretold import foretell
from escalation.policy import Policy
from escalation.priority import Assessment, Level, Weight, assess
from escalation.signals import COUNTING, Signals, seriousness
from escalation.tier import VENDORS

_MORE = {"update": ", anew after each message to the customer", "tier": ", anew in each tier"}
WRONG_INPUT = 2
UNITS = (("hour", 3600), ("minute", 60), ("second", 1))
TICKET = """\
TICKET is a JSON object: the signals of a hand-over, as escalation.client.Signals has them, and when the ticket opens.
Needed are a category (a topic of routing.yml) and a reason (no_answer, not_helped, wants_person, filed ...), e.g.

  {"category": "broadband-down", "reason": "not_helped", "service": "down", "affected": "several", "segment": "gold",
   "safety": false, "vulnerable": true, "revenue_at_risk": false, "regulatory_complaint": false, "repeat_contacts": 1,
   "days_since_first_contact": 3, "live": false, "department": null, "opened_at": "2026-11-23T10:00:00Z"}

What is left out is neutral; without opened_at it opens now. The exit code is 2 when TICKET is wrong.
"""


class TicketAsked(Signals):
    """Signals as a person writes them down: a name that is not known is a mistake of spelling."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opened_at: AwareDatetime | None = None


KNOWN = ", ".join(TicketAsked.model_fields)


class NotATicket(Exception):
    """The message names the file, and the field or the place in it."""


def read_ticket(source: str) -> TicketAsked:
    """From a file, or from standard input for `-`. Raises NotATicket."""
    name = "standard input" if source == "-" else source
    try:
        written = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        return TicketAsked.model_validate(json.loads(written))
    except OSError as error:
        raise NotATicket(f"{name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise NotATicket(f"{name}: is not a text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise NotATicket(f"{name}:{error.lineno}:{error.colno}: is not JSON: {error.msg}") from None
    except ValidationError as error:
        faults = [
            f"{name}: {'.'.join(str(part) for part in fault['loc']) or 'the ticket'}: "
            + (f"unknown field; known: {KNOWN}" if fault["type"] == "extra_forbidden" else fault["msg"])
            for fault in error.errors()
        ]
        raise NotATicket("\n".join(faults)) from None


def explain(found: Policy, signals: Signals, opened_at: datetime) -> str:
    """By the same `begin` that opens tickets; supposing that nobody acts on it."""
    begun = begin(found, signals, opened_at)
    parts = (
        _priority(found, signals, begun),
        _place(found, signals, begun),
        _deadlines(found, signals, begun, opened_at),
        _warnings(found, begun, opened_at),
    )
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _priority(found: Policy, signals: Signals, begun: Beginning) -> Iterator[str]:
    made, least = begun.assessment, found.urgency(signals.category)
    yield f"Priority {made.priority}"
    known = signals.model_dump(include=set(COUNTING))
    for name, value in known.items():
        if seriousness(name, value):
            says = [_calls(weight, known) for weight in made.counted if name in weight.when]
            without = found.assess(signals.model_copy(update={name: Signals.model_fields[name].default}))
            told = "; ".join(says) or "reaches no weight of priority.yml"
            yield f"  {name} {json.dumps(value)}: {told}. {_without(made, without)}"
    if least > Level.LOW:
        without = assess(signals, found.rules)
        yield f"  topic {signals.category}: routing.yml calls for urgency {_word(least)}. {_without(made, without)}"
    if not made.counted and least is Level.LOW:
        yield "  No signal counts: one customer, and nothing stands still."
    yield (
        f"  The highest level counts: impact {_word(made.impact)}, urgency {_word(made.urgency)}. "
        f"The matrix of priority.yml makes {made.priority} of them."
    )


def _calls(weight: Weight, known: Mapping[str, Any]) -> str:
    levels = (("impact", weight.impact), ("urgency", weight.urgency))
    calls = " and ".join(f"{name} {_word(level)}" for name, level in levels if level > Level.LOW)
    return f"{weight.says.format_map(known)}, which calls for {calls}"


def _without(made: Assessment, other: Assessment) -> str:
    changes = [
        f"{name} would be {_word(level)}"
        for name, level, now in (("impact", other.impact, made.impact), ("urgency", other.urgency, made.urgency))
        if level is not now
    ]
    if not changes:
        return "Without it nothing would change."
    still = "still " if other.priority is made.priority else ""
    return f"Without it {' and '.join(changes)}: {still}{other.priority}."


def _word(level: Level) -> str:
    return level.name.lower()


def _place(found: Policy, signals: Signals, begun: Beginning) -> Iterator[str]:
    number, department = begun.asked.tier, begun.department
    tier_name = found.tiers.tiers[number].name
    yield "Where it starts"
    if begun.category != signals.category:
        yield f"  topic:      {signals.category} is not in routing.yml: treated as {begun.category}"
    if signals.department not in (None, department):
        yield f"  hint:       {signals.department} is not a department of routing.yml: not followed"
    yield f"  department: {found.routing.departments[department].name} ({department})"
    starts = f"tiers.yml starts {begun.assessment.priority} in {_starts(found, begun)}"
    yield f"  tier:       {number}, {tier_name} ({starts})"
    yield f"  {'vendor' if number == VENDORS else 'queue'}:      {found.queue_name(department, number)}"
    told = f", told {_how(found, begun.asked.contact)}" if begun.is_first_told else ""
    yield f"  person:     {_person(found, begun.asked.contact)}{told}"
    for name in begun.informed:
        yield f"  informed:   {_person(found, name)}, {_how(found, name)}"


def _starts(found: Policy, begun: Beginning) -> str:
    start = found.tiers.start[begun.assessment.priority]
    return f"tier {start}" if start == begun.asked.tier else f"tier {start}, where this department has nobody"


def _deadlines(found: Policy, signals: Signals, begun: Beginning, opened_at: datetime) -> Iterator[str]:
    yield f"Deadlines (times of {found.messages.zone}; opened {_local(found, opened_at)})"
    yield from _targets(found, begun)
    if begun.is_live:
        accept_by, within = opened_at + found.sla.accept_within, _long(found.sla.accept_within)
        yield f"  accept:      {_local(found, accept_by)}, within {within}, or the next is asked: the customer waits"
    elif signals.live:
        hours = found.tiers.tiers[begun.asked.tier].open
        yield f"  accept:      nobody is asked at once: tier {begun.asked.tier} answers in calendar {hours} only"


def _targets(found: Policy, begun: Beginning) -> Iterator[str]:
    for name, kept in begun.clocks.kept.items():
        within = f"within {_long(kept.clock.target)} of calendar {kept.calendar}"
        less = "".join(f", less {kind}" for kind in begun.clocks.target(name).exclude)
        yield f"  {name + ':':<12} {_local(found, kept.clock.due_at)}, {within}{less}{_MORE.get(name, '')}"


def _warnings(found: Policy, begun: Beginning, opened_at: datetime) -> Iterator[str]:
    yield "If nobody acts on it, and the customer is told the reference at once"
    for step in foretell(found, begun, opened_at):
        when, person = f"  {_local(found, step.at)}  {step.at_pct} % of {step.clock}:", step.asked.contact
        if step.do == "warn":
            yield f"{when} {_person(found, person)} is warned {_how(found, person)}"
        else:
            queue = found.queue_name(begun.department, step.asked.tier)
            yield f"{when} it goes to {_person(found, person)}, tier {step.asked.tier}, {queue}"


def _person(found: Policy, username: str) -> str:
    return f"{found.people[username].name} ({username})"


def _how(found: Policy, username: str) -> str:
    return "by text message" if found.people[username].phone else "in the console only, without a telephone number"


def _local(found: Policy, at: datetime | None) -> str:
    return f"{at.astimezone(ZoneInfo(found.messages.zone)):%a %d %b %Y %H:%M %Z}" if at is not None else "-"


def _long(duration: timedelta) -> str:
    """In the largest unit that divides it, hours at most: a working day is not a day."""
    seconds = int(duration.total_seconds())
    unit, size = next((unit, size) for unit, size in UNITS if seconds % size == 0)
    return f"{seconds // size} {unit}{'' if seconds == size else 's'}"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    command = commands.add_parser(
        "explain",
        help="why a ticket gets its priority, where it starts, its deadlines, and who is warned",
        epilog=TICKET,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("ticket", metavar="TICKET", help="a JSON file, or - for standard input")
    return command


def answer(found: Policy, source: str) -> int:
    """Written to standard output; the exit code."""
    try:
        asked = read_ticket(source)
    except NotATicket as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_INPUT
    sys.stdout.write(explain(found, asked, asked.opened_at or datetime.now(UTC)))
    return 0
