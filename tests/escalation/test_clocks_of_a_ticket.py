"""The customer is told the reference and then kept up to date, and a tier does not sit on a ticket."""

from datetime import timedelta
from typing import Any

import pytest

from escalation import audit, intake, override
from escalation.asks import PriorityAsked
from escalation.deadlines import fire_due
from escalation.kind import Kind
from escalation.kind_wire import FileAsked
from escalation.wire import ClockView
from tests.escalation.shift import MONDAY_10, Shift

P1: dict[str, Any] = {"category": "outage", "service": "down", "affected": "many"}
BILL: dict[str, Any] = {"category": "bill-dispute"}


async def clock(shift: Shift, reference: str, name: str) -> ClockView:
    return next(clock for clock in (await shift.read(reference)).clocks if clock.name == name)


async def test_a_ticket_is_acknowledged_when_the_customer_hears_the_reference(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, told=False, **BILL)).ticket.reference
    before = await clock(shift, reference, "acknowledge")

    await shift.says(contact_id, f"It is F L, {' '.join(reference[3:7])}, {' '.join(reference[7:])}.", author="bot")

    assert (before.state, (await clock(shift, reference, "acknowledge")).state) == ("running", "met")


async def test_who_left_before_hearing_it_is_the_responsible_persons_to_find(shift: Shift) -> None:
    reference = (await shift.hand_over(await shift.contact(), told=False, **BILL)).ticket.reference
    shift.watch.advance(minutes=15)

    await fire_due(shift.office)

    assert (await shift.read(reference)).audit[-1].what == "warned: acknowledge 100%"
    assert "has not been told its reference" in (await shift.events("sms"))[-1]["text"]


async def test_every_message_to_the_customer_begins_the_next_interval(shift: Shift) -> None:
    reference = await shift.ticket(**P1)
    await shift.act("felix.moreau", reference, "accept")
    for _ in range(2):
        shift.watch.advance(minutes=50)
        await fire_due(shift.office)
        await shift.act("felix.moreau", reference, "reply", text="still on it")

    assert (await clock(shift, reference, "update")).due_at == shift.watch() + timedelta(hours=1)
    warned = [entry.what for entry in (await shift.read(reference)).audit if "update" in entry.what]
    assert warned == ["warned: update 75%"] * 2


async def test_another_tier_has_a_clock_of_its_own(shift: Shift) -> None:
    reference = await shift.ticket(**BILL)  # P3: 24 h, of which tier 1 may keep it 25 % and tier 2 40 %
    first = await clock(shift, reference, "tier")
    await shift.act("bea.novak", reference, "accept")
    shift.watch.advance(hours=2)

    await shift.act("bea.novak", reference, "hand_up", reason="needs a look")

    second = await clock(shift, reference, "tier")
    assert first.due_at == MONDAY_10 + timedelta(hours=6)
    assert second.due_at == MONDAY_10 + timedelta(hours=2 + 9.6 + 12)  # the night does not count


async def test_a_higher_priority_is_promised_to_the_customer(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, reachable="+447700900123", **BILL)).ticket.reference
    for priority in ("P2", "P4"):
        version = (await shift.read(reference)).version
        asked = PriorityAsked.model_validate({"priority": priority, "version": version, "reason": "so it is"})
        await override.prioritise(shift.office, "sam.okoye", reference, asked)

    texts = [sent["text"] for sent in await shift.events("sms") if "another priority" in sent["text"]]
    assert len(texts) == 1
    assert "should be solved by 18:00 on 23/11" in texts[0]


@pytest.mark.parametrize(("reachable", "has_update"), [(None, False), ("+447700900142", True)])
async def test_only_who_has_a_customer_owes_an_update(shift: Shift, reachable: str | None, has_update: bool) -> None:
    form = {"system": "switch", "expected": "a route", "happened": "none"}
    asked = FileAsked(kind=Kind.SYSTEM_PROBLEM, problem="no route", form=form, reachable=reachable)
    reference = await intake.file(shift.office, "sam.okoye", asked)
    shift.watch.advance(days=3)

    await fire_due(shift.office)

    ticket = await shift.read(reference)
    assert ("update" in [clock.name for clock in ticket.clocks]) is has_update
    assert any("update" in entry.what for entry in ticket.audit) is has_update
    found = await audit.audit(shift.office, days=30, within=timedelta(days=30))
    assert (found.checked, found.differences) == (1, [])
