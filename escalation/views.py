"""Tickets as others see them: records turned into what goes over the wire."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from escalation.clockwork import clocks_of
from escalation.policy import FrozenPolicy
from escalation.policy_files import PersonEntry
from escalation.records import AuditRecord, ClockRecord, NoteRecord, TicketRecord, TurnRecord
from escalation.wire import AuditEntry, ClockView, Note, TicketRow, TicketView, Turn

PROBLEM_SHOWN = 160
People = Mapping[str, PersonEntry]


def ticket_view(ticket: TicketRecord, clocks: Sequence[ClockRecord], people: People) -> TicketView:
    return TicketView.model_validate(_viewed(ticket, clocks, people))


def _viewed(ticket: TicketRecord, clocks: Sequence[ClockRecord], people: People) -> dict[str, Any]:
    due = {clock.name: clock.due_at for clock in clocks}
    return {
        "ticket_id": ticket.id,
        "reference": ticket.reference,
        "status": ticket.status,
        "priority": ticket.priority,
        "tier": ticket.tier,
        "department": ticket.department,
        "category": ticket.category,
        "respond_by": due.get("respond"),
        "resolve_by": due.get("resolve"),
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "agent_name": name_of(ticket.assignee, people),
        "last_public_note": ticket.last_public_note,
    }


def ticket_row(
    ticket: TicketRecord,
    clocks: Sequence[ClockRecord],
    people: People,
    *,
    policy: FrozenPolicy,
    channel: str | None,
    now: datetime,
) -> TicketRow:
    """`policy`: the ticket's own."""
    nearest = min((clock for clock in clocks if clock.due_at is not None), key=_due, default=None)
    left_share = 1.0
    if nearest is not None:
        left_share = round(1 - clocks_of(ticket, clocks, policy).share_used(nearest.name, now), 4)
    return TicketRow.model_validate(
        {
            **_viewed(ticket, clocks, people),
            "kind": ticket.kind,
            "problem": ticket.problem[:PROBLEM_SHOWN],
            "channel": channel,
            "live": ticket.live,
            "left_s": int((_due(nearest) - now).total_seconds()) if nearest is not None else None,
            "left_share": left_share,
            "assignee": ticket.assignee,
            "unread": ticket.unread,
            "next_due_at": ticket.next_due_at,
        }
    )


def clock_views(ticket: TicketRecord, clocks: Sequence[ClockRecord], now: datetime) -> list[ClockView]:
    known = clocks_of(ticket, clocks)
    return [
        ClockView.model_validate(
            {
                "name": record.name,
                "due_at": record.due_at,
                "state": _state(record, now),
                "share": round(known.share_used(record.name, now), 4),
            }
        )
        for record in clocks
    ]


def turn_view(turn: TurnRecord) -> Turn:
    return Turn.model_validate(
        {
            "contact_id": turn.contact_id,
            "turn_id": turn.turn_id,
            "author": turn.author,
            "text": turn.text,
            "at": turn.at,
            "choices": turn.choices,
            "about": turn.about,
        }
    )


def note_view(note: NoteRecord, people: People) -> Note:
    author = name_of(note.author, people) or note.author
    return Note(
        author=author,
        at=note.at,
        text=note.text,
        public=note.public,
        attachment_id=note.attachment_id,
        addressee=note.addressee,
        to=name_of(note.addressee, people),
    )


def audit_view(entry: AuditRecord) -> AuditEntry:
    return AuditEntry(at=entry.at, who=entry.who, what=entry.what, why=entry.why)


def name_of(username: str | None, people: People) -> str | None:
    """The person's name; somebody who is no longer in people.yml is shown by username."""
    if username is None:
        return None
    return people[username].name if username in people else username


def _due(clock: ClockRecord) -> datetime:
    assert clock.due_at is not None
    return clock.due_at


def _state(record: ClockRecord, now: datetime) -> str:
    late = record.late or (record.due_at is not None and now >= record.due_at)
    if late:
        return "missed"
    if record.done_at is not None:
        return "met"
    return "paused" if record.since is None else "running"
