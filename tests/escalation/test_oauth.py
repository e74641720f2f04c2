"""Machine clients: how they get a token, what it opens, and which tokens open nothing."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm

from escalation import brake, clients
from escalation.app import create_app
from escalation.oauth.outside import OutsideIssuer
from settings import Settings
from signed_token import FAILED_AGAIN_S, KEPT_S, STALE_S, UNKNOWN_AGAIN_S
from tests.escalation.escalation_service import Running

PATH = "/tmf-api/troubleTicket/v4/troubleTicket"
TOKEN = "/oauth2/token"
FAULT = {"description": "No dial tone", "severity": "High", "ticketType": "landline"}
ISSUER, AUDIENCE = "https://id.example", "firstline"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
JWK = {**RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "one", "use": "sig"}
PUBLIC_PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


async def token_of(running: Running, client_id: str, scope: str = "") -> str:
    secret = await clients.new_secret(running.office.sessions, client_id)
    form = {"grant_type": "client_credentials", "scope": scope}
    reply = await running.http.post(TOKEN, data=form, headers={"Authorization": basic(client_id, secret)})
    assert reply.status_code == 200
    token: str = reply.json()["access_token"]
    return token


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_client_gets_a_short_token_for_its_scopes(running: Running) -> None:
    secret = await clients.new_secret(running.office.sessions, "erp")
    form = {"grant_type": "client_credentials", "client_id": "erp", "client_secret": secret}

    reply = await running.http.post(TOKEN, data=form, headers={"Authorization": ""})

    told = reply.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 600, "hub tickets:read tickets:write")
    assert reply.headers["cache-control"] == "no-store"
    assert (await running.http.get(PATH, headers=bearing(told["access_token"]))).status_code == 200


async def test_others_can_verify_our_tokens_by_what_we_publish(running: Running) -> None:
    token = await token_of(running, "erp")
    metadata = (await running.http.get("/.well-known/oauth-authorization-server")).json()
    keys = (await running.http.get(httpx.URL(metadata["jwks_uri"]).path)).json()["keys"]

    claims = jwt.decode(token, jwt.PyJWK(keys[0]), audience=AUDIENCE, issuer=metadata["issuer"])

    assert claims["client_id"] == "erp"
    assert "d" not in keys[0]


@pytest.mark.parametrize(
    ("form", "error", "status"),
    [
        ({}, "invalid_request", 400),
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
        ({"grant_type": "client_credentials"}, "invalid_client", 401),
        ({"grant_type": "client_credentials", "client_id": "erp", "client_secret": "guess"}, "invalid_client", 401),
        ({"grant_type": "client_credentials", "client_id": "no", "client_secret": "guess"}, "invalid_client", 401),
        ({"grant_type": ["client_credentials", "client_credentials"]}, "invalid_request", 400),
    ],
)
async def test_refusals_are_those_of_the_standard(
    running: Running, form: dict[str, Any], error: str, status: int
) -> None:
    reply = await running.http.post(TOKEN, data=form, headers={"Authorization": ""})

    assert (reply.json().get("error"), reply.status_code) == (error, status)


async def test_a_scope_that_is_not_the_clients_is_refused(running: Running) -> None:
    secret = await clients.new_secret(running.office.sessions, "erp")
    form = {"grant_type": "client_credentials", "scope": "tickets:admin"}

    reply = await running.http.post(TOKEN, data=form, headers={"Authorization": basic("erp", secret)})

    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_scope")


async def test_guessing_a_secret_is_stopped_even_when_the_last_guess_is_right(running: Running) -> None:
    secret = await clients.new_secret(running.office.sessions, "erp")
    form = {"grant_type": "client_credentials"}
    for _ in range(brake.TRIES_PER_NAME_AND_ADDRESS):
        await running.http.post(TOKEN, data=form, headers={"Authorization": basic("erp", "guess")})

    reply = await running.http.post(TOKEN, data=form, headers={"Authorization": basic("erp", secret)})

    assert reply.status_code == 429
    assert 0 < int(reply.headers["retry-after"]) <= brake.WINDOW_S


async def test_a_revoked_secret_gets_no_token(running: Running) -> None:
    secret = await clients.new_secret(running.office.sessions, "erp")
    await clients.revoke(running.office.sessions, "erp")

    for given in (secret, ""):
        reply = await running.http.post(
            TOKEN, data={"grant_type": "client_credentials"}, headers={"Authorization": basic("erp", given)}
        )
        assert reply.status_code == 401


async def test_without_the_scope_nothing_is_done(running: Running) -> None:
    reading = bearing(await token_of(running, "erp", "tickets:read"))
    ticket = (await running.http.post(PATH, json=FAULT)).json()["id"]

    replies = [
        await running.http.post(PATH, json=FAULT, headers=reading),
        await running.http.patch(f"{PATH}/{ticket}", json={"severity": "Low"}, headers=reading),
        await running.http.delete(f"{PATH}/{ticket}", headers=reading),
        await running.http.post("/tmf-api/troubleTicket/v4/hub", json={}, headers=reading),
        await running.http.get(f"/tmf-api/partyInteraction/v4/partyInteraction/{ticket}", headers=reading),
    ]

    assert [reply.status_code for reply in replies] == [403] * 5
    assert all("insufficient_scope" in reply.headers["www-authenticate"] for reply in replies)


async def test_a_client_with_own_tickets_reaches_no_other(running: Running) -> None:
    shop = bearing(await token_of(running, "partner-shop"))
    others = (await running.http.post(PATH, json=FAULT)).json()
    own = (await running.http.post(PATH, json=FAULT, headers=shop)).json()

    for name in (others["id"], others["escalation"]["reference"]):
        assert (await running.http.get(f"{PATH}/{name}", headers=shop)).status_code == 404
        assert (await running.http.patch(f"{PATH}/{name}", json={"severity": "Low"}, headers=shop)).status_code == 404
        assert (await running.http.get(f"{PATH}?id={name}", headers=shop)).json() == []
    assert [one["id"] for one in (await running.http.get(PATH, headers=shop)).json()] == [own["id"]]
    assert (await running.http.get(PATH, headers=shop)).headers["x-total-count"] == "1"


async def test_a_client_with_own_tickets_links_none_to_others(running: Running) -> None:
    shop = bearing(await token_of(running, "partner-shop"))
    other = (await running.http.post(PATH, json=FAULT)).json()["id"]
    link = {"troubleTicketRelationship": [{"id": other, "relationshipType": "isDuplicateOf"}]}

    reply = await running.http.post(PATH, json={**FAULT, **link}, headers=shop)

    assert (reply.status_code, reply.json()["message"][-36:]) == (400, other)


async def test_more_than_a_minute_allows_is_429(running: Running) -> None:
    shop = bearing(await token_of(running, "partner-shop"))

    replies = [await running.http.get(f"{PATH}?limit=0", headers=shop) for _ in range(250)]

    refused = [reply for reply in replies if reply.status_code == 429]
    assert len(refused) >= 10
    assert 0 < int(refused[0].headers["retry-after"]) <= 60


class FakeIssuer:
    """An OpenID Connect issuer at the other end of the wire."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = [JWK]
        self.name, self.away, self.asked = ISSUER, False, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("away")
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={"issuer": self.name, "jwks_uri": f"{ISSUER}/keys"})
        return httpx.Response(200, json={"keys": self.keys})


@pytest.fixture
async def federated(migrated: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The service with an outside issuer, as a machine reaches it."""
    settings = migrated.model_copy(update={"oidc_issuer": ISSUER})
    app = create_app(settings, transport=httpx.MockTransport(FakeIssuer()))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://escalation") as http,
    ):
        yield http


def signed(key: Any = KEY, algorithm: str = "RS256", kid: str = "one", **changed: Any) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "azp": "erp", "scope": "tickets:read", "iat": now, "exp": now + 300}
    told = {name: value for name, value in {**claims, **changed}.items() if value is not None}
    return jwt.encode(told, key, algorithm=algorithm, headers={"kid": kid})


def hs256_with_the_public_key() -> str:
    header, payload = {"alg": "HS256", "kid": "one"}, signed().split(".")[1]
    start = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode() + "." + payload
    mac = hmac.new(PUBLIC_PEM, start.encode(), hashlib.sha256).digest()
    return f"{start}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


async def test_a_token_of_the_operators_issuer_opens_what_it_and_the_file_allow(federated: httpx.AsyncClient) -> None:
    reading = bearing(signed(scope="tickets:read tickets:admin other"))

    assert (await federated.get(PATH, headers=reading)).status_code == 200
    assert (await federated.delete(f"{PATH}/x", headers=reading)).status_code == 403  # the file does not allow it
    assert (await federated.post(TOKEN)).status_code == 404  # there is one issuer at a time


OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FORGED: dict[str, Callable[[], str]] = {
    "another issuer": lambda: signed(iss="https://evil.example"),
    "another audience": lambda: signed(aud="other"),
    "no audience": lambda: signed(aud=None),
    "expired": lambda: signed(exp=int(time.time()) - 60),
    "without an end": lambda: signed(exp=None),
    "not valid yet": lambda: signed(nbf=int(time.time()) + 600),
    "another key": lambda: signed(OTHER),
    "another key's name": lambda: signed(kid="two"),
    "another kind of key": lambda: signed(ec.generate_private_key(ec.SECP256R1()), "ES256"),
    "no signature": lambda: signed(None, "none"),
    "the public key as a secret": hs256_with_the_public_key,
    "an unknown client": lambda: signed(azp="nobody"),
    "a person called like a client": lambda: signed(azp=None, sub="erp"),
    "changed after signing": lambda: "x".join(signed().rsplit(".", 1)[0:1]) + "." + signed(OTHER).rsplit(".", 1)[1],
    "nonsense": lambda: "a.b.c",
    "too long": lambda: signed(more="x" * 9000),
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_token_that_is_not_right_opens_nothing(federated: httpx.AsyncClient, name: str) -> None:
    reply = await federated.get(PATH, headers=bearing(FORGED[name]()))

    assert reply.status_code == 401
    assert "invalid_token" in reply.headers["www-authenticate"]


async def test_keys_are_kept_renewed_and_believed_for_a_while_without_the_issuer() -> None:
    issuer, clock = FakeIssuer(), [0.0]
    async with httpx.AsyncClient(transport=httpx.MockTransport(issuer)) as http:
        outside = OutsideIssuer(ISSUER, AUDIENCE, http, clock=lambda: clock[0])
        first = [await outside.key("one") for _ in range(5)]
        asked = issuer.asked
        issuer.keys = [{**JWK, "kid": "two"}]
        at_once = await outside.key("two")
        clock[0] += UNKNOWN_AGAIN_S + 1
        rotated = await outside.key("two")
        issuer.away = True
        clock[0] += KEPT_S + FAILED_AGAIN_S
        without = await outside.key("two")
        clock[0] += STALE_S
        with pytest.raises(Exception, match="does not answer"):
            await outside.key("two")

    assert (asked, first[0] is not None, at_once) == (2, True, None)
    assert rotated == without != None  # noqa: E711


async def test_an_issuer_that_calls_itself_otherwise_or_publishes_secrets_is_not_believed() -> None:
    for name, keys in (("https://evil.example", [JWK]), (ISSUER, [{"kty": "oct", "k": "c2VjcmV0", "kid": "one"}])):
        issuer = FakeIssuer()
        issuer.name, issuer.keys = name, keys
        async with httpx.AsyncClient(transport=httpx.MockTransport(issuer)) as http:
            outside = OutsideIssuer(ISSUER, AUDIENCE, http)
            if name == ISSUER:
                assert await outside.key("one") is None
            else:
                with pytest.raises(Exception, match="does not answer"):
                    await outside.key("one")
