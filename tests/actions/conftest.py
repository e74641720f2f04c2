"""The demo operator itself, without a network, for what the actions order and change there."""

from collections.abc import AsyncIterator

import httpx
import pytest

from settings import Settings
from subscriber.demo.app import create_app


@pytest.fixture
async def systems() -> AsyncIterator[httpx.AsyncClient]:
    """Its systems, asked with the right token."""
    settings = Settings(_env_file=None, firstline_operator_token="test-operator-token")
    headers = {"Authorization": "Bearer test-operator-token"}
    transport = httpx.ASGITransport(create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://operator", headers=headers) as http:
        yield http
