"""A person who writes is seen to, and so is the customer; nothing of it stays."""

import asyncio
from uuid import UUID

import pytest

from escalation.client import TypingSign
from tests.chat.fakes import Visitor, World, a_ticket

MAYA = "Maya"


def is_typing(event: dict[str, object]) -> bool:
    return event["event"] == "typing"


async def signs(visitor: Visitor) -> int:
    path = f"/chat/conversations/{visitor.id}/typing"
    return (await visitor.http.post(path, json={}, headers=visitor.headers)).status_code


@pytest.fixture
async def talking(waiting: Visitor, world: World) -> Visitor:
    """With Maya."""
    world.escalation.did(waiting.id, "accepted", agent_name=MAYA, ticket=a_ticket(agent_name=MAYA))
    await waiting.hears("Maya has joined")
    return waiting


async def test_the_page_sees_that_a_person_writes_and_the_history_does_not(talking: Visitor, world: World) -> None:
    contact_id, reference = UUID(talking.id), a_ticket().reference
    seeing = asyncio.create_task(talking.sees(is_typing))
    await asyncio.sleep(0.5)  # whoever is not there sees nothing of it
    for other in (UUID(int=7), contact_id):
        world.escalation.written.put_nowait(
            TypingSign(contact_id=other, reference=reference, by="agent", name=MAYA if other == contact_id else "Tom")
        )

    sign = await seeing
    world.escalation.did(talking.id, "message", agent_name=MAYA, text="Here I am.")
    await talking.hears("Here I am.")

    history = await talking.http.get(f"/chat/conversations/{talking.id}/history", headers=talking.headers)
    assert (sign["id"], sign["data"]) == (None, {"name": MAYA})
    assert sum(map(is_typing, talking.seen)) == 1
    assert "typing" not in history.text


async def test_the_person_sees_that_the_customer_writes(talking: Visitor, world: World) -> None:
    status = await signs(talking)

    assert status == 204
    assert world.escalation.seen_typing == [(UUID(talking.id), a_ticket().reference)]


async def test_with_the_assistant_nobody_is_told(visitor: Visitor, world: World) -> None:
    assert await signs(visitor) == 204
    assert world.escalation.seen_typing == []


async def test_nobody_signs_in_anothers_name_or_without_end(talking: Visitor, world: World) -> None:
    stranger = await talking.http.post(
        f"/chat/conversations/{talking.id}/typing", json={}, headers={"Authorization": "Bearer guess"}
    )
    statuses = [await signs(talking) for _ in range(45)]

    assert stranger.status_code == 401
    assert (statuses[0], statuses[-1]) == (204, 429)
    assert (await talking.writes("still heard")).status_code == 202
