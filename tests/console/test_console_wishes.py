"""Wishes that mean the same: the sure ones are linked, of the others the ticket's page asks."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from console import wishes
from escalation.client import WishGroup
from tests.console.fake_desk import FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.morning import CHARGED, SLOW

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def wished(reference: str, problem: str, days: int, count: int = 1) -> WishGroup:
    at = MONDAY + timedelta(days=days)
    return WishGroup(reference=reference, problem=problem, status="acknowledged", count=count, first_at=at, last_at=at)


@pytest.fixture
def asked_for(desk: FakeDesk) -> FakeDesk:
    desk.wish_groups = [wished(SLOW, "a dark theme", 2), wished(CHARGED, "dark mode please", 1)]
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"kind": "wish", "relations": ()})
    return desk


async def test_what_is_surely_the_same_is_linked_to_the_one_that_came_first(
    asked_for: FakeDesk, library: FakeLibrary
) -> None:
    joined = await wishes.join(asked_for, library)

    assert joined == 1
    assert asked_for.asked == [{"reference": SLOW, "same_as": CHARGED, "nearness": 0.9}]


async def test_what_is_only_likely_is_left_to_a_person(asked_for: FakeDesk, library: FakeLibrary) -> None:
    library.nearness = 0.5

    assert await wishes.join(asked_for, library) == 0
    assert asked_for.asked == []


async def test_what_a_person_parted_stays_apart_and_stops_no_other(asked_for: FakeDesk, library: FakeLibrary) -> None:
    asked_for.wish_groups.append(wished("FL-11111111", "night colours", 3))
    asked_for.parted = {SLOW}

    assert await wishes.join(asked_for, library) == 1


async def test_the_page_of_a_wish_proposes_the_other_one(
    dana: httpx.AsyncClient, asked_for: FakeDesk, library: FakeLibrary
) -> None:
    library.nearness = 0.5
    assert f"/tickets/{SLOW}/same-wish" in (await dana.get(f"/tickets/{SLOW}")).text

    page = (await dana.get(f"/tickets/{SLOW}/same-wish")).text

    assert "dark mode please" in page
    assert f'name="to" value="{CHARGED}"' in page


async def test_without_the_knowledge_base_nothing_is_proposed(
    dana: httpx.AsyncClient, asked_for: FakeDesk, library: FakeLibrary
) -> None:
    library.away = True

    reply = await dana.get(f"/tickets/{SLOW}/same-wish")

    assert (reply.status_code, reply.text.strip()) == (200, "")


async def test_other_tickets_are_not_compared(dana: httpx.AsyncClient) -> None:
    assert "same-wish" not in (await dana.get(f"/tickets/{CHARGED}")).text.replace('value="same-wish-as"', "")
