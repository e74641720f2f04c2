"""A link leads from a call into the chat: once, for half an hour, to the place in the queue the caller had."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from escalation import telephone
from escalation.chat_links import following
from escalation.chat_links.chat_link_record import ChatLinkRecord
from escalation.chat_links.chat_link_wire import Continued
from escalation.client import EscalationRefused, Signals, Turn
from escalation.errors import NotFound
from escalation.phone_wire import CallbackAsked
from escalation.reception import finish_contact, waiting_of
from escalation.records import ContactRecord
from escalation.streams import live
from tests.escalation.escalation_service import Running
from tests.escalation.shift import MONDAY_10, Shift

CALLER = "+447700900123"


async def link(shift: Shift, contact_id: UUID, *, keeps_place: bool = False) -> str:
    made = await following.make(shift.office, contact_id, keeps_place=keeps_place)
    return made.url.rpartition("=")[2]


async def followed(shift: Shift, token: str) -> Continued:
    found = await following.follow(shift.office, token)
    assert found is not None
    return found


async def test_it_gives_the_call_with_what_was_said(shift: Shift) -> None:
    caller = await shift.contact("voice", caller=CALLER)
    await shift.says(caller, "my internet is slow")

    found = await followed(shift, await link(shift, caller))

    assert (found.contact_id, found.language, found.ticket, found.live) == (caller, "en", None, False)
    assert [turn.text for turn in found.turns] == ["my internet is slow"]


async def test_it_is_followed_once_even_by_two_at_the_same_moment(shift: Shift) -> None:
    token = await link(shift, await shift.contact("voice", caller=CALLER))

    found = await asyncio.gather(*(following.follow(shift.office, token) for _ in range(5)))

    assert sum(each is not None for each in found) == 1


async def test_it_holds_for_half_an_hour(shift: Shift) -> None:
    caller = await shift.contact("voice", caller=CALLER)
    early, late = await link(shift, caller), await link(shift, caller)

    shift.watch.at = MONDAY_10 + following.HOLDS - timedelta(seconds=1)
    assert await following.follow(shift.office, early) is not None
    shift.watch.at = MONDAY_10 + following.HOLDS
    assert await following.follow(shift.office, late) is None


@pytest.mark.parametrize("token", ["", "x", "a" * 200, "../../etc"])
async def test_a_made_up_token_leads_nowhere(shift: Shift, token: str) -> None:
    assert await following.follow(shift.office, token) is None


async def test_no_copy_of_the_database_opens_a_link(shift: Shift) -> None:
    token = await link(shift, await shift.contact("voice", caller=CALLER))

    async with shift.office.sessions() as session:
        assert await session.get(ChatLinkRecord, token) is None


async def test_a_contact_that_never_began_has_no_link(shift: Shift) -> None:
    with pytest.raises(NotFound):
        await following.make(shift.office, uuid4(), keeps_place=False)


async def test_who_stood_in_the_queue_has_their_place_again_and_is_called_by_nobody(shift: Shift) -> None:
    caller = await shift.contact("voice", caller=CALLER)
    opened = await shift.hand_over(caller, live=True)
    token = await link(shift, caller, keeps_place=True)
    await telephone.promise_callback(shift.office, caller, CallbackAsked())
    await finish_contact(shift.office, caller, "handed_over", channel="voice")
    shift.watch.advance(minutes=5)
    later = await shift.contact()
    await shift.hand_over(later, live=True)

    found = await followed(shift, token)

    waiting = await waiting_of(shift.office, later)
    assert waiting is not None
    assert (found.live, found.queue_position, waiting.queue_position) == (True, 1, 2)
    side = await telephone.phone_side(shift.office, "sam.okoye", opened.ticket.reference)
    assert side.callback is None


async def test_an_agent_who_accepts_it_talks_to_them_in_the_chat(shift: Shift) -> None:
    caller = await shift.contact("voice", caller=CALLER)
    reference = (await shift.hand_over(caller, live=True)).ticket.reference
    token = await link(shift, caller, keeps_place=True)
    await finish_contact(shift.office, caller, "handed_over", channel="voice")
    await followed(shift, token)

    accepted = await shift.act("sam.okoye", reference, "accept")
    await shift.act("sam.okoye", reference, "reply", text="Hello, I am here now.")

    assert (accepted.channel, accepted.live) == ("chat", True)
    assert [event["text"] for event in await shift.events(live("chat")) if event["kind"] == "message"] == [
        "Hello, I am here now."
    ]


async def test_steps_by_text_ask_for_no_person(shift: Shift) -> None:
    caller = await shift.contact("voice", caller=CALLER)
    await shift.hand_over(caller, live=True)
    token = await link(shift, caller)
    await telephone.promise_callback(shift.office, caller, CallbackAsked())

    found = await followed(shift, token)

    assert found.ticket is not None
    assert not found.live


async def test_the_end_of_the_call_does_not_end_the_chat_it_became(shift: Shift) -> None:
    caller = await shift.contact("voice", caller=CALLER)
    await followed(shift, await link(shift, caller))

    await finish_contact(shift.office, caller, "dropped", channel="voice")

    async with shift.office.sessions() as session:
        contact = await session.get_one(ContactRecord, caller)
        assert (contact.channel, contact.ended_at, contact.outcome) == ("chat", None, None)


async def test_the_door_makes_links_and_follows_them(running: Running) -> None:
    contact, client = uuid4(), running.client
    at = running.office.now()
    await client.record([Turn(contact_id=contact, turn_id="1", author="customer", text="hello", at=at)])
    await client.hand_over(contact, Signals(category="general", reason="wants_person", live=True), key="k")

    url = await client.chat_link(contact, keeps_place=True)
    token = url.rpartition("=")[2]
    found = await client.follow_chat_link(token)

    assert url.startswith(f"{running.office.public_url}/chat/#go-on=")
    assert found is not None
    assert found.contact_id == contact
    assert await client.follow_chat_link(token) is None
    with pytest.raises(EscalationRefused):
        await client.chat_link(uuid4())
