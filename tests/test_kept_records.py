"""What an earlier release has kept is read by this one: conversations, calls and queues outlive an upgrade.

A record that was kept before a field was thought of does not have it. So a kept record needs no more than it ever did:
a new field has a default, or whoever is upgraded in the middle of a conversation loses it.
"""

import dataclasses
import typing
from typing import Any

import pytest
from pydantic import BaseModel

from actions.memory import Memory
from chat.event import Item
from chat.session import Conversation
from escalation.outages.outage_wire import FaultReport
from escalation.visits.visit_wire import VisitAgreed
from escalation.wire import ContactStart, LiveEvent, StaffEvent, Turn
from ivr.call import Call

MEMORIES = tuple(Memory.__subclasses__())  # the assistant's slots
KEPT = (
    *(Conversation, Item),  # chat:conversation:*, chat:inbox:*
    *(ContactStart, Turn),  # chat:trail, ivr:trail
    Call,  # ivr:call:*
    *(FaultReport, VisitAgreed),  # assistant:told-later
    *(LiveEvent, StaffEvent),  # the outbox and its streams
    *MEMORIES,
)
NEEDED = {
    "chat.session.Conversation": {"id", "token_hash", "language", "started_at", "active_at", "seen_at"},
    "chat.session.Episode": {"key"},
    "chat.session.Owed": {"key", "signals"},
    "chat.event.Item": {"kind", "message_id"},
    "escalation.wire.ContactStart": {"contact_id", "channel", "language", "started_at"},
    "escalation.wire.Turn": {"contact_id", "turn_id", "author", "text", "at"},
    "escalation.wire.LiveEvent": {"event_id", "kind", "contact_id", "channel", "at"},
    "escalation.wire.StaffEvent": {"kind", "reference", "at"},
    "escalation.wire.TicketView": {
        *("ticket_id", "reference", "status", "priority", "tier", "department", "category", "respond_by"),
        *("resolve_by", "created_at", "updated_at", "agent_name", "last_public_note"),
    },
    "escalation.wire.Check": {"name", "result", "at"},
    "escalation.wire.Step": {"flow", "step", "result"},
    "escalation.signals.Signals": {"reason", "category"},
    "escalation.attachments.attachment_wire.Attachment": {"id", "name", "media_type", "size_bytes", "at"},
    "escalation.outages.outage_wire.FaultReport": {"area", "service", "reporter", "channel", "contact_id"},
    "escalation.visits.visit_wire.VisitAgreed": {
        *("visit_id", "customer_id", "contact_id", "channel", "begins_at", "ends_at"),
    },
    "ivr.call.Call": {"call_sid", "contact_id", "caller", "language"},
    "ivr.call.Prompt": {"text"},
    "ivr.call.Episode": {"key"},
    "ivr.call.Doubt": {"about", "prompt", "shown", "text"},
    "ivr.call.Holding": {"number", "since"},
    "ivr.call.Incident": {"area", "reporter", "service"},
    "actions.memory.Window": {"label", "begins", "ends"},
    "actions.memory.Option": {"product_id", "label"},
    "actions.memory.House": {"label", "address_id"},
    **{f"{memory.__module__}.{memory.__name__}": set() for memory in MEMORIES},
}


def records_in(kind: Any, found: set[type]) -> set[type]:
    """`found` and every record that a type is made of, itself included."""
    if kind in found:
        return found
    is_record = isinstance(kind, type) and (issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind))
    if is_record:
        found.add(kind)
    for part in typing.get_type_hints(kind).values() if is_record else typing.get_args(kind):
        records_in(part, found)
    return found


def needed_by(record: type) -> set[str]:
    if issubclass(record, BaseModel):
        return {name for name, field in record.model_fields.items() if field.is_required()}
    missing = dataclasses.MISSING
    fields = dataclasses.fields(record)  # type: ignore[arg-type]  # a record is one or the other
    return {field.name for field in fields if field.default is missing and field.default_factory is missing}


def name_of(record: type) -> str:
    return f"{record.__module__}.{record.__name__}"


RECORDS = sorted(set().union(*(records_in(kind, set()) for kind in KEPT)), key=name_of)


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_record_needs_no_field_that_was_not_kept_before(record: type) -> None:
    kept_before = NEEDED[name_of(record)]

    assert needed_by(record) <= kept_before, "a new field of a kept record needs a default"


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_field_of_a_newer_release_is_passed_over(record: type) -> None:
    """While copies of both releases run, the older one reads what the newer one kept."""
    assert getattr(record, "model_config", {}).get("extra") in {None, "ignore"}
