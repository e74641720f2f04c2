"""actions.visit and actions.order: real windows to choose from, nothing booked without a yes, nothing claimed."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from subscriber.client import Order, Slot, SlotTaken, Standing, SubscriberClient, Visit
from subscriber.demo.visits import CAPACITY
from tests.actions.ledger import Ledger
from tests.actions.world import JO, NOW, Operator, Talk

LONDON = ZoneInfo("Europe/London")
DANIEL, PRIYA, AMIR, NATHAN = "cust-1002", "cust-1003", "cust-1023", "cust-1030"
WINDOWS = [Slot(at, at + timedelta(hours=5)) for at in (NOW + timedelta(days=day, hours=-6) for day in range(1, 7))]
VISIT = Visit("v0", WINDOWS[0], "agreed")


def talk(
    *, windows: list[Slot] = WINDOWS, booked: list[Visit] | None = None, medium: str = "screen", level: str = "strong"
) -> Talk:
    operator = Operator(ledger=Ledger())
    operator.ledger.diary.free_slots, operator.ledger.diary.booked = windows, list(booked or [])
    found = Talk(operator=operator, medium=medium)
    found.slots["customer"] = {"customer_id": JO.customer_id, "level": level}
    return found


def told(found: Talk, response: str, name: str = "window") -> str:
    (message,) = [one for one in found.said if one["response"] == response]
    return str(message[name])


async def test_a_window_is_chosen_confirmed_booked_and_told_to_the_desk() -> None:
    found = talk()
    found.slots["ticket"] = {"reference": "FL-48317264", "live": False}

    await found.hears("action_visit_book", "book a technician", "visit_book")
    choices = found.choices
    asked = await found.hears("action_visit_reply", choices[1], "nlu_fallback")
    before = list(found.operator.ledger.diary.booked)
    said = await found.hears("action_account_reply", "yes", "affirm")

    assert choices[:2] == ["Tuesday 24 November, 08:00 to 13:00", "Wednesday 25 November, 08:00 to 13:00"]
    assert (len(choices), asked, before) == (6, ["utter_visit_confirm_book"], [])
    assert said == ["utter_visit_book_done", "utter_visit_ticket", "utter_anything_else"]
    assert [visit.slot for visit in found.operator.ledger.diary.booked] == [WINDOWS[1]]
    (agreed,) = found.desk.visits
    assert (agreed.reference, agreed.begins_at, agreed.name) == ("FL-48317264", WINDOWS[1].begins, JO.name)


async def test_who_is_only_verified_sees_the_windows_and_proves_more_before_one_is_booked_or_cancelled() -> None:
    books, cancels = talk(level="verified"), talk(booked=[VISIT], level="verified")
    for found in (books, cancels):
        found.identity.now = Standing("verified", JO)

    await books.hears("action_visit_book", "book a technician", "visit_book")
    await books.hears("action_visit_reply", "1", "nlu_fallback")
    asked = await books.hears("action_account_reply", "yes", "affirm")
    before = list(books.operator.ledger.diary.booked)
    booked = await books.gives("strong")
    await cancels.hears("action_visit_cancel", "cancel my visit", "visit_cancel")
    kept = await cancels.hears("action_account_reply", "yes", "affirm")

    assert (asked, before, kept) == (["utter_code_sent"], [], ["utter_code_sent"])
    assert booked[:2] == ["utter_verified", "utter_visit_book_done"]
    assert [visit.state for visit in cancels.operator.ledger.diary.booked] == ["agreed"]


@pytest.mark.parametrize(("medium", "windows"), [("screen", 4), ("ear", 3)])
async def test_a_few_at_once_and_later_ones_when_asked(medium: str, windows: int) -> None:
    found = talk(medium=medium)
    await found.hears("action_visit_book", "book a technician", "visit_book")
    first = found.choices[:windows]
    await found.hears("action_visit_reply", "Later times", "nlu_fallback")
    later = found.choices

    end = await found.hears("action_visit_reply", "more", "nlu_fallback")

    assert later[0] not in first
    assert len(set(first) | set(later[: 6 - windows])) == 6
    assert end == ["utter_visit_no_later"]


@pytest.mark.parametrize("said", ["2", "wednesday please", "Wednesday morning"])
async def test_a_window_is_chosen_by_key_or_by_its_day(said: str) -> None:
    found = talk(medium="ear")
    await found.hears("action_visit_book", "book a technician", "visit_book")

    await found.hears("action_visit_reply", said, "nlu_fallback")

    assert told(found, "utter_visit_confirm_book") == "Wednesday 25 November, 08:00 to 13:00"


async def test_words_that_fit_several_windows_choose_none() -> None:
    found = talk()
    await found.hears("action_visit_book", "book a technician", "visit_book")

    said = [await found.hears("action_visit_reply", "in the morning", "nlu_fallback") for _ in range(3)]

    assert said[0] == ["utter_not_understood", "utter_visit_choose"]
    assert said[2] == ["utter_offer_person"]


async def test_no_books_nothing_and_another_time_shows_the_windows_again() -> None:
    found = talk()
    await found.hears("action_visit_book", "book a technician", "visit_book")
    await found.hears("action_visit_reply", "1", "nlu_fallback")
    again = await found.hears("action_account_reply", "Another time", "nlu_fallback")
    await found.hears("action_visit_reply", "1", "nlu_fallback")
    no = await found.hears("action_account_reply", "no", "deny")

    assert again == ["utter_visit_choose"]
    assert no == ["utter_nothing_changed", "utter_anything_else"]
    assert found.operator.ledger.diary.booked == []


async def test_a_window_that_is_gone_is_said_and_others_are_offered() -> None:
    found = talk()
    await found.hears("action_visit_book", "book a technician", "visit_book")
    await found.hears("action_visit_reply", "1", "nlu_fallback")
    found.operator.ledger.diary.taken = {WINDOWS[0]}

    said = await found.hears("action_account_reply", "yes", "affirm")

    assert said == ["utter_visit_taken", "utter_visit_choose"]
    assert found.choices[0] == "Wednesday 25 November, 08:00 to 13:00"
    assert found.desk.visits == []


async def test_a_window_that_time_has_overtaken_is_not_booked() -> None:
    found = talk()
    await found.hears("action_visit_book", "book a technician", "visit_book")
    await found.hears("action_visit_reply", "1", "nlu_fallback")
    found.now = WINDOWS[0].begins

    said = await found.hears("action_account_reply", "yes", "affirm")

    assert said[0] == "utter_visit_taken"
    assert found.operator.ledger.diary.booked == []


async def test_when_nobody_knows_whether_it_was_booked_a_person_looks() -> None:
    found = talk()
    await found.hears("action_visit_book", "book a technician", "visit_book")
    await found.hears("action_visit_reply", "1", "nlu_fallback")
    found.operator.ledger.away = True

    said = await found.hears("action_account_reply", "yes", "affirm")

    assert said[0] == "utter_visit_unsure"
    assert "utter_visit_book_done" not in said
    assert found.handover is not None


async def test_a_visit_is_moved_and_told_again() -> None:
    found = talk(booked=[VISIT])
    shown = await found.hears("action_visit_move", "change my appointment", "visit_move")
    await found.hears("action_visit_reply", "3", "nlu_fallback")
    said = await found.hears("action_account_reply", "yes", "affirm")

    assert shown == ["utter_visit_at", "utter_visit_choose"]
    assert said[0] == "utter_visit_move_done"
    assert found.desk.visits[-1].begins_at == WINDOWS[2].begins


async def test_a_visit_is_cancelled_after_a_yes() -> None:
    found = talk(booked=[VISIT])
    await found.hears("action_visit_cancel", "cancel the visit", "visit_cancel")
    said = await found.hears("action_account_reply", "yes", "affirm")

    assert said[0] == "utter_visit_cancelled"
    assert found.desk.cancelled == ["v0"]
    assert await found.hears("action_visit_cancel", "cancel it", "visit_cancel") == [
        "utter_visit_none",
        "utter_anything_else",
    ]


async def test_who_has_a_visit_is_not_given_a_second_one() -> None:
    found = talk(booked=[VISIT])

    asked = await found.hears("action_visit_book", "book a technician", "visit_book")
    said = await found.hears("action_account_reply", "yes", "affirm")

    assert (asked, said) == (["utter_visit_already"], ["utter_visit_at", "utter_visit_choose"])


async def test_no_free_window_leads_to_a_person() -> None:
    found = talk(windows=[])

    said = await found.hears("action_visit_book", "book a technician", "visit_book")

    assert said == ["utter_visit_no_windows"]
    assert found.choices[0] == "Talk to a person"


async def test_a_desk_that_is_away_hears_of_the_visit_when_it_is_looked_at() -> None:
    found = talk(booked=[VISIT])
    found.desk.away = True
    first = await found.hears("action_visit_when", "when does he come", "visit_when")
    found.desk.away = False

    again = await found.hears("action_visit_when", "when does he come", "visit_when")

    assert first == ["utter_visit_at", "utter_anything_else"]
    assert again[:2] == ["utter_visit_at", "utter_visit_ticket"]


async def test_windows_are_told_by_the_clock_on_the_wall_across_the_change_of_the_clocks() -> None:
    at = datetime(2026, 10, 24, 8, tzinfo=LONDON)
    found = talk(windows=[Slot(one, one + timedelta(hours=5)) for one in (at, at + timedelta(days=2))])
    found.now = datetime(2026, 10, 23, tzinfo=UTC)

    await found.hears("action_visit_book", "book a technician", "visit_book")

    assert found.choices[:2] == ["Saturday 24 October, 08:00 to 13:00", "Monday 26 October, 08:00 to 13:00"]


@pytest.mark.parametrize("state", ["received", "in_progress", "waiting", "held", "done", "cancelled", "failed"])
async def test_an_order_is_told_with_its_day(state: str) -> None:
    found = talk()
    order = Order("o1", ("Fibre 300", "TV Plus"), state, NOW - timedelta(days=3), NOW + timedelta(days=7))  # type: ignore[arg-type]  # of the literals
    found.operator.ledger.orders = [order]

    said = await found.hears("action_order_status", "where is my order", "order_status")

    assert said[0] == f"utter_order_{state}"
    assert told(found, said[0], "items") == "Fibre 300, TV Plus"
    assert ("utter_order_by" in said) == order.is_open


# The same against the demo operator itself.


def customer(systems: httpx.AsyncClient, customer_id: str, medium: str = "screen") -> Talk:
    found = Talk(door=SubscriberClient(systems), now=datetime.now(UTC), medium=medium)
    found.slots["customer"] = {"customer_id": customer_id, "level": "strong"}
    return found


@pytest.mark.parametrize("medium", ["screen", "ear"])
async def test_the_journey_from_no_visit_to_one_that_is_moved_and_cancelled(
    systems: httpx.AsyncClient, medium: str
) -> None:
    found = customer(systems, DANIEL, medium)

    assert await found.hears("action_visit_when", "when does he come", "visit_when") == ["utter_visit_none_yet"]
    await found.hears("action_account_reply", "1", "affirm")
    window = found.choices[0]
    await found.hears("action_visit_reply", "1", "nlu_fallback")
    assert (await found.hears("action_account_reply", "1", "affirm"))[0] == "utter_visit_book_done"
    await found.hears("action_visit_when", "when does he come", "visit_when")
    assert told(found, "utter_visit_at") == window
    await found.hears("action_visit_move", "another day", "visit_move")
    await found.hears("action_visit_reply", "2", "nlu_fallback")
    assert (await found.hears("action_account_reply", "yes", "affirm"))[0] == "utter_visit_move_done"
    await found.hears("action_visit_cancel", "cancel it", "visit_cancel")
    assert (await found.hears("action_account_reply", "yes", "affirm"))[0] == "utter_visit_cancelled"
    assert {visit.plan_mbps for visit in found.desk.visits} == {80.0}


async def test_a_window_that_others_took_at_the_operator_is_honestly_gone(systems: httpx.AsyncClient) -> None:
    found, others = customer(systems, DANIEL), SubscriberClient(systems).visits
    await found.hears("action_visit_book", "book a technician", "visit_book")
    taken = found.choices[0]
    await found.hears("action_visit_reply", "1", "nlu_fallback")
    first = found.slots["booking"]["chosen"]
    slot = Slot(datetime.fromisoformat(first["begins"]), datetime.fromisoformat(first["ends"]))
    for number in range(CAPACITY):
        with suppress(SlotTaken):
            await others.book(PRIYA, slot, key=f"o{number}")

    said = await found.hears("action_account_reply", "yes", "affirm")

    assert said == ["utter_visit_taken", "utter_visit_choose"]
    assert taken not in found.choices


async def test_an_order_and_its_visit_are_found(systems: httpx.AsyncClient) -> None:
    found = customer(systems, AMIR)

    order = await found.hears("action_order_status", "where is my order", "order_status")
    visit = await found.hears("action_visit_when", "when does he come", "visit_when")

    assert order[:2] == ["utter_order_in_progress", "utter_order_by"]
    assert visit[:2] == ["utter_visit_at", "utter_visit_ticket"]
    assert found.desk.visits[0].order_id == "order-1023-1"


@pytest.mark.parametrize("mode", ["error", "garbage", "missing"])
async def test_a_system_in_trouble_books_nothing_and_says_so(systems: httpx.AsyncClient, mode: str) -> None:
    found = customer(systems, NATHAN)
    await systems.post("/demo/faults", json={"system": "appointments", "mode": mode})

    said = [
        (await found.hears(f"action_visit_{what}", "my visit", f"visit_{what}"))[0]
        for what in ("when", "book", "move", "cancel")
    ]

    assert said == ["utter_account_unavailable"] * 4


async def test_a_slow_system_is_not_waited_for_long(systems: httpx.AsyncClient) -> None:
    found = customer(systems, NATHAN)
    await systems.post("/demo/faults", json={"system": "orders", "mode": "slow", "seconds": 30})

    said = await found.hears("action_order_status", "where is my order", "order_status")

    assert said[0] == "utter_account_unavailable"
