"""An agreement in words, section by section, as it is read in the console and printed. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from escalation.agreements.agreement import Agreement, Kind
from escalation.agreements.money import in_words
from escalation.agreements.penalty import Fixed, Penalty, PerStartedHour
from escalation.agreements.wire import AgreementPaper, AgreementRow, Line, Section, Table
from escalation.calendar import Calendar
from escalation.policy import Policy
from escalation.priority import Priority
from escalation.targets import TARGETS, Target

KINDS: Mapping[Kind, str] = {
    Kind.CUSTOMER: "Service level agreement",
    Kind.DEPARTMENT: "Operational level agreement",
    Kind.VENDOR: "Vendor contract",
    Kind.INTERCONNECT: "Interconnect agreement",
}
TARGET_NAMES = {
    "acknowledge": "Reference told",
    "respond": "First response",
    "update": "Next message",
    "resolve": "Solution",
}
COVERED = {
    "segment": "Customers of the segment",
    "account": "Customer",
    "topic": "Problems about",
    "filed_by": "Tickets filed by",
    "department": "Tickets held by the department",
    "system": "Tickets handed on for the system",
}
MEDIA = {"phone": "telephone", "email": "e-mail", "sms": "text message", "portal": "console", "api": "API (TMF621)"}
ROUNDING = {"half_up": "half a coin upwards", "half_even": "half a coin to the even one", "down": "down"}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNITS = (("hour", 3600), ("minute", 60), ("second", 1))


def row(agreement: Agreement, now: datetime) -> AgreementRow:
    return AgreementRow(
        id=agreement.id,
        version=agreement.version,
        kind=KINDS[agreement.kind],
        name=agreement.name,
        giver=agreement.giver,
        receiver=agreement.receiver,
        validity=_validity(agreement),
        is_valid=agreement.holds_at(now),
    )


def paper(agreement: Agreement, policy: Policy, now: datetime) -> AgreementPaper:
    parts = (
        _parties(agreement),
        _scope(agreement, policy),
        _targets(agreement, policy),
        _hours(agreement, policy),
        _penalties(agreement),
        _exclusions(agreement),
        _contacts(agreement),
        _communication(agreement),
    )
    return AgreementPaper(**row(agreement, now).model_dump(), sections=parts)


def _parties(agreement: Agreement) -> Section:
    given, received = agreement.between
    return Section(
        heading="Parties and validity",
        lines=(
            Line(name="Gives the service", text=f"{given.name} ({given.role})"),
            Line(name="Receives the service", text=f"{received.name} ({received.role})"),
            Line(name="Valid", text=f"{_validity(agreement)}, days of {agreement.zone}"),
            Line(name="Currency", text=agreement.currency),
        ),
    )


def _scope(agreement: Agreement, policy: Policy) -> Section:
    lines = []
    for field, words in COVERED.items():
        names = getattr(agreement.covers, field)
        if names:
            lines.append(Line(name=words, text=", ".join(_name(field, name, policy) for name in names)))
    if agreement.kind in {Kind.DEPARTMENT, Kind.VENDOR} or agreement.covers.system:
        lines.append(Line(name="While they are at", text=f"level {agreement.held_in}"))
    return Section(heading="What it covers", lines=tuple(lines))


def _name(field: str, name: str, policy: Policy) -> str:
    if field == "department":
        return policy.routing.departments[name].name
    if field == "system":
        return policy.routing.systems[name].name
    if field == "filed_by" and name in policy.people:
        return policy.people[name].name
    return name


def _promised(agreement: Agreement, policy: Policy) -> Mapping[Priority, Mapping[str, Target]]:
    """With the targets of the policy that hold where a customer's agreement says nothing."""
    if agreement.kind is Kind.CUSTOMER or agreement.covers.filed_by:
        segment = agreement.covers.segment[0] if agreement.covers.segment else ""
        topic = agreement.covers.topic[0] if agreement.covers.topic else ""
        return policy.freeze(Priority.P1, segment=segment, topic=topic, agreed=agreement).choices
    found = {priority: agreement.target(priority, "resolve") for priority in agreement.targets}
    return {priority: {"resolve": target} for priority, target in found.items() if target is not None}


def _targets(agreement: Agreement, policy: Policy) -> Section:
    promised = _promised(agreement, policy)
    names = [name for name in TARGETS if name != "acknowledge" and any(name in of for of in promised.values())]
    rows = tuple((str(priority), *(_time(of.get(name)) for name in names)) for priority, of in sorted(promised.items()))
    return Section(
        heading="Targets",
        lines=(Line(name="Counted", text="on the calendar that stands with each; not while we wait for an answer"),),
        table=Table(head=("Priority", *(TARGET_NAMES[name] for name in names)), rows=rows),
    )


def _time(target: Target | None) -> str:
    if target is None:
        return "-"
    less = ", less planned work" if target.exclude else ""
    return f"{duration(target.within)} ({target.calendar}{less})"


def _hours(agreement: Agreement, policy: Policy) -> Section:
    named = {target.calendar for of in _promised(agreement, policy).values() for target in of.values()}
    names = sorted(named | {agreement.service_hours}, key=lambda name: (name != agreement.service_hours, name))
    return Section(
        heading="Service hours",
        lines=tuple(Line(name=name, text="; ".join(hours(policy.calendars[name]))) for name in names),
    )


def hours(calendar: Calendar) -> Iterator[str]:
    """Days with the same hours together, and whose time it is."""
    if calendar.always:
        yield "round the clock, every day"
        return
    day = 0
    while day < len(DAYS):
        last = day
        while last + 1 < len(DAYS) and calendar.week.get(last + 1) == calendar.week.get(day):
            last += 1
        if blocks := calendar.week.get(day):
            days = DAYS[day] if last == day else f"{DAYS[day]} to {DAYS[last]}"
            yield f"{days} {' and '.join(_block(*block) for block in blocks)}"
        day = last + 1
    yield f"time zone {calendar.zone}"
    if calendar.country:
        yield f"except public holidays of {'-'.join(filter(None, (calendar.country, calendar.subdivision)))}"


def _block(opens: time, closes: time) -> str:
    return f"{opens:%H:%M} to {f'{closes:%H:%M}' if closes != time() else '24:00'}"


def _penalties(agreement: Agreement) -> Section:
    if not agreement.penalties:
        return Section(heading="Penalties", lines=(Line(name="None", text="a miss costs nothing"),))
    rows = tuple(
        (
            TARGET_NAMES[penalty.target],
            _cost(penalty, agreement.currency),
            in_words(penalty.cap, agreement.currency),
            ROUNDING[penalty.rounding],
        )
        for penalty in agreement.penalties
    )
    lines = [Line(name="Owed", text=f"by {agreement.giver} to {agreement.receiver}")]
    if agreement.monthly_fee is not None:
        lines.append(Line(name="Monthly fee", text=in_words(agreement.monthly_fee, agreement.currency)))
    for account, fee in agreement.account_fees.items():
        lines.append(Line(name=f"Monthly fee of {account}", text=in_words(fee, agreement.currency)))
    head = ("Target missed", "Cost", "At most, for one ticket", "Rounded")
    return Section(heading="Penalties", lines=tuple(lines), table=Table(head=head, rows=rows))


def _cost(penalty: Penalty, currency: str) -> str:
    if isinstance(penalty, Fixed):
        return f"{in_words(penalty.amount, currency)} once"
    if isinstance(penalty, PerStartedHour):
        return f"{in_words(penalty.amount, currency)} for each started hour"
    each = " for each started hour" if penalty.per == "started_hour" else " once"
    return f"{penalty.percent:f} % of the monthly fee{each}"


def _exclusions(agreement: Agreement) -> Section:
    return Section(
        heading="What does not count",
        lines=tuple(
            Line(name="Taken out by the clocks" if entry.window else "Judged by people", text=entry.says)
            for entry in agreement.exclusions
        ),
    )


def _contacts(agreement: Agreement) -> Section:
    rows = tuple(
        (f"Level {level}", contact.name, contact.phone or "-", contact.email or "-")
        for level, contact in sorted(agreement.contacts.items())
    )
    return Section(heading="Contacts for escalation", table=Table(head=("", "Name", "Telephone", "E-mail"), rows=rows))


def _communication(agreement: Agreement) -> Section:
    return Section(
        heading="Communication while a ticket is open",
        lines=(
            Line(name="By", text=", then ".join(MEDIA[medium] for medium in agreement.medium)),
            Line(name="How", text=agreement.process),
        ),
    )


def _validity(agreement: Agreement) -> str:
    begins = f"from {agreement.valid.begins:%-d %B %Y}"
    return f"{begins} to {agreement.valid.until:%-d %B %Y}" if agreement.valid.until else f"{begins} until it is ended"


def duration(within: timedelta) -> str:
    """The units that are not zero: 8 hours 30 minutes."""
    left, parts = int(within.total_seconds()), []
    for unit, size in UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " ".join(parts)
