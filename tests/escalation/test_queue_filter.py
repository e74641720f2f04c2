"""What the queue can be narrowed to, for the person who asks."""

from typing import Any

from escalation import detail
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
