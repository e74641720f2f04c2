"""That somebody writes reaches the other side while both talk, and says nothing more than that."""

import asyncio
from uuid import UUID

from escalation.client import EscalationClient, TypingSign
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift

TOM = "tom.reed"


async def heard(client: EscalationClient, by: str, tell: object) -> TypingSign | None:
    """The first sign of that side that comes within a second of what `tell` does."""
    signs = client.typing(by)  # type: ignore[arg-type]
    first = asyncio.ensure_future(anext(signs))
    await asyncio.sleep(0.2)  # it listens
    await tell()  # type: ignore[operator]
    done, _ = await asyncio.wait({first}, timeout=1.0)
    first.cancel()
    return first.result() if done else None


async def test_who_talks_with_a_customer_is_seen_to_write_by_name(running: Running, shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    await shift.act(TOM, reference, "accept")

    by_tom = await heard(running.client, "agent", lambda: running.client.is_typing(TOM, reference))
    by_another = await heard(running.client, "agent", lambda: running.client.is_typing("amira.khan", reference))
    await shift.act(TOM, reference, "resolve", text="It works.")
    after = await heard(running.client, "agent", lambda: running.client.is_typing(TOM, reference))

    assert by_tom == TypingSign(contact_id=contact_id, reference=reference, by="agent", name="Tom Reed")
    assert (by_another, after) == (None, None)


async def test_each_side_hears_of_the_other_alone(running: Running) -> None:
    contact_id, client = UUID(int=1), running.client

    async def write() -> None:
        await client.customer_is_typing(contact_id, "FL-48317264")

    assert await heard(client, "agent", write) is None
    sign = await heard(client, "customer", write)
    assert sign == TypingSign(contact_id=contact_id, reference="FL-48317264", by="customer")
