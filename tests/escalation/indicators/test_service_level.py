"""Service level, against shifts that are counted by hand."""

from datetime import timedelta
from typing import Any

from escalation import deadlines, telephone
from escalation.phone_wire import AttemptMade, CallbackAsked
from tests.escalation.indicators.measured import SUPERVISOR, accepted_after, figure, leaves, samples, waits
from tests.escalation.shift import Shift


async def test_answered_in_time_counts_who_was_accepted_within_20_seconds(shift: Shift) -> None:
    await accepted_after(shift, 20)
    await accepted_after(shift, 21)
    await accepted_after(shift, 5)
    left, _ = await waits(shift)
    shift.watch.advance(seconds=5)
    await leaves(shift, left)
    await waits(shift)  # waits still

    found = await figure(shift, "answered_in_time")

    assert (found.value, found.count, found.is_met) == (50.0, 4, False)  # 2 of 4
    assert "within 20 seconds" in found.definition


async def test_speed_of_answer_is_the_mean_of_those_who_were_answered(shift: Shift) -> None:
    await accepted_after(shift, 10)
    await accepted_after(shift, 40)
    left, _ = await waits(shift)
    shift.watch.advance(minutes=9)
    await leaves(shift, left)

    found = await figure(shift, "speed_of_answer")

    assert (found.value, found.count) == (25.0, 2)  # (10 + 40) / 2
    assert [sample.value for sample in await samples(shift, "speed_of_answer")] == [40.0, 10.0]


async def test_whoever_is_handed_up_has_waited_from_the_beginning_once(shift: Shift) -> None:
    reference = await accepted_after(shift, 30)
    await shift.act(SUPERVISOR, reference, "hand_up", reason="needs the network")
    shift.watch.advance(minutes=10)
    await shift.act(SUPERVISOR, reference, "accept")

    assert (await figure(shift, "speed_of_answer")).value == 30.0


async def test_who_asks_for_a_person_later_waits_from_then(shift: Shift) -> None:
    contact_id = await shift.contact()
    await shift.hand_over(contact_id, reason="not_helped")
    shift.watch.advance(minutes=7)
    ticket = (await shift.hand_over(contact_id, key="t2", live=True)).ticket.reference
    shift.watch.advance(seconds=12)
    await shift.act(SUPERVISOR, ticket, "accept")

    assert (await figure(shift, "speed_of_answer")).value == 12.0


async def test_who_left_a_number_has_not_abandoned(shift: Shift) -> None:
    await accepted_after(shift, 10)
    left, reference = await waits(shift)
    await leaves(shift, left)
    called_back, _ = await waits(shift, reachable="+447700900123")
    await leaves(shift, called_back)

    found = await figure(shift, "abandoned")

    assert (found.value, found.count) == (50.0, 2)  # 1 of the 2 that count
    assert (await samples(shift, "abandoned"))[0].reference == reference


async def test_responded_and_solved_in_time_count_what_ran_out_too(shift: Shift) -> None:
    p2 = {"category": "broadband-down", "service": "down", "affected": "several"}
    quick, slow, missed = [await shift.ticket(**p2) for _ in range(3)]
    await shift.act(SUPERVISOR, quick, "accept")
    await shift.act(SUPERVISOR, quick, "resolve", text="done")
    shift.watch.advance(hours=1, seconds=1)  # to respond: 1 hour
    await deadlines.fire_due(shift.office)
    await shift.act(SUPERVISOR, slow, "accept")
    await shift.act(SUPERVISOR, slow, "resolve", text="done")
    shift.watch.advance(hours=7)  # to solve: 8 hours
    await deadlines.fire_due(shift.office)

    responded, solved = await figure(shift, "responded_in_time"), await figure(shift, "solved_in_time")

    assert (responded.count, round(responded.value or 0, 1)) == (3, 33.3)
    assert (solved.count, round(solved.value or 0, 1)) == (3, 66.7)
    assert (await samples(shift, "solved_in_time"))[0].reference == missed


async def test_breaches_are_counted_once_at_the_tier_that_had_the_ticket(shift: Shift) -> None:
    await shift.ticket(category="broadband-down", service="down", affected="several")  # P2: level 2 acts first
    shift.watch.advance(hours=1, minutes=31)  # the target to respond is passed, and passed by half
    await deadlines.fire_due(shift.office)

    found = await figure(shift, "breaches")

    assert (found.value, found.is_met) == (1.0, False)
    assert [(entry.tier, entry.value) for entry in found.tiers] == [(2, 1.0)]


async def test_no_breach_is_a_figure_of_its_own(shift: Shift) -> None:
    found = await figure(shift, "breaches")

    assert (found.value, found.before, found.is_met, found.unmeasured) == (0.0, 0.0, True, None)


async def promised(shift: Shift) -> tuple[str, timedelta]:
    """A caller who is called back; the reference, and how long we have."""
    contact_id, reference = await waits(shift, "voice", caller="+447700900123")
    asked = CallbackAsked(number=None, by_voicemail=False)
    call_by = (await telephone.promise_callback(shift.office, contact_id, asked)).call_by
    assert call_by is not None
    return reference, call_by - shift.watch()


async def called(shift: Shift, reference: str, outcome: Any = "no_answer") -> None:
    await telephone.attempted(shift.office, SUPERVISOR, reference, AttemptMade(outcome=outcome))


async def test_a_callback_is_made_in_time_by_its_first_call(shift: Shift) -> None:
    punctual, within = await promised(shift)
    late, forgotten = [(await promised(shift))[0] for _ in range(2)]
    shift.watch.at += within
    await called(shift, punctual)
    shift.watch.advance(seconds=1)
    await called(shift, punctual, "reached")
    await called(shift, late, "reached")
    await promised(shift)  # nobody has called yet, and there is time

    found = await figure(shift, "callbacks_in_time")

    assert (round(found.value or 0, 2), found.count, found.is_met) == (33.33, 3, False)  # 1 of 3
    assert {sample.reference for sample in (await samples(shift, "callbacks_in_time"))[:2]} == {late, forgotten}


async def test_a_callback_that_is_promised_anew_is_not_kept_by_an_old_call(shift: Shift) -> None:
    contact_id, reference = await waits(shift, "voice", caller="+447700900123")
    asked = CallbackAsked(number=None, by_voicemail=False)
    await telephone.promise_callback(shift.office, contact_id, asked)
    shift.watch.advance(seconds=10)
    await called(shift, reference)
    shift.watch.advance(seconds=10)
    await shift.hand_over(contact_id, live=True, key="t2")  # waits for a person once more
    await telephone.promise_callback(shift.office, contact_id, asked)
    shift.watch.advance(days=3)

    assert (await figure(shift, "callbacks_in_time")).value == 0.0


async def test_who_cancels_waits_for_no_callback(shift: Shift) -> None:
    reference, _ = await promised(shift)
    await shift.act(SUPERVISOR, reference, "cancel", reason="works again")
    shift.watch.advance(days=3)

    assert (await figure(shift, "callbacks_in_time")).value is None
