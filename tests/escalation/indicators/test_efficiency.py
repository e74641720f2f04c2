"""Efficiency, against shifts that are counted by hand."""

from escalation import agent_state, deadlines, reception
from escalation.wire import Turn
from tests.escalation.indicators.measured import SUPERVISOR, accepted_after, figure, leaves, samples, waits
from tests.escalation.shift import Shift


async def test_handling_time_is_talking_and_wrapping_up(shift: Shift) -> None:
    reference = await accepted_after(shift, 30)
    shift.watch.advance(minutes=6)  # talks
    await shift.act(SUPERVISOR, reference, "resolve", text="done")
    shift.watch.advance(minutes=2)  # wraps up
    await agent_state.enter(shift.office, SUPERVISOR, "ready")
    shift.watch.advance(minutes=30)  # waits for the next
    contact_id, reference = await waits(shift)
    await shift.act(SUPERVISOR, reference, "accept")
    shift.watch.advance(minutes=4)
    await leaves(shift, contact_id)  # the customer closes the window
    await agent_state.enter(shift.office, SUPERVISOR, "ready")

    found = await figure(shift, "handling_time")

    assert (found.value, found.count) == (360.0, 2)  # (6 + 2 + 4 + 0) / 2 minutes


async def test_nobody_who_talked_means_no_handling_time(shift: Shift) -> None:
    found = await figure(shift, "handling_time")

    assert found.value is None
    assert found.unmeasured == "No person's talking and wrap-up have been recorded in this time."


async def test_time_to_hand_over_begins_with_the_customers_first_words(shift: Shift) -> None:
    contact_id = await shift.contact()
    shift.watch.advance(minutes=1)
    await shift.says(contact_id, "it is slow")
    shift.watch.advance(minutes=3)
    ticket = (await shift.hand_over(contact_id, live=True)).ticket.reference
    shift.watch.advance(seconds=30)
    await shift.act(SUPERVISOR, ticket, "accept")

    assert (await figure(shift, "time_to_hand_over")).value == 210.0


async def test_backlog_is_what_is_open_now_with_its_age_by_tier(shift: Shift) -> None:
    await shift.ticket()
    solved = await shift.ticket()
    shift.watch.advance(days=1)
    await shift.act(SUPERVISOR, solved, "accept")
    await shift.act(SUPERVISOR, solved, "resolve", text="done")
    await shift.ticket()
    shift.watch.advance(days=2)
    await shift.ticket(category="broadband-down", service="down", affected="several")
    shift.watch.advance(hours=1)

    found = await figure(shift, "backlog", window="day")

    assert (found.value, found.before) == (3.0, 2.0)
    assert [(entry.tier, entry.value, entry.age_s) for entry in found.tiers] == [
        (1, 2.0, (73 + 49) / 2 * 3600),
        (2, 1.0, 3600.0),
    ]
    assert [point.value for point in found.trend[-5:]] == [0.0, 2.0, 2.0, 2.0, 3.0]
    assert [sample.value for sample in await samples(shift, "backlog")] == [73 * 3600, 49 * 3600, 3600]


async def test_moves_are_those_between_tiers(shift: Shift) -> None:
    moved, still = await shift.ticket(), await shift.ticket()
    await shift.act(SUPERVISOR, moved, "accept")
    await shift.act(SUPERVISOR, moved, "hand_up", reason="needs the network")
    await shift.act(SUPERVISOR, moved, "note", text="looking")
    await shift.act(SUPERVISOR, moved, "hand_back", reason="the customer's router")
    await shift.act(SUPERVISOR, still, "accept")
    await shift.ticket(category="broadband-down", service="down", affected="several")
    shift.watch.advance(hours=1, minutes=1)
    await deadlines.fire_due(shift.office)  # moved up, but not solved yet
    for reference in (moved, still):
        await shift.act(SUPERVISOR, reference, "resolve", text="done")

    found = await figure(shift, "moves_per_ticket")

    assert (found.value, found.count) == (1.0, 2)  # (2 + 0) / 2


async def test_tickets_per_hour_divides_by_the_hours_worked(shift: Shift) -> None:
    references = [await shift.ticket(channel="voice") for _ in range(3)]
    await agent_state.enter(shift.office, "amira.khan", "ready")
    shift.watch.advance(hours=1)
    await agent_state.enter(shift.office, "amira.khan", "break")
    shift.watch.advance(hours=1)
    await agent_state.enter(shift.office, "amira.khan", "ready")
    for reference in references:
        await shift.act(SUPERVISOR, reference, "accept")
        await shift.act(SUPERVISOR, reference, "resolve", text="done")
    shift.watch.advance(minutes=30)
    await agent_state.enter(shift.office, "amira.khan", "away")
    shift.watch.advance(hours=3)

    assert (await figure(shift, "tickets_per_hour")).value == 2.0  # 3 in 1.5 hours


async def test_hours_of_work_are_not_split_by_channel(shift: Shift) -> None:
    found = await figure(shift, "tickets_per_hour", channel="chat")

    assert found.unmeasured == "It is measured over all work together: choose no filter to see it."


async def test_the_menu_ends_when_the_assistant_acts(shift: Shift) -> None:
    for seconds in (20, 40):
        contact_id = await shift.contact("voice")
        shift.watch.advance(seconds=seconds)
        turn = Turn(
            contact_id=contact_id,
            turn_id="b1",
            author="bot",
            text="...",
            at=shift.watch(),
            about={"decision": {"kind": "answer"}},
        )
        await reception.record(shift.office, [turn])
    await shift.contact("voice")  # hangs up in the menu

    found = await figure(shift, "time_in_menu")

    assert (found.value, found.count) == (30.0, 2)
