"""Frames made to break a socket: it passes them over or closes in order, and whoever is beside it is served."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ivr import frames
from ivr.relay_simulator import RelayTelephone
from settings import Settings
from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.morning import SLOW
from tests.console.site import served as console_served
from tests.ivr import fake_ends
from tests.ivr.scripted_call import no_time, served
from tests.security.hostile_frames import REFUSED, TOO_LONG, Frame, any_frame

WORDS, ANSWER = "my tv is black", "Is the box on?"
IN_ORDER = {1000, 1003, 1007, 1008, 1009}  # codes with which a server closes of its own accord
PATIENCE_S = 15.0
SETUPS: dict[str, dict[str, Any]] = {
    "numbers without end": {"customParameters": {"speaking_s": "9" * 5000}},
    "numbers of other scripts": {"customParameters": {"speaking_s": "\u0663\u00b2"}},
    "parameters that are none": {"customParameters": [1]},
    "a call of nobody": {"callSid": "CA" + "f" * 32},
    "no call": {"callSid": "../../etc/passwd"},
    "a session without end": {"sessionId": "V" * 5000},
    "another kind": {"type": "dtmf", "digit": "1"},
}


@dataclass
class OddTelephone(RelayTelephone):
    """`odd`: what its first message says instead."""

    odd: dict[str, Any] = field(default_factory=dict)

    def _setup(self, parameters: dict[str, str]) -> dict[str, Any]:
        return {**super()._setup(parameters), **self.odd}


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    desk = fake_ends.FakeDesk()
    bot = fake_ends.FakeAssistant(desk, {WORDS: {"says": ANSWER, "choices": ["Yes", "No"]}})
    over_socket = settings.model_copy(update={"ivr_transport": "relay"})
    async with served(over_socket, bot, desk) as http:
        yield http


@pytest.fixture(autouse=True)
def nothing_broke(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No program ends in an exception that nobody expected, neither in a request nor in a task of its own."""
    with caplog.at_level(logging.WARNING):
        yield
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    assert [record.getMessage() for record in records if record.exc_info or "exception" in record.getMessage()] == []


def dials(http: httpx.AsyncClient, settings: Settings, **odd: Any) -> OddTelephone:
    return OddTelephone(
        http=http,
        token=settings.twilio_auth_token.get_secret_value(),
        public_url=settings.public_url,
        sleep=no_time,
        socket_base=str(http.base_url).replace("http", "ws", 1).rstrip("/"),
        odd=odd,
    )


async def is_served(telephone: RelayTelephone) -> None:
    """What was said before the words may be answered first, and a call whose socket was closed goes on without it."""
    async with asyncio.timeout(PATIENCE_S):
        while ANSWER not in telephone.said:
            await telephone.says(WORDS)


@pytest.mark.parametrize("kind", REFUSED)
async def test_frames_that_are_none_leave_a_call_as_it_was(
    kind: str, http: httpx.AsyncClient, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    hostile, beside = dials(http, settings), dials(http, settings)
    await hostile.dial()
    await beside.dial()

    sending = asyncio.create_task(hostile.sends(*REFUSED[kind]))
    await is_served(beside)
    await sending
    await is_served(hostile)

    assert hostile.has_socket
    assert len(caplog.records) < 10  # thousands of frames are not thousands of lines


async def test_a_frame_that_is_too_long_is_not_read(http: httpx.AsyncClient, settings: Settings) -> None:
    telephone = dials(http, settings)
    await telephone.dial()

    await telephone.sends(TOO_LONG)
    await is_served(telephone)

    assert telephone.closed_with == 1009
    assert not telephone.has_socket


@pytest.mark.parametrize("odd", SETUPS.values(), ids=list(SETUPS))
async def test_a_call_with_an_odd_beginning_goes_on(
    odd: dict[str, Any], http: httpx.AsyncClient, settings: Settings
) -> None:
    telephone = dials(http, settings, **odd)
    await telephone.dial()

    await is_served(telephone)

    assert telephone.closed_with in IN_ORDER | {None}


@pytest.mark.parametrize("kind", REFUSED)
async def test_a_socket_that_does_not_begin_is_closed(kind: str, http: httpx.AsyncClient, settings: Settings) -> None:
    address = str(http.base_url).replace("http", "ws", 1).rstrip("/") + "/ivr/relay"
    signature = RequestValidator(settings.twilio_auth_token.get_secret_value()).compute_signature(address, {})
    async with connect(address, additional_headers={"X-Twilio-Signature": signature}, proxy=None) as socket:
        try:
            for frame in (*REFUSED[kind], '{"type": "dtmf", "digit": "1"}'):
                await socket.send(frame)
        except ConnectionClosed:
            pass
        async with asyncio.timeout(PATIENCE_S):
            await socket.wait_closed()

    assert socket.close_code in IN_ORDER


@hypothesis.settings(max_examples=60, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@given(sent=st.lists(any_frame(), min_size=1, max_size=12))
async def test_no_mixture_of_frames_breaks_the_telephone(
    sent: list[Frame], http: httpx.AsyncClient, settings: Settings
) -> None:
    """What the caller says in them may lead the call anywhere, but it ends when they hang up, and others are served."""
    hostile, beside = dials(http, settings), dials(http, settings)
    await hostile.dial()

    await hostile.sends(*sent)
    await hostile.hangs_up()
    await beside.dial()
    await is_served(beside)

    assert hostile.closed_with in IN_ORDER | {None}


@given(frame=any_frame().filter(lambda frame: isinstance(frame, str)))
def test_a_frame_is_a_message_or_nothing(frame: str) -> None:
    read = frames.read(frame)

    assert read is None or read.type == json.loads(frame)["type"]


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
async def page(settings: Settings, desk: FakeDesk) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """The address of the console's socket, and what a browser that is signed in sends to it."""
    async with console_served(settings, desk, FakeLibrary()) as site:
        origin = site.removesuffix("/console")
        async with httpx.AsyncClient(headers={"Origin": origin}) as browser:
            await browser.post(f"{site}/sign-in", data={"username": "dana", "password": PASSWORD})
            cookie = f"firstline_console={browser.cookies['firstline_console']}"
        yield site.replace("http", "ws", 1) + "/live", {"Origin": origin, "Cookie": cookie}


async def hears(socket: Any, desk: FakeDesk) -> None:
    async with asyncio.timeout(PATIENCE_S):
        desk.customer_says(SLOW, "Are you there?")
        assert SLOW in json.loads(await socket.recv())["changed"]


@pytest.mark.parametrize("kind", REFUSED)
async def test_frames_that_are_none_leave_a_page_as_it_was(
    kind: str, page: tuple[str, dict[str, str]], desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    address, headers = page
    async with connect(f"{address}?ticket={SLOW}", additional_headers=headers, proxy=None) as hostile:
        async with connect(address, additional_headers=headers, proxy=None) as beside:
            for frame in REFUSED[kind]:
                await hostile.send(frame)
            await hears(beside, desk)
        await hostile.recv()
        await hears(hostile, desk)

    assert len(desk.typed) <= 1
    assert len(caplog.records) < 10


async def test_a_page_that_sends_too_much_at_once_is_closed(page: tuple[str, dict[str, str]], desk: FakeDesk) -> None:
    address, headers = page
    async with connect(address, additional_headers=headers, proxy=None) as hostile:
        await hostile.send(TOO_LONG)
        async with asyncio.timeout(PATIENCE_S):
            await hostile.wait_closed()

    assert hostile.close_code == 1009


@pytest.mark.parametrize(
    "query", ["ticket=%00", "ticket=" + "A" * 8000, "rows=yes&rows=no", "ticket=..%2F..&rows=1", "%ff=%fe"]
)
async def test_no_address_breaks_the_socket_of_a_page(
    query: str, page: tuple[str, dict[str, str]], desk: FakeDesk
) -> None:
    address, headers = page
    async with connect(f"{address}?{query}", additional_headers=headers, proxy=None) as socket:
        await asyncio.sleep(0.05)
        await hears(socket, desk)


async def test_a_socket_that_is_asked_for_wrongly_is_refused(page: tuple[str, dict[str, str]]) -> None:
    address, headers = page
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"{address}?rows=maybe", additional_headers=headers, proxy=None):
            pass

    assert refused.value.response.status_code == 403
