"""From the door to Twilio: what is accepted is sent, once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import httpx
import pytest
import redis.asyncio as aioredis

from outbound.app import create_app
from outbound.client import OutboundUnavailable
from settings import Settings
from tests.outbound.conftest import Running, Twilio

Run = Callable[..., Awaitable[Running]]
MAYA = "+447700900101"


async def test_a_message_is_sent(run: Run, twilio: Twilio) -> None:
    outbound = await run(twilio_api_base=twilio.url)

    await outbound.client.send(to="07700 900101", text="Your reference is FL-1.", key="a", kind="ticket_opened")

    await twilio.until_sent((MAYA, "Your reference is FL-1."))
    await outbound.until_health(waiting=0, dead=0, sms="ok")


async def test_the_same_key_is_the_same_message_even_after_it_was_sent(run: Run, twilio: Twilio) -> None:
    outbound = await run(twilio_api_base=twilio.url)

    await asyncio.gather(
        *(outbound.client.send(to=MAYA, text="once", key="a", kind="ticket_opened") for _ in range(10))
    )
    await outbound.until_health(waiting=0)
    await outbound.client.send(to=MAYA, text="once", key="a", kind="ticket_opened")
    await outbound.client.send(to=MAYA, text="other", key="b", kind="ticket_opened")

    await twilio.until_sent((MAYA, "once"), (MAYA, "other"))


async def test_without_a_twilio_account_messages_wait_and_go_out_once_there_is_one(run: Run, twilio: Twilio) -> None:
    without = await run(twilio_account_sid="")
    await without.client.send(to=MAYA, text="patience", key="a", kind="ticket_opened")
    await without.until_health(waiting=1, sms="not set up", dead=0)
    without.app.state.worker.stop()
    await without.app.state.work

    with_account = await run(twilio_api_base=twilio.url)
    await _due_now(with_account)

    await twilio.until_sent((MAYA, "patience"))


async def test_what_twilio_does_not_take_now_is_tried_again(run: Run, twilio: Twilio) -> None:
    outbound = await run(twilio_api_base=twilio.url)
    for mode in ("error", "garbage"):
        await twilio.switch(mode)
        await outbound.client.send(to=MAYA, text=mode, key=mode, kind="ticket_update")
        await outbound.until_health(dead=0)
    await asyncio.sleep(0.2)
    assert (await outbound.health())["waiting"] == 2

    await twilio.switch("off")
    await _due_now(outbound)

    await twilio.until_sent((MAYA, "error"), (MAYA, "garbage"))


async def test_a_number_that_twilio_refuses_is_given_up_with_the_reason(run: Run, twilio: Twilio) -> None:
    outbound = await run(twilio_api_base=twilio.url)

    await outbound.client.send(to="+15005550001", text="hello", key="a", kind="ticket_opened")

    await outbound.until_health(dead=1, waiting=0)
    last = (await outbound.health())["last_dead"]
    assert isinstance(last, list)
    assert (last[0]["kind"], last[0]["reason"]) == ("ticket_opened", "Twilio refused it (error 21211)")


async def test_who_told_twilio_to_stop_hears_no_more(run: Run, twilio: Twilio) -> None:
    outbound = await run(twilio_api_base=twilio.url)

    await outbound.client.send(to="+15005550004", text="hello", key="a", kind="ticket_opened")
    await outbound.until_health(waiting=0, dead=0)

    assert await outbound.app.state.queue.has_opted_out("+15005550004")


async def test_who_opted_out_is_not_written_to_until_opting_in(run: Run, twilio: Twilio) -> None:
    outbound = await run(twilio_api_base=twilio.url)
    await outbound.http.post("/outbound/v1/opt-outs", json={"to": "07700 900101", "opted_out": True})

    await outbound.client.send(to=MAYA, text="unwanted", key="a", kind="ticket_opened")
    await outbound.until_health(waiting=0, dead=0)
    await outbound.http.post("/outbound/v1/opt-outs", json={"to": MAYA, "opted_out": False})
    await outbound.client.send(to=MAYA, text="welcome", key="b", kind="ticket_opened")

    await twilio.until_sent((MAYA, "welcome"))


async def test_email_without_a_mail_server_is_given_up_visibly_and_can_be_revived(run: Run) -> None:
    outbound = await run()

    await outbound.client.send(to="maya@example.com", text="hello", key="a", kind="steps")
    await outbound.until_health(dead=1, email="not set up")
    last = (await outbound.health())["last_dead"]
    assert isinstance(last, list)

    assert last[0]["reason"] == "e-mail is not set up"
    revived = await outbound.http.post(f"/outbound/v1/dead-letters/{last[0]['id']}/retry")
    assert revived.status_code == 202
    assert (await outbound.http.post("/outbound/v1/dead-letters/unknown/retry")).status_code == 404


@pytest.mark.parametrize("to", ["", "12", "maya", "a@b", "a b@c.de", "a@b.c\nBcc: x@y.z", "<script>", "+" + "1" * 40])
async def test_what_is_no_address_is_refused_and_not_repeated(run: Run, to: str) -> None:
    outbound = await run()

    with pytest.raises(httpx.HTTPStatusError, match="422"):
        await outbound.client.send(to=to, text="hello", key="a", kind="ticket_opened")

    assert (await outbound.health())["waiting"] == 0


async def test_a_long_text_is_cut_to_what_twilio_takes(run: Run, twilio: Twilio) -> None:
    outbound = await run(twilio_api_base=twilio.url)

    await outbound.client.send(to=MAYA, text="x" * 5000, key="a", kind="steps")

    await twilio.until_sent((MAYA, "x" * 1599 + "…"))


async def test_half_an_emoji_does_not_stop_a_message(run: Run, twilio: Twilio) -> None:
    outbound = await run(twilio_api_base=twilio.url)

    await outbound.client.send(to=MAYA, text="well done \ud83d", key="a", kind="steps")

    await twilio.until_sent((MAYA, "well done ?"))


async def test_nobody_sends_without_the_internal_token(run: Run) -> None:
    outbound = await run()
    message = {"to": MAYA, "text": "x", "key": "a", "kind": "steps"}

    for given in ("", "Bearer wrong", "Bearer "):
        headers = {"Authorization": given}
        assert (await outbound.http.post("/outbound/v1/messages", json=message, headers=headers)).status_code == 401
        assert (await outbound.http.get("/outbound/v1/health", headers=headers)).status_code == 401


def test_without_a_token_it_does_not_start(settings: Settings) -> None:
    with pytest.raises(ValueError, match="FIRSTLINE_INTERNAL_TOKEN"):
        create_app(settings.model_copy(update={"firstline_internal_token": type(settings.firstline_api_token)("")}))


async def test_without_redis_nothing_is_accepted(run: Run) -> None:
    outbound = await run(redis_url="redis://127.0.0.1:1/0")

    with pytest.raises(OutboundUnavailable):
        await outbound.client.send(to=MAYA, text="hello", key="a", kind="ticket_opened")

    assert not outbound.app.state.work.done()  # it goes on when Redis is back


async def test_neither_number_nor_text_is_logged_or_kept_once_sent(
    run: Run, twilio: Twilio, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    outbound = await run(twilio_api_base=twilio.url)

    await outbound.client.send(to=MAYA, text="a secret matter", key="key-1", kind="ticket_opened")
    await outbound.until_health(waiting=0)

    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("outbound", "httpx"))]
    assert ours
    assert not [line for line in ours if "7700900101" in line or "secret" in line]
    assert "7700900101" not in await _everything_in(settings.redis_url)


async def test_every_key_has_an_end_or_is_a_bounded_stream(run: Run, settings: Settings) -> None:
    outbound = await run()
    await outbound.client.send(to="maya@example.com", text="x", key="a", kind="steps")
    await outbound.client.send(to=MAYA, text="x", key="b", kind="announcement")
    await outbound.http.post("/outbound/v1/opt-outs", json={"to": MAYA, "opted_out": True})
    await outbound.until_health(dead=1)

    async with aioredis.from_url(settings.redis_url, decode_responses=True) as redis:
        keys = [key async for key in redis.scan_iter()]
        endless = [key for key in keys if await redis.ttl(key) == -1 and await redis.type(key) != "stream"]

    assert keys
    assert all(key.startswith("outbound:") for key in keys)
    assert endless == []


async def _due_now(outbound: Running) -> None:
    """Let all that waits be due."""
    redis = outbound.app.state.queue._redis
    for message_id in await redis.zrange("outbound:due", 0, -1):
        await redis.zadd("outbound:due", {message_id: 0})
    outbound.app.state.worker.wake()


async def _everything_in(redis_url: str) -> str:
    async with aioredis.from_url(redis_url, decode_responses=True) as redis:
        keys = [key async for key in redis.scan_iter()]
        readers: dict[str, Callable[[str], Awaitable[object]]] = {
            "string": redis.get,
            "hash": redis.hgetall,
            "stream": redis.xrange,
        }
        found = [await readers[kind](key) for key in keys if (kind := await redis.type(key)) in readers]
    return str(keys) + str(found)
