"""The real door to the assistant over the real checks and the demo operator; only Rasa is played."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI
from redis.asyncio import Redis

from actions.identity import identity
from actions.locks import LockNews
from bot.client import BotClient
from settings import Settings
from subscriber.client import SubscriberClient, WebLogin
from subscriber.demo.app import create_app
from tests.actions.world import Desk

ASKS = {
    "/greet": ("Hello. I'm the automated assistant.", None),
    "look it up": ("What is your account number?", "secret"),
    "/half_verified": ("And your postcode?", "secret"),
    "/verified": ("Thank you, that matches.", None),
    "top up": ("Please type the voucher's code.", "voucher"),
    "/voucher_given": ("The voucher is on your balance.", None),
    "/failed": ("These details don't match. What is your account number?", "secret"),
}


@dataclass
class Rasa:
    """Says what the dialogue would, and keeps everything it was sent, as its tracker does."""

    heard: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.heard.append(body)
        text, expects = ASKS.get(body["message"], ("I did not understand. What is your account number?", "secret"))
        return httpx.Response(200, json=[{"text": text, "custom": {"expects": expects} if expects else {}}])


@asynccontextmanager
async def assistant(settings: Settings, rasa: Rasa) -> AsyncIterator[BotClient]:
    operator = httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(settings)),
        base_url="http://operator",
        headers={"Authorization": f"Bearer {settings.firstline_operator_token.get_secret_value()}"},
    )
    async with Redis.from_url(settings.redis_url, decode_responses=True) as redis:
        subscriber = SubscriberClient(operator)
        checks = subscriber.verification(redis, secret="test-secret")
        vouchers = subscriber.vouchers(redis, checks)
        inner = FastAPI()
        nobody_logs_in = WebLogin(operator, settings)
        news = LockNews(redis, Desk())
        inner.include_router(identity(lambda: checks, lambda: news, lambda: nobody_logs_in, lambda: vouchers))
        bot = BotClient(
            httpx.AsyncClient(transport=httpx.MockTransport(rasa), base_url="http://rasa"),
            inner=httpx.AsyncClient(transport=httpx.ASGITransport(inner), base_url="http://inner"),
        )
        yield bot
        await bot.aclose()


async def everything_in(redis_url: str) -> str:
    """Every key of Redis with its value, as text."""
    found: list[Any] = []
    async with Redis.from_url(redis_url) as redis:
        client: Any = redis
        readers = {
            b"string": client.get,
            b"hash": client.hgetall,
            b"zset": lambda key: client.zrange(key, 0, -1),
            b"list": lambda key: client.lrange(key, 0, -1),
            b"stream": client.xrange,
            b"set": client.smembers,
        }
        async for key in client.scan_iter("*"):
            found.append((key, await readers[await client.type(key)](key)))
    return str(found).casefold()
