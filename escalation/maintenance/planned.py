"""A maintenance window: when it is, what it affects, and which of its time does not count. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from escalation.excluded import Window
from escalation.kind import Kind
from escalation.maintenance.records import MaintenanceRecord
from escalation.records import TicketRecord
from escalation.ticket import FINAL, Status

Phase = Literal["announced", "begun", "ended", "called off"]
FAULTS = frozenset({Kind.INCIDENT, Kind.SYSTEM_PROBLEM, Kind.PARTNER_PROBLEM})
_OFF = FINAL - {Status.CLOSED}
EXCLUDED: str = "maintenance"  # what a target names in its `exclude`


@dataclass(frozen=True, slots=True)
class Planned:
    """`ends` is when the work was done, where that was earlier than planned. Names are in small letters."""

    window_id: UUID
    reference: str
    begins: datetime
    ends: datetime
    services: frozenset[str]
    areas: frozenset[str]
    system: str | None
    is_off: bool
    promised_until: datetime | None  # its end as customers could know it before it began; None: it was not announced

    @classmethod
    def of(cls, ticket: TicketRecord, record: MaintenanceRecord | None) -> "Planned":
        form = ticket.form
        begins, ends = _instant(form, "starts_at"), _instant(form, "ends_at")
        until = record.announced_until if record is not None else None
        if until is None and "announced_at" in form and _instant(form, "announced_at") <= begins:
            until = ends
        return cls(
            window_id=ticket.id,
            reference=ticket.reference,
            begins=begins,
            ends=max(begins, min(ends, ticket.resolved_at or ends)),
            services=frozenset(map(_name, form.get("services", ()))),
            areas=frozenset(map(_name, form.get("areas", ()))),
            system=form.get("system"),
            is_off=ticket.status in _OFF or ticket.deleted_at is not None,
            promised_until=until,
        )

    def runs_at(self, at: datetime) -> bool:
        return not self.is_off and self.begins <= at < self.ends

    def affects(self, *, services: Collection[str], area: str | None, system: str | None) -> bool:
        """A ticket about these services in this area, or about this system.

        A window that names no services affects all, one that names no areas is everywhere. What a ticket does not
        say is not supposed: without a service, or without an area where the window names some, it is not affected.
        """
        if system is not None:
            return system == self.system
        if not services or (self.services and self.services.isdisjoint(map(_name, services))):
            return False
        return not self.areas or (area is not None and _name(area) in self.areas)

    def excluded(self) -> Window | None:
        """What does not count: what was announced before the window began, and not what it took longer."""
        until = min(self.ends, self.promised_until) if self.promised_until is not None else self.begins
        return Window(self.begins, until, EXCLUDED, self.reference) if self.begins < until else None


def phases(planned: Planned, record: MaintenanceRecord, now: datetime, *, before: timedelta) -> Iterator[Phase]:
    """What has become due and has not happened, in order."""
    if planned.is_off:
        if record.ended_at is None:
            yield "called off"
        return
    if record.announced_at is None and planned.begins - before <= now < planned.begins:
        yield "announced"
    if record.begun_at is None and planned.begins <= now:
        yield "begun"
    if record.ended_at is None and planned.ends <= now:
        yield "ended"


def _instant(form: Mapping[str, str], name: str) -> datetime:
    return datetime.fromisoformat(form[name])


def _name(written: str) -> str:
    return written.strip().lower()
