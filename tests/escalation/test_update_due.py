"""A customer who should have heard from us: the person is reminded first, then the customer is told how it stands."""

from datetime import timedelta
from typing import Any

import pytest

from escalation import audit, reception
from escalation.deadlines import fire_due
from tests.escalation.shift import Shift

NUMBER = "+447700900142"


async def gone(shift: Shift, **known: Any) -> str:
    """The ticket (P3) of a customer who has left a number and gone."""
    contact_id = await shift.contact()
    known = {"category": "broadband-slow", "service": "degraded", "reachable": NUMBER, **known}
    reference = (await shift.hand_over(contact_id, **known)).ticket.reference
    await reception.finish_contact(shift.office, contact_id, "handed_over")
    return reference


async def told(shift: Shift, words: str) -> int:
    return sum(sms["to"] == NUMBER and words in sms["text"] for sms in await shift.events("sms"))


async def until_update(shift: Shift, reference: str, pct: int) -> None:
    """To the moment at which this share of the time to the next message is used up, and the watch looks."""
    (clock,) = [clock for clock in (await shift.read(reference)).clocks if clock.name == "update"]
    assert clock.due_at is not None
    shift.watch.at = clock.due_at - (timedelta() if pct >= 100 else timedelta(minutes=1))
    await fire_due(shift.office)


@pytest.mark.parametrize(
    ("moves", "words"),
    [((), "nobody has begun"), (("accept",), "still working on it"), (("accept", "hold"), "not in our own hands")],
)
async def test_the_customer_is_told_how_it_really_stands(shift: Shift, moves: tuple[str, ...], words: str) -> None:
    reference = await gone(shift)
    for move in moves:
        await shift.act("sam.okoye", reference, move, reason="a part is missing")

    await until_update(shift, reference, 100)

    assert await told(shift, words) == 1


async def test_before_that_only_the_person_is_reminded(shift: Shift) -> None:
    reference = await gone(shift)

    await until_update(shift, reference, 75)

    assert await told(shift, "about ticket") == 0
    assert any("must hear from us" in sms["text"] for sms in await shift.events("sms"))


async def test_the_ticket_moves_up_the_time_begins_anew_and_the_clocks_can_be_proven(shift: Shift) -> None:
    reference = await gone(shift)
    before = (await shift.read(reference)).tier

    await until_update(shift, reference, 100)
    await until_update(shift, reference, 100)

    assert await told(shift, "nobody has begun") == 2
    ticket = await shift.read(reference)
    assert ticket.tier > before
    assert [line.what for line in ticket.audit if line.who == "watch"].count("moved up: update 100%") == 2
    found = await audit.audit(shift.office, days=30, within=timedelta(days=30))
    assert found.differences == []


async def test_at_the_top_the_customer_goes_on_hearing_of_it(shift: Shift) -> None:
    reference = await gone(shift)
    tiers = []
    for _ in range(5):
        await until_update(shift, reference, 100)
        tiers.append((await shift.read(reference)).tier)

    assert len(set(tiers)) == 1  # there is nobody above
    assert await told(shift, "nobody has begun") == 5


async def test_whoever_left_no_address_is_not_said_to_have_been_told(shift: Shift) -> None:
    reference = await gone(shift, reachable=None)

    await until_update(shift, reference, 100)

    assert "told" not in [line.what for line in (await shift.read(reference)).audit]
