"""A token of the operator's web login: whom it names, and which tokens name nobody."""

import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from redis.asyncio import Redis

from settings import Settings
from signed_token import KeysUnavailable
from subscriber.client import SubscriberClient, Verification, WebLogin
from tests.subscriber.person import Person

KEYS, ISSUER = "https://login.example/keys", "https://login.example"
KEY, NEXT_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
SET_UP = Settings(_env_file=None, customer_login_keys_url=KEYS, customer_login_issuer=ISSUER)
MAYA = "10023456"
MAYA_PROVES, OLIVER_PROVES = (MAYA, "LF1 4AB"), ("10023525", "LF7 1EF")


def public(key: rsa.RSAPrivateKey, kid: str) -> dict[str, Any]:
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig"}


def token(key: Any = KEY, kid: str = "one", algorithm: str = "RS256", **changed: Any) -> str:
    told = {"iss": ISSUER, "aud": "firstline-chat", "sub": MAYA, "exp": time.time() + 60, **changed}
    return jwt.encode(told, key, algorithm=algorithm, headers={"kid": kid})


def site(*keys: dict[str, Any]) -> httpx.AsyncClient:
    """The operator's site, which publishes these keys; without any it does not answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        return httpx.Response(200, json={"keys": list(keys)}) if keys else httpx.Response(503)

    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


@pytest.fixture
def login() -> WebLogin:
    return WebLogin(site(public(KEY, "one")), SET_UP)


async def test_the_customer_is_whom_the_token_names(login: WebLogin) -> None:
    found = await login.read(token())

    assert found is not None
    assert found.customer_id == MAYA


def eternal() -> str:
    return jwt.encode({"iss": ISSUER, "aud": "firstline-chat", "sub": MAYA}, KEY, "RS256", {"kid": "one"})


def unsigned() -> str:
    header, claims, _ = token().split(".")
    nothing = jwt.utils.base64url_encode(b'{"alg":"none","typ":"JWT"}').decode()
    assert header != nothing
    return f"{nothing}.{claims}."


MADE_UP: dict[str, Callable[[], str]] = {
    "expired": lambda: token(exp=time.time() - 3600),
    "for others": lambda: token(aud="firstline"),
    "of others": lambda: token(iss="https://elsewhere.example"),
    "nobody": lambda: token(sub=""),
    "a very long name": lambda: token(sub="x" * 200),
    "not a name": lambda: token(sub=["10023456"]),
    "another key": lambda: token(NEXT_KEY),
    "an unknown key": lambda: token(kid="unknown"),
    "a shared secret": lambda: token("a-secret-of-32-characters-or-more", algorithm="HS256"),
    "without an end": eternal,
    "unsigned": unsigned,
    "no token": lambda: "not a token",
    "very long": lambda: "a" * 9000,
}


@pytest.mark.parametrize("what", MADE_UP)
async def test_any_other_token_names_nobody(login: WebLogin, what: str) -> None:
    assert await login.read(MADE_UP[what]()) is None


async def test_without_a_login_set_up_no_token_names_anybody() -> None:
    assert await WebLogin(site(public(KEY, "one")), Settings(_env_file=None)).read(token()) is None


async def test_while_the_site_is_away_nothing_is_decided() -> None:
    with pytest.raises(KeysUnavailable):
        await WebLogin(site(), SET_UP).read(token())


@pytest.fixture
async def door(subscriber: SubscriberClient, redis_url: str) -> AsyncIterator[Verification]:
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        yield subscriber.verification(redis, secret="test-secret")


async def customer_of(door: Verification, account: str, fact: str) -> str:
    """The id of the account's customer in the operator's system."""
    person = Person(door)
    await person.gives(account)
    assert await person.gives(fact) == "verified"
    customer = (await person.standing()).customer
    assert customer is not None
    return customer.customer_id


async def test_a_login_verifies_and_a_code_makes_it_strong(door: Verification) -> None:
    contact, maya = uuid4(), await customer_of(door, *MAYA_PROVES)

    assert await door.log_in(contact, maya, proves="verified") == "verified"
    code = await door.new_code(contact)
    assert not isinstance(code, str)
    given = await door.give(contact, code.code or "", figures=code.code or "", turn_id="t2", caller="c")

    assert given.outcome == "strong"
    assert await level(door, contact) == "strong"


async def test_a_login_may_be_believed_less(door: Verification) -> None:
    contact, maya = uuid4(), await customer_of(door, *MAYA_PROVES)

    assert await door.log_in(contact, maya, proves="known") == "known"
    assert await level(door, contact) == "known"


async def test_the_login_of_somebody_else_takes_nothing_over(door: Verification) -> None:
    contact, maya, oliver = uuid4(), await customer_of(door, *MAYA_PROVES), await customer_of(door, *OLIVER_PROVES)
    await door.log_in(contact, maya, proves="verified")

    assert await door.log_in(contact, oliver, proves="verified") == "other"

    customer = (await door.standing(contact)).customer
    assert customer is not None
    assert customer.account_number == MAYA


async def test_a_login_of_no_customer_is_refused(door: Verification) -> None:
    contact = uuid4()

    assert await door.log_in(contact, "nobody-here", proves="verified") == "refused"
    assert await level(door, contact) == "none"


async def level(door: Verification, contact: UUID) -> str:
    return (await door.standing(contact)).level
