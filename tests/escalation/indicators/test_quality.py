"""Quality, against shifts that are counted by hand."""

from typing import Any

import pytest

from escalation.asks import TransferAsked
from escalation.transfer import transfer
from tests.escalation.indicators.measured import SUPERVISOR, figure, leaves, samples, waits
from tests.escalation.shift import Shift


async def solved(shift: Shift, reference: str) -> str:
    await shift.act(SUPERVISOR, reference, "accept")
    await shift.act(SUPERVISOR, reference, "resolve", text="done")
    return reference


async def test_satisfaction_is_the_mean_of_what_was_said(shift: Shift) -> None:
    for said in (5, 2, None):
        await leaves(shift, await shift.contact(), satisfaction=said)

    found = await figure(shift, "satisfaction")

    assert (found.value, found.count, found.unit) == (3.5, 2, "score")


async def test_satisfaction_may_be_told_after_the_end_and_stays(shift: Shift) -> None:
    contact_id = await shift.contact()
    await leaves(shift, contact_id)
    await leaves(shift, contact_id, satisfaction=4)
    await leaves(shift, contact_id)

    assert (await figure(shift, "satisfaction")).value == 4.0


async def test_nobody_asked_is_not_a_score(shift: Shift) -> None:
    await leaves(shift, await shift.contact())

    assert (await figure(shift, "satisfaction")).unmeasured == (
        "No customer has been asked, or has answered, in this time."
    )


@pytest.mark.parametrize(
    ("again", "share_pct"),
    [
        ({"reachable": "+44 7700 900123", "category": "wifi"}, 0.0),  # the same number, written in another way
        ({"reachable": "+44 7700 900123", "category": "tv"}, 100.0),  # another topic
        ({"reachable": "+44 7700 900999", "category": "wifi"}, 100.0),  # somebody else
    ],
)
async def test_solved_first_time_is_known_after_a_week(shift: Shift, again: dict[str, Any], share_pct: float) -> None:
    first = await solved(shift, await shift.ticket(category="wifi", reachable="07700 900123"))
    shift.watch.advance(days=3)
    assert (await figure(shift, "solved_first_time")).value is None
    await shift.ticket(channel="voice", **again)
    shift.watch.advance(days=5)

    found = await figure(shift, "solved_first_time")

    assert (found.value, found.count) == (share_pct, 1)
    assert [sample.reference for sample in await samples(shift, "solved_first_time")] == [first]


async def test_who_comes_back_after_more_than_a_week_was_helped_the_first_time(shift: Shift) -> None:
    await solved(shift, await shift.ticket(category="wifi", customer_id="C1"))
    shift.watch.advance(days=8)
    await shift.ticket(category="wifi", customer_id="C1")
    shift.watch.advance(hours=1)

    assert (await figure(shift, "solved_first_time")).value == 100.0


async def test_reopened_is_the_share_of_first_solutions_that_were_refused(shift: Shift) -> None:
    refused, *_ = [await solved(shift, await shift.ticket()) for _ in range(4)]
    await shift.act(SUPERVISOR, refused, "reopen", reason="it is still broken")
    await shift.act(SUPERVISOR, refused, "resolve", text="done again")

    found = await figure(shift, "reopened")

    assert (found.value, found.count, found.is_met) == (25.0, 4, False)
    assert (await samples(shift, "reopened"))[0].reference == refused


async def test_misrouted_is_a_share_of_the_tickets_that_ended(shift: Shift) -> None:
    returned, sideways, solution, _ = references = [await shift.ticket() for _ in range(4)]
    for reference in references:
        await shift.act(SUPERVISOR, reference, "accept")
    for reference in (returned, solution):
        await shift.act(SUPERVISOR, reference, "hand_up", reason="needs the network")
    await shift.act(SUPERVISOR, returned, "return", reason="the customer's router")
    await shift.act(SUPERVISOR, solution, "hand_back", text="the port was reset")
    version = (await shift.read(sideways)).version
    moved = TransferAsked(department="billing", version=version, reason="about a bill")
    await transfer(shift.office, SUPERVISOR, sideways, moved)
    await shift.ticket()  # has not ended
    for reference in references:
        if (await shift.read(reference)).assignee is None:
            await shift.act(SUPERVISOR, reference, "accept")
        await shift.act(SUPERVISOR, reference, "resolve", text="done")

    found = await figure(shift, "misrouted")

    assert (found.value, found.count, found.is_met) == (50.0, 4, False)  # 2 of 4
    assert {sample.reference for sample in (await samples(shift, "misrouted"))[:2]} == {returned, sideways}


async def test_complaints_are_timed_day_and_night(shift: Shift) -> None:
    complaint, other = await shift.ticket(category="complaint"), await shift.ticket()
    shift.watch.advance(days=2)
    for reference in (complaint, other):
        await solved(shift, reference)

    found = await figure(shift, "complaint_time")

    assert (found.value, found.count, found.is_met) == (172_800.0, 1, True)


async def test_filters_narrow_what_is_counted(shift: Shift) -> None:
    phone = await solved(shift, await shift.ticket(channel="voice", category="complaint"))
    shift.watch.advance(hours=1)
    await solved(shift, await shift.ticket(category="complaint"))

    for asked in ({"channel": "voice"}, {"channel": "voice", "tier": 1, "topic": "complaint", "priority": "P4"}):
        assert [entry.reference for entry in await samples(shift, "complaint_time", **asked)] == [phone]
        assert (await figure(shift, "complaint_time", **asked)).count == 1
    assert (await figure(shift, "complaint_time", topic="wifi")).unmeasured == "Nothing to measure in this time."


async def test_who_waited_is_not_asked_for_a_topic_of_a_conversation(shift: Shift) -> None:
    await waits(shift)

    found = await figure(shift, "satisfaction", topic="wifi")

    assert found.unmeasured is not None
    assert found.unmeasured.startswith("It has no tier, topic or priority of its own")
