"""How the console words what the system knows: names of codes, times, and how a clock stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from escalation.client import BY_ITSELF, ClockView, TicketRow

Tone = Literal["calm", "warn", "late", "still"]

WARN_LEFT_SHARE = 0.25  # a quarter of the time left: the clock turns amber
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
MINUTE, HOUR, DAY = 60, 3600, 86400

STATUSES = {
    "acknowledged": "New",
    "inProgress": "In progress",
    "pending": "Waiting for customer",
    "held": "On hold",
    "resolved": "Resolved",
    "closed": "Closed",
    "rejected": "Rejected",
    "cancelled": "Cancelled",
}
PRIORITIES = {"P1": "P1 Critical", "P2": "P2 High", "P3": "P3 Normal", "P4": "P4 Low"}
TIERS = {1: "Level 1", 2: "Level 2", 3: "Level 3", 4: "Level 4 (vendor)"}
ROLES = {
    "supervisor": "supervisor",
    "corporate_engineer": "corporate customers",
    "partner": "partner",
    "field_technician": "field technician",
    "vendor": "vendor",
    "auditor": "auditor",
    "administrator": "administrator",
}
SEGMENTS = {"consumer": "Private customers", "gold": "Gold customers", "corporate": "Companies"}
SHORTCUTS = (  # as console/static/shortcuts.js has them: the keys, one after the other, and what they do
    (("?",), "Show this help"),
    (("g", "q"), "Go to the queue"),
    (("g", "n"), "File a new ticket"),
    (("/",), "Search the queue"),
    (("j",), "Next ticket in the queue"),
    (("k",), "Ticket before it"),
    (("Enter",), "Open the ticket"),
    (("a",), "Accept the ticket"),
    (("r",), "Reply to the customer"),
    (("n",), "Write an internal note"),
    (("c",), "Canned replies"),
    (("z",), "Undo what you have just done to the ticket"),
    (("Ctrl", "Enter"), "Send what you wrote"),
)
UNDO = {  # what a person has just done to a ticket, and can undo
    "hold": "You put it on hold.",
    "resume": "You went on with it.",
    "prioritised": "You changed its priority.",
    "transferred": "You moved it to another department.",
    "linked": "You linked it.",
}
DEPARTMENTS = (
    "frontline",
    "billing",
    "provisioning",
    "fixed-access",
    "radio",
    "core",
    "customer-care-systems",
    "mediation",
    "order-management",
)
REASONS = {
    "wants_person": "Asked for a person",
    "not_helped": "The answers did not help",
    "no_answer": "The assistant had no answer",
    "article": "This problem goes to people",
    "safety": "Safety",
    "outage": "Known outage",
    "bot_silent": "The assistant did not answer",
    "left": "Left while being handed over",
    "no_input": "Said nothing on the phone",
    "no_match": "Was not understood",
    "verification_failed": "Could not be verified",
    "filed": "Filed without a dialogue",
}
ATTEMPTS = {
    "reached": "Reached",
    "busy": "Busy",
    "no_answer": "No answer",
    "mailbox": "Mailbox",
}  # what a person may say
ATTEMPTED = {
    **ATTEMPTS,
    "no_key": "Picked up, no key pressed",
    "later": "Asked for another time",
    "failed": "Did not ring",
}
OFFERS = {
    "accepted": "accepted",
    "refused": "refused",
    "no_answer": "did not answer in time",
    "off_duty": "went off duty",
    "overloaded": "had too much by then",
    "withdrawn": "no longer needed",
}
RELATIONS = {
    "child-of": "part of the major incident",
    "duplicate-of": "a duplicate of",
    "caused-by": "caused by the maintenance",
    "same-wish-as": "the same wish as",
}
OUTAGES = {
    "suspected": "Suspected outage",
    "confirmed": "Major incident",
    "dismissed": "No outage",
    "over": "Outage, over",
}
AFFECTED = {"one": "One person", "several": "Several people", "many": "Many people"}
SERVICES = {"down": "Down", "degraded": "Degraded", "ok": "Working"}
CHECKS = {"line_test": "Line test", "outage": "Known outage", "account": "Account"}
SPELLED = {
    "sim": "SIM",
    "sms": "SMS",
    "email": "E-mail",
    "tv": "TV",
    "wifi": "Wi-Fi",
    "balance-topup": "Balance and top-up",
}
CLOCKS = {  # as they run out
    "acknowledge": "Customer told the reference",
    "respond": "First response by a person",
    "update": "Next message to the customer",
    "tier": "This level passes it on",
    "resolve": "Problem solved",
}
READS_AGREEMENTS = frozenset({"supervisor", "auditor", "administrator"})
EXPOSURES: dict[str, tuple[str, Tone]] = {
    "in_danger": ("At stake", "warn"),
    "missed": ("Missed", "late"),
    "met": ("Met", "calm"),
}
AUTHORS = {"customer": "Customer", "bot": "Assistant", "agent": "Agent", "system": "System"}


def caller(who: str) -> str:
    """Who tried to call a customer back."""
    return "rung by Firstline" if who == BY_ITSELF else who


def size(size_bytes: int) -> str:
    """Of a file: "84 kB", "1.2 MB"."""
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1_000_000 else f"{max(1, round(size_bytes / 1000))} kB"


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Never colour alone: the words say the same."""

    words: str
    tone: Tone


def time_left(left_s: int | None, left_share: float) -> TimeLeft:
    """`left_share` is the part of the target that is still left, 1 to 0; `left_s` None = no clock runs."""
    if left_s is None:
        return TimeLeft("No clock running", "still")
    if left_s < 0:
        return TimeLeft(f"{duration(-left_s)} late", "late")
    return TimeLeft(f"{duration(left_s)} left", "warn" if left_share <= WARN_LEFT_SHARE else "calm")


def place(row: TicketRow) -> str:
    """Where a list has the row: lists stand in the order of this text, as escalation gives them."""
    due = row.next_due_at.astimezone(UTC).isoformat(timespec="microseconds") if row.next_due_at else "no deadline"
    return f"{due} {row.created_at.astimezone(UTC).isoformat(timespec='microseconds')}"


def clock_left(clock: ClockView, now: datetime) -> TimeLeft:
    """How one clock of a ticket stands."""
    if clock.state == "met":
        return TimeLeft("Met", "calm")
    if clock.state == "missed" and clock.due_at is None:
        return TimeLeft("Missed", "late")
    if clock.state == "paused" or clock.due_at is None:
        return TimeLeft("Stands still", "still")
    return time_left(int((clock.due_at - now).total_seconds()), 1 - clock.share)


def in_order(clocks: Sequence[ClockView]) -> list[ClockView]:
    """A clock with another name stands last."""
    order = [*CLOCKS]
    return sorted(clocks, key=lambda clock: order.index(clock.name) if clock.name in CLOCKS else len(order))


def clock_name(name: str) -> str:
    """What has to happen before this clock runs out."""
    return CLOCKS.get(name) or name_of(name)


def duration(seconds: int) -> str:
    """Two units at most: "under 1 min", "12 min", "2 h 5 min", "3 d 4 h"."""
    if seconds < MINUTE:
        return "under 1 min"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < DAY:
        return _pair(seconds // HOUR, "h", seconds % HOUR // MINUTE, "min")
    return _pair(seconds // DAY, "d", seconds % DAY // HOUR, "h")


def _pair(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"


def name_of(code: str) -> str:
    """A topic's or department's code as words: "bill-dispute" -> "Bill dispute"."""
    return SPELLED.get(code) or code.replace("-", " ").replace("_", " ").capitalize()


def written(value: JsonValue) -> str:
    """A field of a form: an instant as `stamp` writes it, several values with commas."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(written(part) for part in value)
    if isinstance(value, str) and INSTANT.match(value):
        return stamp(datetime.fromisoformat(value))
    return str(value)


def money(amount: Decimal, currency: str) -> str:
    """GBP 1,204.50: escalation has rounded it to the coins of its currency."""
    return f"{currency} {amount.normalize() if amount == amount.to_integral() else amount:,f}"


def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def stamp(at: datetime) -> str:
    """What stands in the page until the script puts it into the reader's own time zone."""
    return at.astimezone(UTC).strftime("%-d %b %H:%M UTC")


def local(at: str, zone: str) -> str:
    """An instant as a field for a date and a time holds it."""
    return datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def standing(role: str, tier: int) -> str:
    """Who somebody is to their colleagues: an agent by level, a supervisor by both, everybody else by role."""
    level = TIERS.get(tier, f"Level {tier}")
    if role == "agent":
        return level
    words = ROLES.get(role, name_of(role))
    return f"{level}, {words}" if role == "supervisor" else words.capitalize()


def live_mark(channel: str | None, live: bool) -> str:
    """ "" when nobody waits at the other end."""
    if not live:
        return ""
    return "On the phone now" if channel == "voice" else "In chat now"


def channel_name(channel: str | None) -> str:
    return {"voice": "Phone", "chat": "Chat"}.get(channel or "", "Filed")
