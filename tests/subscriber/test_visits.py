"""Technicians' visits: windows that can be believed, and booking, moving and cancelling at the demo operator."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriber.client import Slot, SlotTaken, SubscriberClient, SubscriberUnavailable, free_slots, upcoming
from subscriber.demo import visits as demo
from subscriber.visits import HORIZON, LONGEST, NOTICE, Visit, offered
from tests.subscriber.conftest import SwitchOn

DANIEL, PRIYA, NATHAN = "cust-1002", "cust-1003", "cust-1030"
LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
# Around the two nights of 2026 and 2027 when the clocks change.
moments = st.datetimes(datetime(2026, 10, 1), datetime(2027, 4, 30), timezones=st.just(UTC))
slots = st.builds(
    lambda begins, minutes: Slot(begins, begins + timedelta(minutes=minutes)), moments, st.integers(1, 12 * 60)
)


@given(st.lists(slots), moments)
def test_only_windows_that_can_be_kept_are_offered(found: list[Slot], now: datetime) -> None:
    kept = offered(found, now)

    assert kept == sorted(set(kept))
    assert all(now + NOTICE <= slot.begins <= now + HORIZON for slot in kept)
    assert {slot for slot in found if now + NOTICE <= slot.begins <= now + HORIZON} == set(kept)


@given(moments)
def test_the_demo_windows_are_whole_mornings_and_afternoons_by_the_clock_on_the_wall(at: datetime) -> None:
    day = at.astimezone(LONDON).date()

    windows = [[one.astimezone(LONDON) for one in window] for window in demo._windows(day)]

    assert {(begins.time(), ends.time()) for begins, ends in windows} == {
        (time(8), time(13)),
        (time(13), time(18)),
    }
    assert all(begins.date() == ends.date() > day and begins.weekday() < demo.SUNDAY for begins, ends in windows)
    assert all(begins.hour == 8 for begins, _ in windows if begins.weekday() == demo.SATURDAY)
    assert all(ends - begins == timedelta(hours=5) for begins, ends in windows)


@pytest.mark.parametrize("length", [timedelta(0), timedelta(hours=-1), LONGEST + timedelta(minutes=1)])
def test_a_window_that_cannot_be_is_none(length: timedelta) -> None:
    with pytest.raises(ValueError, match="window"):
        Slot(NOW, NOW + length)


def test_the_next_visit_is_the_soonest_that_is_agreed_and_not_over() -> None:
    def visit(name: str, hours: int, state: Any = "agreed") -> Visit:
        begins = NOW + timedelta(hours=hours)
        return Visit(name, Slot(begins, begins + timedelta(hours=2)), state)

    found = [visit("over", -5), visit("later", 48), visit("now", -1), visit("gone", 3, "cancelled")]

    assert upcoming(found, NOW) == found[2]
    assert upcoming(found[:1], NOW) is None


async def test_a_visit_is_booked_moved_and_cancelled(subscriber: SubscriberClient) -> None:
    now = datetime.now(UTC)
    first, second = (await free_slots(subscriber.visits, DANIEL, now))[:2]

    booked = await subscriber.visits.book(DANIEL, first, key="k1", order_id=None)
    moved = await subscriber.visits.move(booked, second)
    found = upcoming(await subscriber.visits.of_customer(DANIEL), now)
    await subscriber.visits.cancel(moved)
    await subscriber.visits.cancel(moved)

    assert (booked.slot, moved.slot, found) == (first, second, moved)
    assert upcoming(await subscriber.visits.of_customer(DANIEL), now) is None


async def test_the_same_booking_twice_is_one_visit(subscriber: SubscriberClient) -> None:
    slot = (await free_slots(subscriber.visits, DANIEL, datetime.now(UTC)))[0]

    booked = [await subscriber.visits.book(DANIEL, slot, key="k1") for _ in range(2)]

    assert booked[0] == booked[1]
    assert len(await subscriber.visits.of_customer(DANIEL)) == 1


async def filled(subscriber: SubscriberClient, slot: Slot) -> None:
    """Others take all that is left of the window."""
    for number in range(demo.CAPACITY + 1):
        try:
            await subscriber.visits.book(PRIYA, slot, key=f"other{number}")
        except SlotTaken:
            return


async def test_a_window_taken_in_between_is_refused_and_no_longer_offered(subscriber: SubscriberClient) -> None:
    now = datetime.now(UTC)
    first, second = (await free_slots(subscriber.visits, DANIEL, now))[:2]
    booked = await subscriber.visits.book(DANIEL, second, key="k2")
    await filled(subscriber, first)

    with pytest.raises(SlotTaken):
        await subscriber.visits.book(DANIEL, first, key="k1")
    with pytest.raises(SlotTaken):
        await subscriber.visits.move(booked, first)

    assert first not in await free_slots(subscriber.visits, DANIEL, now)
    assert upcoming(await subscriber.visits.of_customer(DANIEL), now) == booked


async def test_a_refusal_does_not_count_as_a_system_that_is_down(subscriber: SubscriberClient) -> None:
    past = Slot(NOW - timedelta(days=300), NOW - timedelta(days=300) + timedelta(hours=5))
    for number in range(6):
        with pytest.raises(SlotTaken):
            await subscriber.visits.book(DANIEL, past, key=f"k{number}")

    assert (await subscriber.visits.of_customer(NATHAN))[0].visit_id == "visit-1030-1"


@pytest.mark.parametrize("mode", ["error", "garbage", "missing"])
async def test_a_system_that_fails_or_lies_offers_nothing(
    subscriber: SubscriberClient, switch_on: SwitchOn, mode: str
) -> None:
    await switch_on("appointments", mode)

    with pytest.raises(SubscriberUnavailable):
        await free_slots(subscriber.visits, DANIEL, datetime.now(UTC))
    with pytest.raises(SubscriberUnavailable):
        await subscriber.visits.of_customer(NATHAN)


def door(answer: Callable[[httpx.Request], httpx.Response]) -> SubscriberClient:
    return SubscriberClient(httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://operator"))


SLOT = Slot(NOW + timedelta(days=2), NOW + timedelta(days=2, hours=5))
BOOKED: dict[str, Any] = {
    "id": "v1",
    "status": "confirmed",
    "validFor": {"startDateTime": SLOT.begins.isoformat(), "endDateTime": SLOT.ends.isoformat()},
    "relatedParty": [{"id": DANIEL}],
}


async def test_a_booking_whose_answer_was_lost_is_asked_again_with_the_same_key() -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.headers["Idempotency-Key"], json.loads(request.content)["externalId"]))
        if len(asked) == 1:
            raise httpx.ReadTimeout("lost")
        return httpx.Response(201, json=BOOKED)

    booked = await door(answer).visits.book(DANIEL, SLOT, key="k1")

    assert (booked.slot, asked) == (SLOT, [("k1", "k1"), ("k1", "k1")])


@pytest.mark.parametrize(
    "change",
    [
        {"status": "perhaps"},
        {"status": "cancelled"},
        {"validFor": {"startDateTime": "2026-11-25", "endDateTime": "2026-11-25"}},
        {"validFor": {"startDateTime": 1764000000, "endDateTime": 1764010000}},
        {"validFor": {**BOOKED["validFor"], "startDateTime": (SLOT.begins - timedelta(hours=1)).isoformat()}},
    ],
)
async def test_a_booking_that_is_recorded_as_something_else_is_not_believed(change: dict[str, Any]) -> None:
    with pytest.raises(SubscriberUnavailable):
        await door(lambda _: httpx.Response(201, json={**BOOKED, **change})).visits.book(DANIEL, SLOT, key="k1")
