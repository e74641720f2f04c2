"""Kinds of tickets: their names, their forms, and what they ask of a move."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from escalation.errors import Incomplete, NotLegal
from escalation.form import FORMS, fields_of, filled, may_begin_empty
from escalation.kind import Kind, check_move, named
from escalation.ticket import Move
from tests.escalation.shift import MONDAY_10

WINDOW = {"starts_at": "2026-11-24T01:00:00Z", "ends_at": "2026-11-24T03:00:00Z"}
STORABLE = some.characters(exclude_categories=["Cs"], exclude_characters="\x00")
PROBLEM = {"system": "billing", "expected": "a bill", "happened": "no bill"}


@dataclass
class Ticket:
    kind: str
    form: dict[str, Any] = field(default_factory=dict)
    resolved_at: datetime | None = None
    followed_up_at: datetime | None = None


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("complaint", Kind.COMPLAINT),
        ("Planned Maintenance", Kind.PLANNED_MAINTENANCE),
        ("ORDER_PROBLEM", Kind.ORDER_PROBLEM),
        ("Defect", None),
        ("", None),
    ],
)
def test_other_systems_may_write_a_kind_in_their_way(written: str, kind: Kind | None) -> None:
    assert named(written) is kind


def test_every_kind_has_a_form() -> None:
    assert set(FORMS) == set(Kind)


def test_a_conversation_becomes_only_what_needs_no_form() -> None:
    assert {kind for kind in Kind if not may_begin_empty(kind)} == {
        Kind.OPERATIONAL_TASK,
        Kind.PLANNED_MAINTENANCE,
        Kind.SYSTEM_PROBLEM,
        Kind.PARTNER_PROBLEM,
    }


@pytest.mark.parametrize(
    ("kind", "form", "complaint"),
    [
        (Kind.PLANNED_MAINTENANCE, {}, "starts_at: Field required"),
        (Kind.PLANNED_MAINTENANCE, {**WINDOW, "ends_at": WINDOW["starts_at"]}, "ends_at: the window must end after"),
        (Kind.PLANNED_MAINTENANCE, {**WINDOW, "ends_at": "2026-11-24T03:00:00"}, "ends_at: .*timezone"),
        (Kind.PLANNED_MAINTENANCE, {**WINDOW, "announced_by": ["sms"]}, "announced_at: "),
        (Kind.PLANNED_MAINTENANCE, {**WINDOW, "areas": ["x" * 201]}, r"areas\.0: "),
        (Kind.SYSTEM_PROBLEM, {**PROBLEM, "happened": ""}, "happened: "),
        (Kind.SYSTEM_PROBLEM, {**PROBLEM, "evidence": ["log"] * 21}, "evidence: "),
        (Kind.COMPLAINT, {"about": "weather"}, "about: "),
        (Kind.INCIDENT, {"colour": "red"}, "colour: "),
        (Kind.OPERATIONAL_TASK, {"due_at": "tomorrow"}, "due_at: "),
    ],
)
def test_a_mistake_in_a_form_names_its_field(kind: Kind, form: dict[str, Any], complaint: str) -> None:
    with pytest.raises(Incomplete, match=f"^{complaint}"):
        filled(kind, form)


def test_the_operator_may_require_more_than_the_form() -> None:
    with pytest.raises(Incomplete, match="order_number: Field required"):
        filled(Kind.ORDER_PROBLEM, {"product": "fibre"}, ["order_number"])


@given(
    some.builds(
        lambda services, days: {**WINDOW, "services": services, "ends_at": (MONDAY_10 + timedelta(days=days))},
        some.lists(some.text(STORABLE, min_size=1, max_size=200), max_size=5),
        some.integers(2, 9),
    )
)
def test_what_is_kept_of_a_form_is_a_form(form: dict[str, Any]) -> None:
    kept = filled(Kind.PLANNED_MAINTENANCE, form)

    assert filled(Kind.PLANNED_MAINTENANCE, kept) == kept
    assert {entry.name: entry.value for entry in fields_of(Kind.PLANNED_MAINTENANCE, kept)} == kept


@pytest.mark.parametrize("followed_up", [None, MONDAY_10 - timedelta(days=1)])
def test_a_complaint_is_not_closed_without_a_follow_up_of_the_solution_that_stands(
    followed_up: datetime | None,
) -> None:
    ticket = Ticket(Kind.COMPLAINT, resolved_at=MONDAY_10, followed_up_at=followed_up)

    with pytest.raises(NotLegal, match="follow-up"):
        check_move(ticket, Move.CLOSE, text="", now=MONDAY_10)
    ticket.followed_up_at = MONDAY_10
    check_move(ticket, Move.CLOSE, text="", now=MONDAY_10)


def test_maintenance_is_not_completed_before_it_starts() -> None:
    ticket = Ticket(Kind.PLANNED_MAINTENANCE, dict(WINDOW))
    starts_at = datetime.fromisoformat(WINDOW["starts_at"])

    with pytest.raises(NotLegal, match="24/11/2026 01:00"):
        check_move(ticket, Move.RESOLVE, text="done", now=starts_at - timedelta(seconds=1))
    check_move(ticket, Move.RESOLVE, text="done", now=starts_at)
    check_move(ticket, Move.CANCEL, text="", now=MONDAY_10)


def test_a_wish_is_not_resolved_without_an_answer() -> None:
    with pytest.raises(NotLegal, match="everyone who asked"):
        check_move(Ticket(Kind.WISH), Move.RESOLVE, text="", now=MONDAY_10)
