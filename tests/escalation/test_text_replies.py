"""What a customer answers by text message reaches the ticket this number was last told of, and no other."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from escalation import audit, reception
from escalation.records import ContactRecord
from escalation.retention import keep_to
from escalation.text_records import TextRecord
from escalation.text_replies import answer
from escalation.text_wire import TextReply
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift

NUMBER = "+447700900142"


async def gone(shift: Shift, **known: Any) -> str:
    """The ticket of a customer who has left a number and gone."""
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, **{"reachable": NUMBER, **known})).ticket.reference
    await reception.finish_contact(shift.office, contact_id, "handed_over")
    return reference


async def solved(shift: Shift, **known: Any) -> str:
    reference = await gone(shift, **known)
    await shift.act("sam.okoye", reference, "accept")
    await shift.act("sam.okoye", reference, "resolve", text="A new line card is in.")
    return reference


async def texts(shift: Shift, text: str, meaning: Any = "other", *, number: str = NUMBER, sid: int = 1) -> str:
    reply = TextReply(message_sid=f"SM{sid:032x}", number=number, text=text, meaning=meaning)
    return (await answer(shift.office, reply)).became


async def test_a_solution_sent_to_a_number_asks_for_a_yes_or_a_no(shift: Shift) -> None:
    await solved(shift)
    await solved(shift, reachable="ann@example.org")

    said = {sms["to"]: sms["text"] for sms in await shift.events("sms") if "has been solved" in sms["text"]}

    assert "answer 1 if it is, or 2 if it is not" in said[NUMBER]
    assert "contact us" in said["ann@example.org"]


async def hung_up(shift: Shift, caller: str = NUMBER) -> UUID:
    """A call that was dropped before the caller could say how satisfied they are."""
    contact_id = await shift.contact("voice", caller=caller)
    await reception.finish_contact(shift.office, contact_id, "unconfirmed", channel="voice", ask_rating=True)
    return contact_id


async def stars(shift: Shift, contact_id: UUID) -> int | None:
    async with shift.office.sessions() as session:
        return (await session.get_one(ContactRecord, contact_id)).satisfaction


async def asked_to_rate(shift: Shift) -> int:
    return sum("how satisfied" in sms["text"] for sms in await shift.events("sms"))


@pytest.mark.parametrize(("text", "rating"), [("4", 4), (" 5!", 5), ("I would say 2.", 2)])
async def test_a_dropped_call_is_rated_by_text_once(shift: Shift, text: str, rating: int) -> None:
    contact_id = await hung_up(shift)
    await reception.finish_contact(shift.office, contact_id, "unconfirmed", channel="voice", ask_rating=True)
    assert await asked_to_rate(shift) == 1

    assert await texts(shift, text) == "rated"

    assert await stars(shift, contact_id) == rating
    assert await texts(shift, text, sid=2) == "no_ticket"


@pytest.mark.parametrize("text", ["6", "10", "45", "it was fine", "call me at 3 or 4"])
async def test_what_is_no_rating_is_none(shift: Shift, text: str) -> None:
    contact_id = await hung_up(shift)

    assert await texts(shift, text) == "no_ticket"

    assert await stars(shift, contact_id) is None


async def test_other_words_after_a_dropped_call_still_reach_the_ticket(shift: Shift) -> None:
    reference = await gone(shift)
    await hung_up(shift)

    assert await texts(shift, "The light is red now.") == "noted"

    assert "The light is red now." in [note.text for note in (await shift.read(reference)).notes]


async def test_a_newer_question_about_a_solution_goes_first(shift: Shift) -> None:
    contact_id = await hung_up(shift)
    await solved(shift)

    assert await texts(shift, "1", "yes") == "closed"

    assert await stars(shift, contact_id) is None


async def test_who_left_the_last_question_unanswered_is_not_asked_again(shift: Shift) -> None:
    await hung_up(shift)
    await hung_up(shift)
    await hung_up(shift, caller="+447700900143")

    assert await asked_to_rate(shift) == 2


async def test_a_rating_that_never_came_is_forgotten(shift: Shift) -> None:
    await hung_up(shift)
    shift.watch.advance(days=400)

    await keep_to(shift.office)

    async with shift.office.sessions() as session:
        assert list(await session.scalars(select(TextRecord.number))) == []


async def test_a_no_reopens_the_ticket_and_its_clocks_can_be_proven(shift: Shift) -> None:
    reference = await solved(shift)

    assert await texts(shift, "2", "no") == "reopened"

    ticket = await shift.read(reference)
    assert (ticket.status, ticket.unread) == ("inProgress", 1)
    assert ("customer", "reopen") in [(line.who, line.what) for line in ticket.audit]
    assert (await audit.audit(shift.office, days=1, within=timedelta(hours=1))).differences == []


async def test_the_number_is_forgotten_when_the_ticket_ended_long_ago(shift: Shift) -> None:
    closed, stays = await solved(shift), await gone(shift, reachable="+447700900143")
    assert await texts(shift, "1", "yes") == "closed"
    shift.watch.advance(days=91)

    kept = dict(await keep_to(shift.office))

    assert (kept.pop("texts") > 0, kept) == (True, {"text replies": 1})
    async with shift.office.sessions() as session:
        assert set(await session.scalars(select(TextRecord.number))) == {"+447700900143"}
    assert {(await shift.read(one)).signals.reachable for one in (closed, stays)} == {NUMBER, "+447700900143"}


async def test_a_yes_closes_it(shift: Shift) -> None:
    reference = await solved(shift)

    assert await texts(shift, "1", "yes") == "closed"

    assert (await shift.read(reference)).status == "closed"


async def test_a_complaint_is_not_closed_before_its_follow_up(shift: Shift) -> None:
    reference = await solved(shift, category="complaint")

    assert await texts(shift, "1", "yes") == "noted"

    assert (await shift.read(reference)).status == "resolved"


async def test_anything_else_is_a_note_and_ends_the_waiting_for_the_customer(shift: Shift) -> None:
    reference = await gone(shift)
    await shift.act("sam.okoye", reference, "accept")
    await shift.act("sam.okoye", reference, "ask_customer", text="Which lamp is red?")

    assert await texts(shift, "The second one") == "noted"

    ticket = await shift.read(reference)
    assert (ticket.status, ticket.unread) == ("inProgress", 1)
    assert ("customer", "The second one") in [(note.author, note.text) for note in ticket.notes]


async def test_a_no_that_answers_no_solution_is_a_note(shift: Shift) -> None:
    reference = await gone(shift)

    assert await texts(shift, "no", "no") == "noted"

    assert (await shift.read(reference)).status == "acknowledged"


async def test_the_same_message_many_times_at_once_is_one(shift: Shift) -> None:
    reference = await solved(shift)

    became = await asyncio.gather(*(texts(shift, "2", "no") for _ in range(4)))

    assert became == ["reopened"] * 4
    assert [line.what for line in (await shift.read(reference)).audit].count("reopen") == 1


@pytest.mark.parametrize("written", ["07700 900142", "+44 7700 900142"])
async def test_the_ticket_last_told_of_is_meant_however_the_number_was_written(shift: Shift, written: str) -> None:
    earlier = await solved(shift)
    later = await solved(shift, reachable=written)

    assert await texts(shift, "2", "no") == "reopened"

    assert [(await shift.read(each)).status for each in (earlier, later)] == ["resolved", "inProgress"]


async def test_another_number_that_ends_alike_changes_nothing(shift: Shift) -> None:
    reference = await solved(shift)

    assert await texts(shift, "2", "no", number="+917700900142") == "no_ticket"

    assert (await shift.read(reference)).status == "resolved"


async def test_a_ticket_that_has_ended_is_not_touched(shift: Shift) -> None:
    reference = await solved(shift)
    await texts(shift, "1", "yes", sid=1)

    assert await texts(shift, "2", "no", sid=2) == "no_ticket"

    assert (await shift.read(reference)).status == "closed"


async def test_a_reply_goes_through_the_door(running: Running) -> None:
    became = await running.client.text_reply("SM" + "0f" * 16, number=NUMBER, text="hello", meaning="other")

    assert became == "no_ticket"
