"""ConversationRelay's socket: who may open it, what is heard and said on it, and what happens when it breaks."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

import ivr.relay
from ivr import frames
from ivr.call import Prompt
from ivr.keypad import Keypad
from ivr.meaning import Heard
from ivr.relay_simulator import RelayTelephone
from settings import ROOT, Settings
from tests.ivr.fake_ends import FakeAssistant, FakeDesk, Patience
from tests.ivr.scripted_call import relay_phone, served
from tests.ivr.spoken_languages import speaking

SCHEMA = Path(os.environ.get("FIRSTLINE_SPECS") or ROOT.parent / "shared" / "specs") / "conversationrelay.schema.json"
SETUP = {
    "type": "setup",
    "sessionId": "VX1",
    "callSid": "CAunknown",
    "from": "+44",
    "to": "+44",
    "direction": "inbound",
}
ANSWERS: dict[str, dict[str, Any]] = {
    "my tv is black": {"says": "Is the box on? Look at the front.", "choices": ["Yes", "No"]},
    "yes": {"says": "Then switch it off and on."},
}


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def bot(desk: FakeDesk) -> FakeAssistant:
    return FakeAssistant(desk, ANSWERS)


@pytest.fixture
def patience() -> Patience:
    return Patience()


@pytest.fixture
def over_socket(settings: Settings) -> Settings:
    return settings.model_copy(update={"ivr_transport": "relay", "bot_timeout_s": 0.6})


@pytest.fixture
async def http(
    over_socket: Settings, bot: FakeAssistant, desk: FakeDesk, patience: Patience
) -> AsyncIterator[httpx.AsyncClient]:
    async with served(over_socket, bot, desk, patience=patience) as http:
        yield http


@pytest.fixture
def telephone(http: httpx.AsyncClient, over_socket: Settings, patience: Patience) -> RelayTelephone:
    return relay_phone(http, over_socket, patience)


def socket_of(http: httpx.AsyncClient) -> str:
    return f"ws{str(http.base_url).removeprefix('http').rstrip('/')}/ivr/relay"


def signed(settings: Settings, url: str, algorithm: str | None = None) -> dict[str, str]:
    token = settings.twilio_auth_token.get_secret_value()
    more = {"X-Twilio-Webhooks-Signature-Settings": f"algorithm={algorithm}"} if algorithm else {}
    validator = RequestValidator(token)
    if algorithm:
        return {"X-Twilio-Signature": validator.compute_signature(url, {}, algorithm), **more}
    return {"X-Twilio-Signature": validator.compute_signature(url, {})}


async def opens(address: str, headers: dict[str, str]) -> int:
    """The status an upgrade is answered with."""
    try:
        async with connect(address, additional_headers=headers, proxy=None):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def counted(http: httpx.AsyncClient, settings: Settings, name: str) -> float:
    token = settings.firstline_internal_token.get_secret_value()
    told = (await http.get("/ivr/metrics", headers={"Authorization": f"Bearer {token}"})).text
    return float(next(line for line in told.splitlines() if line.startswith(f"{name} ")).split()[1])


async def test_a_socket_that_twilio_did_not_sign_is_refused_and_counted(
    http: httpx.AsyncClient, over_socket: Settings
) -> None:
    address = socket_of(http)
    wrong = [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "bm90IGl0"},
        signed(over_socket, address + "?more=1"),
        signed(over_socket, address.replace("ws://", "http://")),
    ]

    assert [await opens(address, headers) for headers in wrong] == [403] * len(wrong)
    assert await opens(address, signed(over_socket, address)) == 101
    assert await counted(http, over_socket, "firstline_ivr_sockets_refused_total") == len(wrong)


async def test_a_socket_is_signed_for_the_public_address(http: httpx.AsyncClient, over_socket: Settings) -> None:
    public = over_socket.public_url.replace("http://", "ws://") + "/ivr/relay"

    assert await opens(socket_of(http), signed(over_socket, public)) == 101


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_proxy_of_a_socket_is_believed_only_when_it_is_trusted(
    trusted: bool, settings: Settings, desk: FakeDesk
) -> None:
    settings = settings.model_copy(
        update={"firstline_trusted_proxy": trusted, "firstline_public_url": "https://other.example"}
    )
    headers = signed(settings, "wss://phone.example/ivr/relay") | {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "phone.example",
    }

    async with served(settings, FakeAssistant(desk), desk) as http:
        assert await opens(socket_of(http), headers) == (101 if trusted else 403)


async def test_a_stranger_reads_no_counts(http: httpx.AsyncClient) -> None:
    for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer other"}):
        assert (await http.get("/ivr/metrics", headers=headers)).status_code == 401


async def test_a_number_may_have_another_transport_than_the_setting(
    settings: Settings, bot: FakeAssistant, desk: FakeDesk, patience: Patience
) -> None:
    async with served(settings, bot, desk, patience=patience) as http:
        telephone = relay_phone(http, settings, patience)
        telephone.answer = "/ivr/answer?transport=relay"

        await telephone.dial()

        assert telephone.has_socket
        await telephone.hangs_up()


@pytest.mark.parametrize(
    "first", ["no json", '{"type": "prompt", "voicePrompt": "hi", "last": true}', json.dumps(SETUP)]
)
async def test_a_session_of_no_call_of_ours_is_closed(
    first: str, http: httpx.AsyncClient, over_socket: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ivr.relay, "SETUP_S", 0.1)
    address = socket_of(http)

    async with connect(address, additional_headers=signed(over_socket, address), proxy=None) as socket:
        await socket.send(first)
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(5):
                await socket.recv()


async def test_what_is_said_comes_sentence_by_sentence_and_the_last_one_ends_the_turn(
    telephone: RelayTelephone,
) -> None:
    await telephone.dial()
    await telephone.says("my tv is black")

    assert [(frame["token"], frame["last"]) for frame in telephone.received] == [
        ("Is the box on? ", False),
        ("Look at the front. ", False),
        ("For yes, press 1. ", False),
        ("For no, press 2.", True),
    ]


async def test_refusals_and_messages_of_unknown_kinds_are_passed_over(telephone: RelayTelephone) -> None:
    await telephone.dial()
    for unknown in (
        {"type": "info", "name": "agentSpeaking"},
        {"type": "prompt"},
        {"type": "error", "description": "x"},
    ):
        await telephone.send(unknown)

    await telephone.says("my tv is black")

    assert "Is the box on" in telephone.said


async def test_keys_pressed_while_the_answer_is_worked_out_answer_nothing(
    telephone: RelayTelephone, bot: FakeAssistant
) -> None:
    bot.slow_s = 0.3
    await telephone.dial()
    await telephone.speak("my tv is black")
    await telephone.keys_in("11")
    await telephone.listen()
    assert bot.told == ["my tv is black"]

    await telephone.presses("1")

    assert bot.told == ["my tv is black", "Yes"]


async def test_silence_is_measured_after_we_have_spoken(telephone: RelayTelephone, patience: Patience) -> None:
    await telephone.dial()
    await telephone.says("my tv is black")
    async with asyncio.timeout(5):
        while len(patience.asked) < 5:  # the greeting, three partial words, and then the question
            await asyncio.sleep(0.005)

    spoken_s = -(-len(telephone.said.split()) // 2.5)
    assert patience.asked[-1] == spoken_s + 6 + ivr.relay.BEGINNING_S


async def test_a_call_goes_on_at_another_copy_when_the_first_one_stops(
    over_socket: Settings, bot: FakeAssistant, desk: FakeDesk, patience: Patience
) -> None:
    async with served(over_socket, bot, desk, patience=patience) as other:
        async with served(over_socket, bot, desk, patience=patience) as http:
            telephone = relay_phone(http, over_socket, patience)
            await telephone.dial()
            await telephone.says("my tv is black")
        telephone.http = other
        await telephone.listen()

        assert "cut off for a moment" in telephone.said
        await telephone.presses("1")
        assert "Then switch it off and on" in telephone.said
        assert bot.told == ["my tv is black", "Yes"]
        assert await counted(other, over_socket, "firstline_ivr_sockets_dropped_total") == 1
        await telephone.hangs_up()


async def test_a_socket_that_cannot_be_opened_leaves_the_call_to_webhooks(telephone: RelayTelephone) -> None:
    telephone.token, token = "another", telephone.token
    real = telephone.post

    async def post(address: str, form: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
        telephone.token = token
        reply = await real(address, form, headers)
        telephone.token = "another"
        return reply

    telephone.post = post  # type: ignore[method-assign]  # only the socket is signed wrongly
    await telephone.dial()

    assert not telephone.has_socket
    assert "Welcome to" in telephone.said
    assert telephone.wants == "words"


async def test_a_webhook_after_a_break_that_comes_again_moves_nothing(telephone: RelayTelephone) -> None:
    await telephone.dial()
    await telephone.says("my tv is black")
    await telephone.loses_socket()

    again = await telephone.repeats_last_webhook()

    assert "cut off for a moment" in again
    assert "/ivr/turn?step=2" in again


async def test_a_second_socket_of_a_call_that_has_moved_on_is_closed(
    telephone: RelayTelephone, http: httpx.AsyncClient, over_socket: Settings, bot: FakeAssistant
) -> None:
    await telephone.dial()
    address = socket_of(http)
    async with connect(address, additional_headers=signed(over_socket, address), proxy=None) as second:
        await second.send(json.dumps({**SETUP, "callSid": telephone.call_sid}))
        await asyncio.sleep(0.1)  # it has begun at the same step as the first
        await telephone.says("my tv is black")

        await second.send(json.dumps({"type": "prompt", "voicePrompt": "yes", "last": True}))
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(5):
                await second.recv()

    assert bot.told == ["my tv is black"]


@pytest.fixture
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with speaking(tmp_path_factory.mktemp("words"), "de"):
        yield


async def choose_nothing(telephone: RelayTelephone) -> None:
    """The question for the language is asked without a socket."""
    await telephone.dial()
    await telephone.silent()
    await telephone.silent()
    assert telephone.has_socket


async def test_a_caller_who_speaks_another_language_of_ours_is_answered_in_it(
    german: None, telephone: RelayTelephone, desk: FakeDesk
) -> None:
    await choose_nothing(telephone)
    assert telephone.voice_language == "en-GB"
    telephone.language = "de"

    await telephone.says("my tv is black")

    assert telephone.voice_language == "de-DE"
    assert telephone.received[0] == {"type": "language", "ttsLanguage": "de-DE"}
    assert "Für yes drücken Sie 1" in telephone.said


async def test_who_has_chosen_a_language_is_listened_to_in_it(german: None, telephone: RelayTelephone) -> None:
    await telephone.dial()
    await telephone.presses("2")
    assert telephone.voice_language == "de-DE"
    telephone.language = "en"  # as "Router" may be heard

    await telephone.says("my tv is black")

    assert "Für yes drücken Sie 1" in telephone.said
    assert {message["type"] for message in telephone.received} == {"text"}


async def test_a_language_we_do_not_speak_changes_nothing(telephone: RelayTelephone) -> None:
    telephone.language = "fr"
    await telephone.dial()

    await telephone.says("my tv is black")

    assert telephone.received[0]["type"] == "text"


@pytest.mark.skipif(not SCHEMA.exists(), reason="ConversationRelay's schema is not there (FIRSTLINE_SPECS)")
async def test_every_message_of_a_call_is_as_twilio_has_it(
    german: None, telephone: RelayTelephone, desk: FakeDesk
) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    await choose_nothing(telephone)
    await telephone.says("my tv is black")
    telephone.language = "de"
    await telephone.interrupts("Is the box on?", "yes")
    desk.line = "+442079460111"
    await telephone.presses("0")
    await telephone.presses("0")
    assert telephone.wants == "line"

    kinds = {"fromTwilio": telephone.sent, "toTwilio": telephone.received}
    for direction, messages in kinds.items():
        checker = jsonschema.Draft202012Validator({"$defs": schema["$defs"], "$ref": f"#/$defs/{direction}"})
        for message in messages:
            checker.validate(message)
    assert {message["type"] for message in telephone.sent} == {"setup", "prompt", "dtmf", "interrupt"}
    assert {message["type"] for message in telephone.received} == {"text", "language", "end"}


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "[]",
        '{"type": "dtmf", "digit": "12"}',
        '{"type": "setup", "sessionId": "VX1", "callSid": "../x"}',
        json.dumps({"type": "prompt", "voicePrompt": "x" * 70_000, "last": True}),
    ],
)
def test_what_is_no_message_is_none(sent: str) -> None:
    assert frames.read(sent) is None


def test_twilio_may_write_the_duration_as_a_number_or_as_text() -> None:
    for duration in (460, "460"):
        sent = {"type": "interrupt", "utteranceUntilInterrupt": "Life", "durationUntilInterruptMs": duration}
        frame = frames.read(json.dumps(sent))
        assert isinstance(frame, frames.Interrupt)
        assert frame.duration_until_interrupt_ms == 460


def test_one_key_answers_a_question_and_several_make_a_number() -> None:
    question, number = Keypad(Prompt("?", choices=("Yes", "No"))), Keypad(Prompt("?", expects="digits"))

    assert question.press("#") == Heard(keys="#")
    assert [number.press(key) for key in "100*"] == [None] * 4
    assert number.pause() == Heard(keys="100*")
    assert number.press("#") == Heard(keys="100*", key_pressed=True)
    assert Keypad(Prompt("?", expects="callback_number")).press("#") == Heard(key_pressed=True)


def test_keys_without_end_are_cut() -> None:
    number = Keypad(Prompt("?", expects="digits"))

    for _ in range(500):
        number.press("7")

    assert len(number.pause().keys) == 64
