"""Text messages to our number: what they are taken for, who is told, and what is answered."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from twilio.request_validator import RequestValidator

from settings import Settings
from tests.ivr.fake_ends import FakeAssistant, FakeDesk, FakeMessages
from tests.ivr.scripted_call import service
from tests.ivr.spoken_languages import speaking

NUMBER = "+447700900142"
SID = "SM" + "1a" * 16


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def messages() -> FakeMessages:
    return FakeMessages()


@pytest.fixture
async def http(settings: Settings, desk: FakeDesk, messages: FakeMessages) -> AsyncIterator[httpx.AsyncClient]:
    async with service(settings, FakeAssistant(desk), desk, messages) as http:
        yield http


async def texts(http: httpx.AsyncClient, settings: Settings, body: str, **form: str) -> httpx.Response:
    form = {"MessageSid": SID, "From": NUMBER, "Body": body, **form}
    signature = RequestValidator(settings.twilio_auth_token.get_secret_value()).compute_signature(
        f"{settings.public_url}/ivr/sms", form
    )
    return await http.post("/ivr/sms", data=form, headers={"X-Twilio-Signature": signature})


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        ("1", "yes"),
        ("Yes!", "yes"),
        ("2", "no"),
        ("NOT SOLVED.", "no"),
        ("No", "no"),
        ("no signal since yesterday", "other"),
        ("1 of 3 rooms works", "other"),
    ],
)
async def test_only_a_text_that_says_nothing_else_is_a_yes_or_a_no(
    http: httpx.AsyncClient, settings: Settings, desk: FakeDesk, body: str, meaning: str
) -> None:
    reply = await texts(http, settings, body)

    assert reply.status_code == 200
    assert [said[2] for said in desk.texts] == [meaning]


@pytest.mark.parametrize(
    ("became", "words"), [("reopened", "open again"), ("closed", "is closed"), ("no_ticket", "call us")]
)
async def test_the_customer_is_answered_with_what_became_of_it(
    http: httpx.AsyncClient, settings: Settings, desk: FakeDesk, became: str, words: str
) -> None:
    desk.became = became  # type: ignore[assignment]  # one of them

    reply = await texts(http, settings, "2")

    assert reply.headers["content-type"].startswith("text/xml")
    assert "<Message>" in reply.text
    assert words in reply.text


async def test_a_customer_is_answered_in_the_language_of_the_text(
    settings: Settings, desk: FakeDesk, messages: FakeMessages, tmp_path: Path
) -> None:
    desk.became = "closed"
    with speaking(tmp_path, "de"):
        async with service(settings, FakeAssistant(desk), desk, messages) as http:
            german = await texts(http, settings, "Ja, bitte!")
            english = await texts(http, settings, "1", MessageSid="SM" + "2b" * 16)
            await texts(http, settings, "Stopp", MessageSid="SM" + "3c" * 16)

    assert [said[2] for said in desk.texts] == ["yes", "yes"]
    assert "Ihr Vorgang ist geschlossen" in german.text
    assert "Your ticket is closed" in english.text
    assert messages.opted_out == {NUMBER: True}


@pytest.mark.parametrize(
    ("form", "opted_out"),
    [({"Body": "Stop"}, True), ({"Body": "no more", "OptOutType": "STOP"}, True), ({"Body": "START"}, False)],
)
async def test_who_wants_no_messages_gets_none(
    http: httpx.AsyncClient,
    settings: Settings,
    desk: FakeDesk,
    messages: FakeMessages,
    form: dict[str, str],
    opted_out: bool,
) -> None:
    reply = await texts(http, settings, form.pop("Body"), **form)

    assert messages.opted_out == {NUMBER: opted_out}
    assert desk.texts == []
    assert "<Message>" not in reply.text


async def test_what_is_too_long_is_cut_and_what_has_no_number_is_left(
    http: httpx.AsyncClient, settings: Settings, desk: FakeDesk
) -> None:
    await texts(http, settings, "x" * 5000)
    await texts(http, settings, "hello", From="SHORTCODE")

    assert [len(text) for _, text, _ in desk.texts] == [1600]


async def test_a_message_without_an_id_of_twilios_is_refused(http: httpx.AsyncClient, settings: Settings) -> None:
    assert (await texts(http, settings, "2", MessageSid="1")).status_code == 400


async def test_nothing_is_said_to_be_done_while_the_desk_is_away(
    http: httpx.AsyncClient, settings: Settings, desk: FakeDesk
) -> None:
    desk.is_away = True

    assert (await texts(http, settings, "2")).status_code == 503
