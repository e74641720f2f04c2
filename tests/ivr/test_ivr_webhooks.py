"""Webhooks come twice, late, out of order, or not at all."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

import ivr.webhook
from ivr import grammar
from ivr.simulator import Telephone
from settings import Settings
from tests.ivr.fake_calls import FakeCall
from tests.ivr.fake_ends import FakeAssistant, FakeDesk
from tests.ivr.scripted_call import phone, service

COLLECTS = {"i was charged twice": {"says": "When was that?", "collects": {"category": "bill-dispute"}}}


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def bot(desk: FakeDesk) -> FakeAssistant:
    return FakeAssistant(desk, COLLECTS)


@pytest.fixture
async def http(settings: Settings, bot: FakeAssistant, desk: FakeDesk) -> AsyncIterator[httpx.AsyncClient]:
    quick = settings.model_copy(update={"bot_timeout_s": 0.5})
    async with service(quick, bot, desk) as http:
        yield http


@pytest.fixture
def telephone(http: httpx.AsyncClient, settings: Settings) -> Telephone:
    return phone(http, settings)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


async def settled(holds: Any) -> None:
    async with asyncio.timeout(5):
        while not holds():  # the fakes have no events
            await asyncio.sleep(0.02)


async def test_the_same_webhook_twice_at_once_is_answered_once(telephone: Telephone, bot: FakeAssistant) -> None:
    await telephone.dial()
    bot.slow_s = 0.2
    await telephone.says("I was charged twice")
    address, form, _ = telephone.requests[-1]
    first = address.replace("step=1", "step=2")
    form = {**form, "SpeechResult": "yesterday"}

    twice = await asyncio.gather(*(telephone.post(first, form) for _ in range(2)))

    assert twice[0].text == twice[1].text
    assert bot.told == ["I was charged twice", "yesterday"]


async def test_a_second_answer_for_a_call_in_progress_changes_nothing(telephone: Telephone, desk: FakeDesk) -> None:
    await telephone.dial()
    before = telephone.said
    await telephone.dial()

    assert telephone.said == before
    await settled(lambda: desk.started)
    assert len(desk.started) == 1


async def test_a_call_nobody_knows_any_more_goes_on(telephone: Telephone, redis: Redis) -> None:
    await telephone.dial()
    await redis.flushall()

    await telephone.says("my internet is slow")

    assert "we were cut off for a moment" in telephone.said
    assert telephone.wants == "words"


async def test_a_webhook_after_the_end_is_answered_with_nothing(telephone: Telephone) -> None:
    await telephone.dial()
    await telephone.hangs_up()
    address = "/ivr/turn?step=1"
    _, form, _ = telephone.requests[0]

    late = await telephone.post(address, {**form, "SpeechResult": "hello"})

    assert list(grammar.parse(late.text)) == []


async def test_the_end_may_be_reported_twice_and_before_its_time(telephone: Telephone, desk: FakeDesk) -> None:
    assert (await telephone.report("completed")).status_code == 200
    await telephone.dial()
    await telephone.says("I was charged twice")
    assert (await telephone.report("ringing")).status_code == 200
    await telephone.hangs_up()
    await telephone.report("completed")

    assert len(desk.tickets) == 1
    await settled(lambda: desk.finished)


async def test_a_ticket_that_could_not_be_opened_follows(
    telephone: Telephone, desk: FakeDesk, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ivr.webhook, "LOOK_S", 0.05)
    monkeypatch.setattr(ivr.webhook, "TRY_AGAIN_S", 0.05)
    await telephone.dial()
    await telephone.says("I was charged twice")
    desk.is_away = True
    await telephone.hangs_up()
    assert desk.tickets == {}

    desk.is_away = False
    await redis.zadd("ivr:open", {telephone.call_sid: 1})

    await asyncio.sleep(0)
    async with asyncio.timeout(8):
        while not desk.finished:  # the fakes have no events
            await asyncio.sleep(0.05)
    (_, signals), *more = desk.tickets.values()
    assert (signals.reason, signals.live, more) == ("left", False, [])


async def test_a_call_whose_end_nobody_reports_is_closed(telephone: Telephone, redis: Redis, desk: FakeDesk) -> None:
    await telephone.dial()
    due = await redis.zscore("ivr:open", telephone.call_sid)
    assert due is not None
    assert 200 < due - time.time() < 400

    await redis.zadd("ivr:open", {telephone.call_sid: 1})

    async with asyncio.timeout(8):
        while not desk.finished:  # the fakes have no events
            await asyncio.sleep(0.05)
    assert await redis.zscore("ivr:open", telephone.call_sid) is None


async def test_an_answer_that_got_lost_with_its_program_is_asked_for_again(telephone: Telephone) -> None:
    await telephone.dial()
    _, form, _ = telephone.requests[0]

    again = await telephone.post("/ivr/wait?step=1&asked=2", form)

    assert "Sorry, I missed that" in again.text
    assert "/ivr/turn?step=2" in again.text


async def test_a_fallback_that_comes_twice_opens_one_ticket(telephone: Telephone, desk: FakeDesk) -> None:
    await telephone.dial()
    await telephone.use_fallback()
    address, form, headers = next(entry for entry in telephone.requests if "fallback" in entry[0])

    again = await telephone.post(address, form, headers)

    assert "Your reference is" in again.text
    assert len(desk.tickets) == 1


async def test_a_fallback_for_an_unknown_call_still_reaches_a_person(telephone: Telephone, desk: FakeDesk) -> None:
    await telephone.use_fallback()

    assert "passing you to a person" in telephone.said
    assert len(desk.tickets) == 1


async def test_everything_in_redis_expires(telephone: Telephone, redis: Redis) -> None:
    await telephone.dial()
    await telephone.says("I was charged twice")

    for key in await redis.keys("ivr:*"):
        if await redis.type(key) != "stream":
            assert await redis.ttl(key) > 0, key


async def test_a_bug_of_ours_is_not_a_dead_line(telephone: Telephone, bot: FakeAssistant) -> None:
    bot.script["boom"] = {}  # no "says": the fake breaks as our own code might

    await telephone.dial()
    await telephone.says("boom")

    assert "technical problem" in telephone.said


async def test_a_major_incident_where_the_caller_lives_is_heard_before_the_menu(
    telephone: Telephone, bot: FakeAssistant
) -> None:
    bot.news = "There is an outage of broadband in the area LF4."

    await telephone.dial()

    heard = telephone.said.casefold()
    assert heard.index("outage of broadband") < heard.index("press 1")


async def test_a_wish_for_no_more_calls_needs_a_number(
    http: httpx.AsyncClient, settings: Settings, desk: FakeDesk
) -> None:
    desk.our_call = FakeCall(purpose="confirmation")
    telephone = phone(http, settings, caller="anonymous")
    key = f"/ivr/called/key?call={desk.our_call.call_id}&purpose=confirmation&language=en&asked=1"

    reply = await telephone.post(key, {"CallSid": "CA1", "From": "anonymous", "Digits": "9"})

    assert "technical problem" in reply.text
    assert desk.our_call.answers == []
