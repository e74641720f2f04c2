"""Typing in the chat: passed on at a pace, shown to every open page, and no part of the conversation."""

import asyncio
from uuid import UUID

import httpx

from chat.reception import SIGNS_A_MINUTE
from escalation.client import TypingSign
from settings import Settings
from tests.chat.fakes import Visitor, World, served, site


def agent_sign(visitor: Visitor) -> TypingSign:
    return TypingSign(
        by="agent", contact_id=UUID(visitor.id), reference="FL-48317264", username="amira", name="Amira Khan"
    )


async def with_a_person(world: World, visitor: Visitor) -> None:
    world.escalation.did(visitor.id, "accepted", agent_name="Amira Khan")
    await visitor.hears("Amira Khan has joined")


async def types(visitor: Visitor, headers: dict[str, str] | None = None) -> int:
    path = f"/chat/conversations/{visitor.id}/typing"
    return (await visitor.http.post(path, headers=visitor.headers if headers is None else headers)).status_code


async def test_the_person_hears_that_the_customer_types_at_most_every_two_seconds(
    world: World, visitor: Visitor
) -> None:
    await with_a_person(world, visitor)

    told = [await types(visitor) for _ in range(20)]

    assert set(told) == {204}
    assert world.escalation.typed == [UUID(visitor.id)]


async def test_typing_to_the_assistant_is_told_to_nobody(world: World, visitor: Visitor) -> None:
    assert await types(visitor) == 204

    assert world.escalation.typed == []


async def test_only_the_holder_of_the_conversation_can_type_in_it(world: World, visitor: Visitor) -> None:
    await with_a_person(world, visitor)

    assert await types(visitor, {"Authorization": "Bearer guess"}) == 401
    assert world.escalation.typed == []


async def test_a_flood_of_signs_is_slowed_and_takes_nothing_from_the_messages(world: World, visitor: Visitor) -> None:
    await with_a_person(world, visitor)

    told = [await types(visitor) for _ in range(SIGNS_A_MINUTE * 2 + 1)]  # a minute may end in between

    assert 429 in told
    assert (await visitor.writes("hello?")).status_code == 202


async def test_while_escalation_is_away_typing_does_no_harm(world: World, visitor: Visitor) -> None:
    await with_a_person(world, visitor)
    world.escalation.away = True

    assert await types(visitor) == 204


async def test_the_customer_sees_that_the_person_types_and_nothing_is_kept(world: World, visitor: Visitor) -> None:
    await with_a_person(world, visitor)
    before = (await visitor.http.get(f"/chat/conversations/{visitor.id}/history", headers=visitor.headers)).json()

    seeing = asyncio.create_task(visitor.sees(lambda event: event["event"] == "typing"))
    while not seeing.done():
        world.escalation.signs.put_nowait(agent_sign(visitor))
        await asyncio.sleep(0.05)

    assert (await seeing)["data"] == {"name": "Amira Khan"}
    after = (await visitor.http.get(f"/chat/conversations/{visitor.id}/history", headers=visitor.headers)).json()
    assert after == before
    assert visitor.last == before[-1]["id"]


async def test_words_still_arrive_after_many_signs(world: World, visitor: Visitor) -> None:
    await with_a_person(world, visitor)
    for _ in range(500):
        world.escalation.signs.put_nowait(agent_sign(visitor))

    world.escalation.did(visitor.id, "message", text="Here I am.", agent_name="Amira Khan")

    assert (await visitor.hears("Here I am."))["data"]["author"] == "agent"


async def test_another_customers_page_sees_nothing(settings: Settings, world: World) -> None:
    async with served(site(settings, world)) as url, httpx.AsyncClient(base_url=url, timeout=10) as http:
        one, two = await Visitor.comes(http), await Visitor.comes(http)
        await with_a_person(world, one)
        await with_a_person(world, two)
        for _ in range(5):
            world.escalation.signs.put_nowait(agent_sign(one))
        world.escalation.did(two.id, "message", text="For you.", agent_name="Amira Khan")

        await two.hears("For you.")

        assert [event["event"] for event in two.seen if event["event"] == "typing"] == []
