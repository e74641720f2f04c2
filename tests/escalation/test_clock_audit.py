"""The auditor: what fired is what the trail says should have, and what is wrong is named."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from escalation import clockwork, override
from escalation.asks import PriorityAsked
from escalation.audit import audit
from escalation.deadlines import fire_due
from escalation.excluded import Window
from escalation.records import AuditRecord, ClockRecord, StepRecord, TicketRecord
from escalation.store import lock_case
from tests.escalation.shift import Shift

BILL: dict[str, Any] = {"category": "bill-dispute"}


async def watched(shift: Shift, *, hours: float) -> None:
    """The watch looks every quarter of an hour for so long."""
    for _ in range(int(hours * 4)):
        shift.watch.advance(minutes=15)
        await fire_due(shift.office)


async def found(shift: Shift) -> list[str]:
    return (await audit(shift.office, within=timedelta(minutes=15))).differences


async def a_full_life(shift: Shift) -> str:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, reachable="+447700900123", **BILL)).ticket.reference
    await watched(shift, hours=2.5)
    await shift.act("bea.novak", reference, "accept")
    await shift.act("bea.novak", reference, "reply", text="we are looking at it")
    await shift.act("bea.novak", reference, "hand_up", reason="needs a look")
    version = (await shift.read(reference)).version
    await override.prioritise(
        shift.office, "sam.okoye", reference, PriorityAsked(priority="P2", version=version, reason="it got worse")
    )
    await exclude(shift, reference, hours=2)
    await watched(shift, hours=5)
    await shift.act("sam.okoye", reference, "accept")
    await shift.act("sam.okoye", reference, "ask_customer", text="Which month?")
    await watched(shift, hours=6)
    await shift.says(contact_id, "May")
    await watched(shift, hours=1)
    await shift.act("sam.okoye", reference, "resolve", text="paid back")
    await watched(shift, hours=3)
    await shift.act("sam.okoye", reference, "reopen", reason="not paid back")
    await watched(shift, hours=4)
    return reference


async def exclude(shift: Shift, reference: str, *, hours: int) -> None:
    now = shift.watch()
    async with shift.office.change() as session:
        case = await lock_case(session, TicketRecord.reference == reference)
        assert case is not None
        clockwork.exclude(case, Window(now, now + timedelta(hours=hours), "maintenance"), now)
        case.audit(now, "policy", "excluded", "planned work")


async def test_a_full_life_of_a_ticket_has_no_difference(shift: Shift) -> None:
    reference = await a_full_life(shift)

    checked = await audit(shift.office, within=timedelta(minutes=15))

    fired = [entry.what for entry in (await shift.read(reference)).audit if entry.who == "watch"]
    assert (checked.checked, checked.differences) == (1, [])
    assert len(fired) >= 8
    assert len({what for what in fired if what.startswith("moved up")}) >= 2


async def test_a_step_that_was_forgotten_is_named(shift: Shift) -> None:
    reference = await shift.ticket(**BILL)
    await watched(shift, hours=3)
    await changed(shift, update(StepRecord).where(StepRecord.clock == "respond").values(fired_at=None, due_at=None))

    assert await found(shift) == [
        f"{reference}: respond 50% (round 1) was due at 2026-11-23 12:00:00 and did not fire",
    ]


async def test_a_step_that_was_not_due_is_named(shift: Shift) -> None:
    reference = await shift.ticket(**BILL)
    shift.watch.advance(minutes=5)
    early = update(StepRecord).where(StepRecord.clock == "update", StepRecord.share_pct == 75)
    await changed(shift, early.values(fired_at=shift.watch()))

    assert await found(shift) == [f"{reference}: update 75% (round 1) fired at 2026-11-23 10:05:00 and was not due"]


async def test_a_watch_that_was_away_is_named(shift: Shift) -> None:
    reference = await shift.ticket(**BILL)
    shift.watch.advance(hours=2, minutes=20)
    await fire_due(shift.office)

    assert await found(shift) == [f"{reference}: respond 50% (round 1) fired 1200 s after it was due"]


async def test_a_clock_that_was_moved_by_hand_is_named(shift: Shift) -> None:
    reference = await shift.ticket(**BILL)
    later = update(ClockRecord).where(ClockRecord.name == "resolve")
    await changed(shift, later.values(due_at=shift.watch() + timedelta(days=9)))

    assert await found(shift) == [f"{reference}: the clock resolve stands otherwise than the trail says"]


async def test_a_ticket_of_an_older_trail_is_counted_and_not_judged(shift: Shift) -> None:
    await shift.ticket(**BILL)
    await changed(shift, update(AuditRecord).values(facts=None))

    checked = await audit(shift.office)

    assert (checked.checked, checked.uncheckable, checked.differences) == (0, 1, [])


async def test_planned_work_moves_only_the_deadlines_that_exclude_it(shift: Shift) -> None:
    reference = await shift.ticket(**BILL)
    before = {clock.name: clock.due_at for clock in (await shift.read(reference)).clocks}

    await exclude(shift, reference, hours=2)

    after = {clock.name: clock.due_at for clock in (await shift.read(reference)).clocks}
    moved = {name for name in before if before[name] != after[name]}
    assert moved == {"resolve", "tier"}
    assert before["resolve"] is not None
    assert after["resolve"] == before["resolve"] + timedelta(hours=2)


async def changed(shift: Shift, statement: Any) -> None:
    async with shift.office.change() as session:
        await session.execute(statement)


async def test_what_programs_did_by_clocks_apart_is_excused_only_when_that_is_told(shift: Shift) -> None:
    reference = await shift.ticket(**BILL)
    shift.watch.at = await first_due(shift) + timedelta(seconds=100)  # of the program that serves the agent
    await shift.act("bea.novak", reference, "accept")
    shift.watch.advance(seconds=-90)  # of the watch, by which the clock had stopped in good time
    await fire_due(shift.office)

    within, apart = timedelta(minutes=1), timedelta(seconds=90)

    assert len((await audit(shift.office, within=within)).differences) == 1
    assert (await audit(shift.office, within=within, apart=apart)).differences == []


async def test_a_step_that_never_fired_is_not_excused_by_clocks_apart(shift: Shift) -> None:
    await shift.ticket(**BILL)
    shift.watch.at = await first_due(shift) + timedelta(seconds=160)

    checked = await audit(shift.office, within=timedelta(minutes=1), apart=timedelta(seconds=90))

    assert len(checked.differences) == 1


async def first_due(shift: Shift) -> datetime:
    """When the first step of the ticket is due."""
    async with shift.office.sessions() as session:
        dues = await session.scalars(select(StepRecord.due_at).where(StepRecord.due_at.is_not(None)))
        return min(due for due in dues if due is not None)
