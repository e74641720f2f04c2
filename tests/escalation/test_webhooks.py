"""The hub's events reach their subscribers: at least once, in the order of each ticket, nobody held up by another."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from escalation import dead_letters, hub, signature, subscription
from escalation.dead_letters import DeadAsked
from escalation.errors import NotFound, NotLegal
from escalation.hub_records import WebhookRecord
from escalation.sender import Sender
from escalation.subscription import Subscribe
from tests.escalation.receiver import Received, Receiver, courier, receiving
from tests.escalation.shift import Shift

SECRETS = ("the-new-secret-of-ours", "the-old-secret-of-ours")
DOCS = Path(__file__).resolve().parents[2] / "docs" / "webhooks.md"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one


def sender_of(shift: Shift) -> Sender:
    return Sender(shift.office, courier(), SECRETS, jitter=lambda: 1.0)


async def subscribed(shift: Shift, receiver: Receiver, query: str = "") -> Any:
    return (await subscription.subscribe(shift.office, "api", Subscribe(callback=receiver.url, query=query)))["id"]


async def sent(*senders: Sender) -> None:
    """Everything that is due now."""
    while any(await asyncio.gather(*(sender.round() for sender in senders))):
        await asyncio.gather(*(sender.idle() for sender in senders))


async def worked_on(shift: Shift) -> str:
    """A ticket with four events: opened, accepted, a note, held."""
    reference = await shift.ticket()
    await shift.act("amira.khan", reference, "accept")
    await shift.act("amira.khan", reference, "note", text="seen")
    await shift.act("amira.khan", reference, "hold", reason="a part is missing")
    return reference


FOUR = ["Create", "StatusChange", "AttributeValueChange", "StatusChange"]


async def test_every_change_of_a_ticket_is_told_in_order(shift: Shift, receiver: Receiver) -> None:
    await subscribed(shift, receiver)
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    await shift.act("amira.khan", reference, "accept")
    await shift.act("amira.khan", reference, "ask_customer", text="which router?")
    await shift.says(contact_id)
    await shift.act("amira.khan", reference, "resolve", text="done")

    await sent(sender_of(shift))

    told = ["Create", "StatusChange", "StatusChange", "InformationRequired", "StatusChange", "StatusChange", "Resolved"]
    assert receiver.kinds == told
    states = [one.event["event"]["troubleTicket"]["status"] for one in receiver.received]
    assert states == ["acknowledged", "inProgress", "pending", "pending", "inProgress", "resolved", "resolved"]
    assert len({one.event["eventId"] for one in receiver.received}) == len(told)
    assert {one.event["event"]["troubleTicket"]["escalation"]["reference"] for one in receiver.received} == {reference}


async def test_a_refused_change_tells_nothing(shift: Shift, receiver: Receiver) -> None:
    await subscribed(shift, receiver)
    reference = await shift.ticket()
    await shift.act("amira.khan", reference, "accept")
    with pytest.raises(NotLegal):
        await shift.act("amira.khan", reference, "close")

    await sent(sender_of(shift))

    assert receiver.kinds == ["Create", "StatusChange"]


async def test_a_filter_is_honoured(shift: Shift, receiver: Receiver) -> None:
    await subscribed(shift, receiver, "eventType=TroubleTicketStatusChangeEvent&status=held,resolved")
    await worked_on(shift)

    await sent(sender_of(shift))

    assert [one.event["event"]["troubleTicket"]["status"] for one in receiver.received] == ["held"]


async def test_who_subscribes_later_hears_only_what_comes(shift: Shift, receiver: Receiver) -> None:
    async with receiving() as first:
        await subscribed(shift, first)
        reference = await shift.ticket()
        shift.watch.advance(seconds=1)
        await subscribed(shift, receiver)
        await shift.act("amira.khan", reference, "accept")

        await sent(sender_of(shift))

        assert (first.kinds, receiver.kinds) == (["Create", "StatusChange"], ["StatusChange"])


async def test_nothing_is_sent_to_who_has_unsubscribed(shift: Shift, receiver: Receiver) -> None:
    kept = await subscribed(shift, receiver)
    await worked_on(shift)
    await hub.give_out(shift.office)
    await subscription.unsubscribe(shift.office, "api", kept)

    await sent(sender_of(shift))

    assert receiver.kinds == []


async def test_a_failure_keeps_the_order_of_its_ticket_and_holds_up_no_other(shift: Shift, receiver: Receiver) -> None:
    await subscribed(shift, receiver)
    first = await worked_on(shift)
    other = await worked_on(shift)
    receiver.answers_with(lambda one: refuse_once(one, first))
    refused: list[str] = []

    async def refuse_once(one: Received, reference: str) -> int:
        is_first = one.event["event"]["troubleTicket"]["escalation"]["reference"] == reference
        if is_first and not refused:
            refused.append(one.kind)
            return 500
        return 204

    sender = sender_of(shift)
    await sent(sender)
    before = {first: of_ticket(receiver, first), other: of_ticket(receiver, other)}
    shift.watch.advance(seconds=3)
    await sent(sender)

    assert before == {first: ["Create"], other: FOUR}
    assert of_ticket(receiver, first) == ["Create", *FOUR]
    ids = [one.headers["x-firstline-event-id"] for one in receiver.received if one.kind == "Create"]
    assert (len(ids), len(set(ids))) == (3, 2)  # the one that failed came again as the same


def of_ticket(receiver: Receiver, reference: str) -> list[str]:
    return [
        one.kind
        for one in receiver.received
        if one.event["event"]["troubleTicket"]["escalation"]["reference"] == reference
    ]


async def test_a_slow_subscriber_delays_nobody(shift: Shift, receiver: Receiver) -> None:
    async with receiving() as slow:
        released = asyncio.Event()

        async def hangs(_: Received) -> int:
            await released.wait()
            return 204

        slow.answers_with(hangs)
        for one in (slow, receiver):
            await subscribed(shift, one)
        for _ in range(6):
            await worked_on(shift)
        sender = sender_of(shift)
        for _ in range(200):
            await sender.round()
            if len(receiver.received) == 24:
                break
            await asyncio.sleep(0.01)

        assert len(receiver.received) == 24
        assert len(slow.received) == hub.AT_ONCE
        released.set()
        await sender.idle()


async def test_who_is_killed_between_sending_and_noting_it_sends_again(shift: Shift, receiver: Receiver) -> None:
    await subscribed(shift, receiver)
    await shift.ticket()
    await hub.give_out(shift.office)
    (taken,) = await hub.take(shift.office, sparing=())
    await courier().bring(taken.callback, taken.body.encode(), {"X-Firstline-Event-Id": str(taken.event_id)})
    # here the sender dies

    survivor = sender_of(shift)
    await sent(survivor)
    too_early = len(receiver.received)
    shift.watch.advance(seconds=61)
    await sent(survivor)

    assert (too_early, receiver.kinds) == (1, ["Create", "Create"])
    assert len({one.headers["x-firstline-event-id"] for one in receiver.received}) == 1


async def test_who_comes_back_too_late_changes_nothing(shift: Shift, receiver: Receiver) -> None:
    kept = await subscribed(shift, receiver)
    await shift.ticket()
    await hub.give_out(shift.office)
    (late,) = await hub.take(shift.office, sparing=())
    shift.watch.advance(seconds=61)
    await sent(sender_of(shift))

    await hub.failed(shift.office, late, "answered 500", jitter=1.0)

    (state,) = await dead_letters.subscriptions(shift.office)
    assert (str(state.id), state.waiting, state.state) == (kept, 0, "ok")


async def test_two_watches_send_each_event_once_and_in_order(shift: Shift, receiver: Receiver) -> None:
    await subscribed(shift, receiver)
    references = [await worked_on(shift) for _ in range(6)]

    async def a_while(_: Received) -> int:
        await asyncio.sleep(0.005)
        return 204

    receiver.answers_with(a_while)

    await sent(sender_of(shift), sender_of(shift))

    assert {reference: of_ticket(receiver, reference) for reference in references} == dict.fromkeys(references, FOUR)
    assert receiver.at_once == 1


async def test_an_event_is_tried_for_a_day_then_dead_and_can_be_replayed(shift: Shift, receiver: Receiver) -> None:
    kept = await subscribed(shift, receiver)
    reference = await shift.ticket()
    sender = sender_of(shift)
    receiver.answers(*[503] * 6)
    tries = []
    for wait_s in (0, 2, 4, 8, 16):
        shift.watch.advance(seconds=wait_s - 0.5)
        await sent(sender)  # too early
        shift.watch.advance(seconds=0.5)
        await sent(sender)
        tries.append(len(receiver.received))
    shift.watch.advance(hours=24)
    await sent(sender)
    (dead,) = await dead_letters.listed(shift.office, DeadAsked())
    (failing,) = await dead_letters.subscriptions(shift.office)
    receiver.answers()
    await shift.act("amira.khan", reference, "accept")
    await sent(sender)

    assert (tries, dead.tries) == ([1, 2, 3, 4, 5], 6)
    assert (dead.fault, dead.event_type) == ("answered 503", "TroubleTicketCreateEvent")
    assert str(dead.subscription_id) == kept
    assert (failing.state, failing.dead, failing.last_fault) == ("failing", 1, "answered 503")
    assert receiver.kinds[-1] == "StatusChange"  # what follows goes on

    assert await dead_letters.replay(shift.office, dead.id) == 1
    await sent(sender)

    (well,) = await dead_letters.subscriptions(shift.office)
    assert receiver.kinds[-1] == "Create"
    assert (well.state, well.dead, well.waiting) == ("ok", 0, 0)
    with pytest.raises(NotFound):
        await dead_letters.replay(shift.office, dead.id)


@pytest.mark.parametrize(("tries", "longest_s"), [(1, 2), (2, 4), (9, 512), (10, 900), (5000, 900)])
def test_tries_are_further_and_further_apart(tries: int, longest_s: float) -> None:
    shortest, middle, longest = (hub.pause(tries, jitter).total_seconds() for jitter in (0, 0.5, 1))

    assert (shortest, middle, longest) == (longest_s / 2, longest_s * 0.75, longest_s)


async def test_all_that_is_dead_of_a_subscription_is_replayed_in_order(shift: Shift, receiver: Receiver) -> None:
    kept = await subscribed(shift, receiver)
    await worked_on(shift)
    shift.watch.advance(hours=25)
    receiver.answers(500, 500, 500, 500)
    sender = sender_of(shift)
    await sent(sender)
    dead = await dead_letters.count(shift.office)

    replayed = await dead_letters.replay_all(shift.office, kept)
    await sent(sender)

    assert (dead, replayed) == ({"waiting": 0, "dead": 4}, 4)
    assert receiver.kinds == FOUR * 2
    assert await dead_letters.count(shift.office) == {"waiting": 0, "dead": 0}


async def test_while_a_subscriber_fails_one_event_at_a_time_is_tried(shift: Shift, receiver: Receiver) -> None:
    await subscribed(shift, receiver)
    for _ in range(6):
        await shift.ticket()
    receiver.answers(*[500] * 20)
    sender = sender_of(shift)
    tried = []
    for _ in range(3):
        await sender.round()
        await sender.idle()
        tried.append(len(receiver.received))

    assert tried == [4, 5, 6]


async def test_what_is_old_is_forgotten(shift: Shift, receiver: Receiver) -> None:
    await subscribed(shift, receiver)
    await shift.ticket()
    await sent(sender_of(shift))
    shift.watch.advance(days=3)

    await hub.forget(shift.office)

    async with shift.office.sessions() as session:
        assert list(await session.scalars(select(WebhookRecord))) == []


async def test_the_example_in_the_docs_verifies_what_is_sent(shift: Shift, receiver: Receiver) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    example: dict[str, Any] = {}
    exec(code, example)
    verifies = example["is_from_firstline"]
    await subscribed(shift, receiver)
    await shift.ticket()

    await sent(sender_of(shift))

    (one,) = receiver.received
    header, now = one.headers[signature.HEADER.lower()], shift.watch().timestamp()
    assert [verifies(header, one.body, secret, now=now) for secret in (*SECRETS, "another")] == [True, True, False]
    assert not verifies(header, one.body + b" ", SECRETS[0], now=now)
    assert not verifies(header, one.body, SECRETS[0], now=now + 301)
    assert not verifies(header.replace("t=", "t=1"), one.body, SECRETS[0], now=now)
    assert not verifies("", one.body, SECRETS[0], now=now)


@pytest.mark.parametrize("given", ["short", "a-secret-that-is-long,short"])
def test_a_weak_secret_is_refused(given: str) -> None:
    with pytest.raises(RuntimeError, match="FIRSTLINE_WEBHOOK_SECRETS"):
        signature.secrets_of(given)
