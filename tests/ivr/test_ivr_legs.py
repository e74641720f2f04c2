"""The agent's own leg, and recordings: told before they are connected, stored even when the caller is gone."""

import asyncio
import io
import time
import wave
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from redis.asyncio import Redis

from escalation.client import LineOutcome, Signals
from ivr import grammar
from ivr.queue import outcome_of
from ivr.recordings import DUE, Recordings
from ivr.simulator import Telephone
from ivr.tone import LENGTH_S, hold_tone
from settings import Settings
from tests.ivr.fake_ends import FakeAssistant, FakeDesk, network
from tests.ivr.scripted_call import phone, service

RECORDING = "RE" + "1a" * 16
PEOPLE = "+442079460111"


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(line=PEOPLE)


@pytest.fixture
async def http(settings: Settings, desk: FakeDesk) -> AsyncIterator[httpx.AsyncClient]:
    quick = settings.model_copy(update={"bot_timeout_s": 0.3})
    async with service(quick, FakeAssistant(desk, is_silent=True), desk) as http:
        yield http


@pytest.fixture
async def ringing(http: httpx.AsyncClient, settings: Settings) -> Telephone:
    """A call whose line to a person rings at step 2."""
    telephone = phone(http, settings)
    await telephone.dial()
    await telephone.says("my line is dead")
    return telephone


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.mark.parametrize(
    ("status", "pressed", "bridged", "outcome"),
    [
        ("completed", "accepted", True, "accepted"),
        ("completed", "refused", False, "refused"),
        ("completed", None, False, "no_answer"),
        ("completed", None, True, "accepted"),
        ("no-answer", None, False, "no_answer"),
        ("canceled", None, False, "no_answer"),
        ("busy", None, False, "busy"),
        ("failed", None, False, "failed"),
        ("something new", None, False, "failed"),
    ],
)
def test_how_a_line_ended(status: str, pressed: str | None, bridged: bool, outcome: LineOutcome) -> None:
    assert outcome_of(status, pressed=pressed, was_bridged=bridged) == outcome


async def test_whoever_presses_nothing_is_asked_twice_and_then_let_go(ringing: Telephone) -> None:
    leg = {"CallSid": "CAagent"}
    first = await ringing.post(f"/ivr/whisper?call={ringing.call_sid}&step=2", leg)
    action = grammar.parse(first.text)[0].attrib["action"]

    second = await ringing.post(action, {**leg, "Digits": ""})
    third = await ringing.post(grammar.parse(second.text)[0].attrib["action"], {**leg, "Digits": ""})

    assert "The caller says: my line is dead." in second.text
    assert [verb.tag for verb in grammar.parse(third.text)] == ["Hangup"]


async def test_a_caller_who_is_gone_is_not_announced(ringing: Telephone) -> None:
    await ringing.hangs_up()

    reply = await ringing.post(f"/ivr/whisper?call={ringing.call_sid}&step=2", {"CallSid": "CAagent"})

    assert [verb.tag for verb in grammar.parse(reply.text)] == ["Hangup"]


async def test_the_whisper_does_without_escalation(ringing: Telephone, desk: FakeDesk) -> None:
    desk.is_away = True

    reply = await ringing.post(f"/ivr/whisper?call={ringing.call_sid}&step=2", {"CallSid": "CAagent"})

    assert "my line is dead" in reply.text
    assert "Press 1" in reply.text


async def test_an_end_of_the_line_that_is_reported_twice_counts_once(ringing: Telephone, desk: FakeDesk) -> None:
    await ringing.line("busy")

    again = await ringing.repeats_last_webhook()

    assert "all our colleagues" in again
    assert [outcome for outcome, _ in desk.lines] == ["busy"]


@pytest.mark.parametrize("call", ["", "../x", "x" * 65])
async def test_a_call_that_is_none_is_refused(ringing: Telephone, call: str) -> None:
    reply = await ringing.post(f"/ivr/whisper?step=2&call={httpx.QueryParams({'c': call})['c']}", {"CallSid": "CA1"})

    assert reply.status_code in {403, 422}


async def test_a_message_of_a_caller_who_hung_up_is_kept(ringing: Telephone, desk: FakeDesk) -> None:
    await ringing.hangs_up()

    form = {"CallSid": ringing.call_sid, "RecordingSid": RECORDING, "RecordingDuration": "9"}
    await ringing.post("/ivr/recording", {**form, "RecordingStatus": "completed"})
    written = {"CallSid": ringing.call_sid, "RecordingSid": RECORDING, "TranscriptionText": "My line is dead."}
    await ringing.post("/ivr/transcript", {**written, "TranscriptionStatus": "completed"})

    async with asyncio.timeout(8):
        while not desk.voicemails:  # the fakes have no events
            await asyncio.sleep(0.05)
    assert desk.voicemails == {RECORDING: (9, b"RIFF....WAVE")}


@pytest.mark.parametrize(
    ("sound", "status", "stays_due"),
    [
        (b"RIFF" + b"x" * 2_000_000, 200, False),
        (b"<html>", 200, False),
        (b"RIFF", 410, False),
        (b"RIFF", 404, True),
        (b"RIFF", 500, True),
    ],
)
async def test_what_is_no_voicemail_is_not_kept(redis: Redis, sound: bytes, status: int, stays_due: bool) -> None:
    desk = FakeDesk()
    contact_id = uuid4()
    await desk.hand_over(contact_id, Signals(category="general", reason="left"), key="k")
    recordings = Recordings(redis, desk, network(sound, status), account_sid="AC1")
    await recordings.arrived(contact_id, RECORDING, length_s=1)

    await recordings.bring_due()

    assert desk.voicemails == {}
    assert bool(await redis.zcard(DUE)) is stays_due
    assert await redis.zcount(DUE, 0, time.time()) == 0


async def test_a_message_waits_for_its_ticket(redis: Redis) -> None:
    desk, contact_id = FakeDesk(), uuid4()
    recordings = Recordings(redis, desk, network(), account_sid="AC1")
    await recordings.arrived(contact_id, RECORDING, length_s=3)
    await recordings.bring_due()
    assert desk.voicemails == {}

    await desk.hand_over(contact_id, Signals(category="general", reason="left"), key="k")
    (entry,) = await redis.zrange(DUE, 0, -1)
    await redis.zadd(DUE, {str(entry): 1})
    await recordings.bring_due()

    assert desk.voicemails == {RECORDING: (3, b"RIFF....WAVE")}
    assert await redis.zcard(DUE) == 0


@pytest.mark.parametrize("sid", ["", "RE1", "../../secrets", "RE" + "g" * 32])
async def test_a_recording_without_a_proper_id_is_never_fetched(redis: Redis, sid: str) -> None:
    await Recordings(redis, FakeDesk(), network(), account_sid="AC1").arrived(uuid4(), sid)

    assert await redis.zcard(DUE) == 0


async def test_waiting_callers_hear_a_sound_file(http: httpx.AsyncClient) -> None:
    reply = await http.get("/ivr/hold.wav")

    with wave.open(io.BytesIO(reply.content)) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (8000, 1)
        assert sound.getnframes() == 8000 * LENGTH_S
    assert reply.content == hold_tone()


@pytest.mark.parametrize("address", ["/ivr/whisper?call=CA1&step=2", "/ivr/pressed?call=CA1&step=2&asked=1"])
async def test_without_our_memory_the_two_are_connected_at_once(
    settings: Settings, desk: FakeDesk, address: str
) -> None:
    nowhere = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    async with service(nowhere, FakeAssistant(desk), desk) as http:
        reply = await phone(http, nowhere).post(address, {"CallSid": "CAagent", "Digits": "1"})

    assert list(grammar.parse(reply.text)) == []
