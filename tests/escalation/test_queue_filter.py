"""What the queue can be narrowed to, for the person who asks."""

from typing import Any

import pytest

from escalation import detail, store
from escalation.asks import QueueAsked
from tests.escalation.shift import Shift


async def found(shift: Shift, username: str = "sam.okoye", **asked: Any) -> list[str]:
    return [row.reference for row in await detail.queue(shift.office, username, QueueAsked(**asked))]


async def test_by_priority_customer_and_skill(shift: Shift) -> None:
    plain = await shift.ticket()
    company = await shift.ticket(segment="corporate")
    fraud = await shift.ticket(category="security-fraud")
    urgent = await shift.ticket(safety=True, affected="many", service="down")

    assert await found(shift, segment="corporate") == [company]
    assert await found(shift, skill="fraud") == [fraud]
    assert await found(shift, skill="juggling") == []
    assert urgent in await found(shift, priority="P1")
    assert plain not in await found(shift, priority="P1")


async def test_by_who_is_there_now(shift: Shift) -> None:
    await shift.ticket()
    waiting = await shift.ticket(live=True)

    assert await found(shift, live=True) == [waiting]


async def test_unread_is_what_the_customer_wrote_after_my_own_last_look(shift: Shift) -> None:
    contact_id = await shift.contact()
    await shift.says(contact_id)
    reference = (await shift.hand_over(contact_id)).ticket.reference
    assert await found(shift, unread=True) == [reference]

    shift.watch.advance(seconds=1)
    await shift.read(reference, "sam.okoye")
    assert await found(shift, unread=True) == []
    assert await found(shift, "amira.khan", unread=True) == [reference]

    shift.watch.advance(seconds=1)
    await shift.says(contact_id, "are you still there?")
    assert await found(shift, unread=True) == [reference]


async def test_words_are_found_by_how_they_begin_in_any_order(shift: Shift) -> None:
    reference = await shift.ticket(problem="No signal in the village since Monday, it's the mast")
    await shift.ticket(problem="The bill is wrong")

    assert await found(shift, search="villa signal") == [reference]
    assert await found(shift, search="it's") == [reference]
    assert await found(shift, search="ignal") == []
    assert await found(shift, search="& | ! \\ '") == []


async def test_a_reference_is_found_by_how_it_begins(shift: Shift) -> None:
    reference = await shift.ticket()

    assert await found(shift, search=reference) == [reference]
    assert await found(shift, search=reference[:7].lower()) == [reference]
    assert await found(shift, search=f"{reference[3:7]} {reference[7:]}") == [reference]
    assert await found(shift, search=f"{reference}0") == []


async def test_by_topic_and_by_customer(shift: Shift) -> None:
    reference = await shift.ticket(category="security-fraud", customer_id="C-4711")

    assert await found(shift, search="security-fraud") == [reference]
    assert await found(shift, search="C-4711") == [reference]


async def test_what_many_tickets_say_is_still_found_in_the_order_of_the_queue(
    shift: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "FEW", 1)
    references = [await shift.ticket(problem="The line is down") for _ in range(3)]
    await shift.ticket(problem="The bill is wrong")
    everything = await found(shift)

    assert await found(shift, search="line") == [one for one in everything if one in references]
