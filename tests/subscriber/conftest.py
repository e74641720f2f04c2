"""The real door against the real demo operator, without a network between them."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from settings import Settings
from subscriber.client import SubscriberClient
from subscriber.demo.app import create_app

SwitchOn = Callable[[str, str], Awaitable[None]]


@pytest.fixture
def operator_settings() -> Settings:
    return Settings(
        _env_file=None,
        firstline_operator_token="test-operator-token",
        twilio_account_sid="AC00000000000000000000000000000001",
        twilio_auth_token="test-twilio-token",
    )


@pytest.fixture
async def operator(operator_settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The demo operator's systems, asked with the right token."""
    transport = httpx.ASGITransport(create_app(operator_settings))
    headers = {"Authorization": "Bearer test-operator-token"}
    async with httpx.AsyncClient(transport=transport, base_url="http://operator", headers=headers) as http:
        yield http


@pytest.fixture
def subscriber(operator: httpx.AsyncClient) -> SubscriberClient:
    return SubscriberClient(operator)


@pytest.fixture
def switch_on(operator: httpx.AsyncClient) -> SwitchOn:
    """Make one of the operator's systems slow, fail or lie."""

    async def switch(system: str, mode: str) -> None:
        reply = await operator.post("/demo/faults", json={"system": system, "mode": mode})
        assert reply.status_code == 204

    return switch
