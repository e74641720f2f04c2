"""Contacts and hand-overs through the door, against the real service."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from escalation.client import ContactStart, Signals, Turn
from tests.escalation.escalation_service import Running

BILL = Signals(category="bill-dispute", reason="article", problem="I was charged twice", reachable="+447700900123")
PERSON = Signals(category="general", reason="wants_person", problem="a person please", live=True)


def now() -> datetime:
    return datetime.now(UTC)


async def contact(running: Running, channel: str = "chat") -> UUID:
    contact_id = uuid4()
    await running.client.start_contact(
        ContactStart(contact_id=contact_id, channel=channel, language="en", started_at=now())
    )
    return contact_id


def said(contact_id: UUID, turn_id: str, text: str, author: str = "customer") -> Turn:
    return Turn(contact_id=contact_id, turn_id=turn_id, author=author, text=text, at=now())


async def test_a_bill_dispute_waits_in_the_billing_queue_with_a_priority(running: Running) -> None:
    contact_id = await contact(running)

    opened = await running.client.hand_over(contact_id, BILL, key="t1")

    assert (opened.ticket.department, opened.ticket.priority, opened.ticket.tier) == ("billing", "P3", 1)
    assert (opened.next, opened.live, opened.created) == ("callback", False, True)


async def test_two_way_chat(running: Running) -> None:
    contact_id = await contact(running)
    opened = await running.client.hand_over(contact_id, PERSON, key="t1")
    ref = opened.ticket.reference
    assert (opened.next, opened.queue_position) == ("agent_joins", 1)
    detail = await running.client.ticket("amira.khan", ref)
    detail = await running.client.act("amira.khan", ref, "accept", version=detail.version)
    await running.client.record([said(contact_id, "t2", "hello?")])
    detail = await running.client.act("amira.khan", ref, "reply", version=detail.version, text="Hello, Amira here")
    detail = await running.client.act("amira.khan", ref, "resolve", version=detail.version, text="Done")
    kinds = []
    async for event in running.client.live("chat", "chat", "one"):
        kinds.append(event.kind)
        if event.kind == "resolved":
            break
    assert kinds == ["accepted", "message", "resolved"]
