"""Nothing is done for a webhook that Twilio did not sign."""

from collections.abc import AsyncIterator

import httpx
import pytest
from twilio.request_validator import RequestValidator

import ivr.app
from ivr.signature import NoToken
from settings import Settings
from tests.ivr.fake_ends import FakeAssistant, FakeDesk
from tests.ivr.scripted_call import service

FORM = {"CallSid": "CA1", "From": "+447700900123", "CallStatus": "in-progress"}
HOOKS = [
    "/ivr/answer",
    "/ivr/turn?step=1",
    "/ivr/wait?step=1",
    "/ivr/dial?step=1",
    "/ivr/fallback",
    "/ivr/status",
    "/ivr/sms",
]


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
async def http(settings: Settings, desk: FakeDesk) -> AsyncIterator[httpx.AsyncClient]:
    async with service(settings, FakeAssistant(desk), desk) as http:
        yield http


def signed(settings: Settings, path: str, *, base: str = "", algorithm: str | None = None) -> dict[str, str]:
    token = settings.twilio_auth_token.get_secret_value()
    url = (base or settings.public_url) + path
    headers = {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, FORM, algorithm)}
    if algorithm:
        headers["X-Twilio-Webhooks-Signature-Settings"] = f"key=k,algorithm={algorithm}"
    return headers


@pytest.mark.parametrize("hook", HOOKS)
async def test_a_wrong_or_missing_signature_is_refused(hook: str, http: httpx.AsyncClient, desk: FakeDesk) -> None:
    for headers in ({}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "bm90IGl0"}, {"X-Twilio-Signature": "é"}):
        raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}

        assert (await http.post(hook, data=FORM, headers=raw)).status_code == 403

    assert desk.started == []


async def test_a_changed_field_is_refused(http: httpx.AsyncClient, settings: Settings) -> None:
    headers = signed(settings, "/ivr/answer")

    reply = await http.post("/ivr/answer", data={**FORM, "From": "+447700900999"}, headers=headers)

    assert reply.status_code == 403


async def test_the_address_is_part_of_what_is_signed(http: httpx.AsyncClient, settings: Settings) -> None:
    headers = signed(settings, "/ivr/turn?step=1")

    assert (await http.post("/ivr/turn?step=2", data=FORM, headers=headers)).status_code == 403
    assert (await http.post("/ivr/turn?step=1", data=FORM, headers=headers)).status_code == 200


@pytest.mark.parametrize("algorithm", [None, "HMAC_SHA1", "HMAC_SHA256"])
async def test_both_hashes_are_known(algorithm: str | None, http: httpx.AsyncClient, settings: Settings) -> None:
    headers = signed(settings, "/ivr/answer", algorithm=algorithm)

    assert (await http.post("/ivr/answer", data=FORM, headers=headers)).status_code == 200


async def test_an_unknown_hash_is_refused(http: httpx.AsyncClient, settings: Settings) -> None:
    headers = {**signed(settings, "/ivr/answer"), "X-Twilio-Webhooks-Signature-Settings": "algorithm=NONE"}

    assert (await http.post("/ivr/answer", data=FORM, headers=headers)).status_code == 403


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_proxy_is_believed_only_when_it_is_trusted(trusted: bool, settings: Settings) -> None:
    settings = settings.model_copy(
        update={"firstline_trusted_proxy": trusted, "firstline_public_url": "https://other.example"}
    )
    desk = FakeDesk()
    headers = signed(settings, "/ivr/answer", base="https://phone.example") | {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "phone.example",
    }

    async with service(settings, FakeAssistant(desk), desk) as http:
        reply = await http.post("/ivr/answer", data=FORM, headers=headers)

    assert reply.status_code == (200 if trusted else 403)


async def test_a_public_address_is_the_only_one_where_there_is_one(settings: Settings) -> None:
    settings = settings.model_copy(update={"firstline_public_url": "https://phone.example"})
    desk = FakeDesk()

    async with service(settings, FakeAssistant(desk), desk) as http:
        ours = signed(settings, "/ivr/answer")
        local = signed(settings, "/ivr/answer", base="http://127.0.0.1:8000") | {"Host": "127.0.0.1:8000"}

        assert (await http.post("/ivr/answer", data=FORM, headers=ours)).status_code == 200
        assert (await http.post("/ivr/answer", data=FORM, headers=local)).status_code == 403


async def test_a_body_larger_than_any_webhook_is_refused(http: httpx.AsyncClient, settings: Settings) -> None:
    reply = await http.post("/ivr/answer", data={**FORM, "More": "x" * 70_000}, headers=signed(settings, "/ivr/answer"))

    assert reply.status_code == 403


def test_without_a_token_the_telephone_does_not_start(settings: Settings) -> None:
    bare = settings.model_copy(update={"twilio_auth_token": type(settings.twilio_auth_token)("")})

    with pytest.raises(NoToken):
        ivr.app.create_app(bare)
