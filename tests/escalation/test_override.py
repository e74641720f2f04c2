"""A person chooses another priority, and what follows from it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from escalation import override
from escalation.asks import PriorityAsked
from escalation.deadlines import fire_due
from escalation.errors import Incomplete, NotAllowed, NotLegal, Outdated
from escalation.policy import FrozenPolicy
from escalation.records import TicketRecord
from escalation.wire import TicketDetail
from tests.escalation.escalation_service import Running
from tests.escalation.shift import MONDAY_10, Shift

BILL: dict[str, Any] = {"category": "bill-dispute"}  # P3: respond within 4 h, resolve within 24 h of support-hours
WHY = "the regulator has called"


async def choose(
    shift: Shift, username: str, reference: str, priority: Any, *, reason: str = WHY, version: int | None = None
) -> TicketDetail:
    if version is None:
        version = (await shift.read(reference)).version
    asked = PriorityAsked(priority=priority, version=version, reason=reason)
    await override.prioritise(shift.office, username, reference, asked)
    return await shift.read(reference)


async def accepted(shift: Shift, **known: Any) -> str:
    reference = await shift.ticket(**{**BILL, **known})
    await shift.act("bea.novak", reference, "accept")
    return reference


async def fired(shift: Shift, reference: str) -> list[str]:
    await fire_due(shift.office)
    """What the watch did about the resolution."""
    audit = (await shift.read(reference)).audit
    return [entry.what for entry in audit if entry.who == "watch" and " resolve " in entry.what]


async def test_the_audit_keeps_what_was_computed_what_was_chosen_who_and_why(shift: Shift) -> None:
    reference = await accepted(shift)
    await choose(shift, "bea.novak", reference, "P2")

    ticket = await choose(shift, "sam.okoye", reference, "P1", reason="it is on the news")

    assert ticket.priority == "P1"
    assert [(entry.who, entry.what, entry.why) for entry in ticket.audit[-2:]] == [
        ("bea.novak", "prioritised", f"P3 to P2 (the rules made P3): {WHY}"),
        ("sam.okoye", "prioritised", "P2 to P1 (the rules made P3): it is on the news"),
    ]
    assert ticket.because[-2:] == ("Bea Novak chose P2 instead of P3.", "Sam Okoye chose P1 instead of P2.")


async def test_what_the_rules_made_outlives_a_change_of_the_rules(shift: Shift) -> None:
    reference = await accepted(shift)

    await choose(shift, "bea.novak", reference, "P1")

    async with shift.office.sessions() as session:
        kept = await session.scalar(select(TicketRecord.policy).where(TicketRecord.reference == reference))
    assert kept is not None
    assert FrozenPolicy.from_json(kept).derived == "P3"


async def test_the_working_time_that_was_used_counts_against_the_new_target(shift: Shift) -> None:
    reference = await accepted(shift)
    shift.watch.advance(hours=3)

    ticket = await choose(shift, "bea.novak", reference, "P1")

    assert ticket.resolve_by == MONDAY_10 + timedelta(hours=4)


async def test_a_night_that_did_not_count_is_not_counted_afterwards(shift: Shift) -> None:
    shift.watch.at = datetime(2026, 11, 23, 19, tzinfo=UTC)  # an hour before support-hours end
    reference = await shift.ticket(**BILL)
    shift.watch.at = datetime(2026, 11, 24, 9, tzinfo=UTC)  # an hour after they began again
    await shift.act("bea.novak", reference, "accept")

    ticket = await choose(shift, "bea.novak", reference, "P1")

    assert ticket.resolve_by == datetime(2026, 11, 24, 11, tzinfo=UTC)


async def test_the_targets_are_those_of_the_policy_at_opening(shift: Shift) -> None:
    reference = await accepted(shift)
    targets = shift.office.policy.sla.targets
    later = {name: target.model_copy(update={"within": timedelta(days=9)}) for name, target in targets["P2"].items()}  # type: ignore[index]
    targets["P2"] = later  # type: ignore[index]  # the operator edits sla.yml

    ticket = await choose(shift, "bea.novak", reference, "P2")

    assert ticket.resolve_by == MONDAY_10 + timedelta(hours=8)


async def test_steps_that_fired_do_not_fire_again_and_the_others_follow(shift: Shift) -> None:
    reference = await accepted(shift)
    shift.watch.advance(days=1)
    shift.watch.advance(hours=2)  # 12 working hours of 24 are used
    assert await fired(shift, reference) == ["warned: resolve 50%"]

    await choose(shift, "bea.novak", reference, "P4")  # 12 of 72: no share is reached
    after_lowering = await fired(shift, reference)
    await choose(shift, "bea.novak", reference, "P2", reason="it got worse")  # 12 of 8: all are

    assert after_lowering == ["warned: resolve 50%"]
    assert await fired(shift, reference) == [
        *after_lowering,
        "warned: resolve 75%",
        "moved up: resolve 100%",
        "moved up: resolve 150%",
    ]


async def test_a_deadline_that_was_missed_stays_missed(shift: Shift) -> None:
    reference = await shift.ticket(category="outage", service="down", affected="many")  # P1: 4 h
    await shift.act("felix.moreau", reference, "accept")
    shift.watch.advance(hours=4)

    ticket = await choose(shift, "sam.okoye", reference, "P4")

    states = {clock.name: clock.state for clock in ticket.clocks}
    assert (states["respond"], states["resolve"]) == ("met", "missed")


async def test_a_clock_that_stands_still_goes_on_with_the_new_target(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, **BILL)).ticket.reference
    await shift.act("bea.novak", reference, "accept")
    shift.watch.advance(hours=1)
    await shift.act("bea.novak", reference, "ask_customer", text="Which month?")
    shift.watch.advance(hours=1)

    paused = await choose(shift, "bea.novak", reference, "P1")
    shift.watch.advance(hours=1)
    await shift.says(contact_id, "May")

    assert paused.resolve_by is None
    assert (await shift.read(reference)).resolve_by == shift.watch() + timedelta(hours=3)


async def test_tier_and_responsible_person_stay(shift: Shift) -> None:
    reference = await accepted(shift)

    ticket = await choose(shift, "bea.novak", reference, "P1")

    assert (ticket.tier, ticket.assignee) == (1, "bea.novak")


async def test_the_console_is_told(shift: Shift) -> None:
    reference = await accepted(shift)

    await choose(shift, "bea.novak", reference, "P1")

    assert (await shift.events("escalation:staff"))[-1]["kind"] == "prioritised"


@pytest.mark.parametrize("username", ["amira.khan", "lena.fox", "mallory"])
async def test_only_who_accepted_it_and_the_supervisor_choose(shift: Shift, username: str) -> None:
    reference = await accepted(shift)

    with pytest.raises(NotAllowed):
        await choose(shift, username, reference, "P1")


async def test_a_ticket_that_nobody_accepted_is_the_supervisors(shift: Shift) -> None:
    reference = await shift.ticket(**BILL)

    with pytest.raises(NotAllowed):
        await choose(shift, "bea.novak", reference, "P2")
    assert (await choose(shift, "sam.okoye", reference, "P2")).priority == "P2"


async def test_a_reason_is_needed(shift: Shift) -> None:
    reference = await accepted(shift)

    with pytest.raises(Incomplete):
        await choose(shift, "bea.novak", reference, "P1", reason="  ")
    assert (await shift.read(reference)).priority == "P3"


async def test_the_same_priority_is_no_choice(shift: Shift) -> None:
    reference = await accepted(shift)

    with pytest.raises(NotLegal, match="is P3 already"):
        await choose(shift, "bea.novak", reference, "P3")


async def test_an_old_version_is_refused(shift: Shift) -> None:
    reference = await accepted(shift)

    with pytest.raises(Outdated):
        await choose(shift, "bea.novak", reference, "P1", version=1)


async def test_what_is_solved_keeps_its_priority(shift: Shift) -> None:
    reference = await accepted(shift)
    await shift.act("bea.novak", reference, "resolve", text="paid back")

    with pytest.raises(NotAllowed):
        await choose(shift, "sam.okoye", reference, "P1")


async def test_a_ticket_that_keeps_only_its_own_targets_is_not_moved_to_others(shift: Shift) -> None:
    reference = await accepted(shift)
    async with shift.office.change() as session:
        kept = await session.scalar(select(TicketRecord.policy).where(TicketRecord.reference == reference))
        assert kept is not None
        less = {name: value for name, value in kept.items() if name not in {"derived", "choices"}}
        await session.execute(update(TicketRecord).where(TicketRecord.reference == reference).values(policy=less))

    with pytest.raises(NotLegal, match="keeps no targets for P1"):
        await choose(shift, "bea.novak", reference, "P1")


async def test_through_the_door(running: Running) -> None:
    from escalation.client import Signals

    handed = await running.client.hand_over(uuid4(), Signals(category="bill-dispute", reason="not_helped"), key="k")
    reference = handed.ticket.reference
    ticket = await running.client.act("bea.novak", reference, "accept", version=1)

    chosen = await running.client.prioritise("bea.novak", reference, "P1", version=ticket.version, reason=WHY)

    assert (ticket.priority, chosen.priority, chosen.audit[-1].who) == ("P3", "P1", "bea.novak")
