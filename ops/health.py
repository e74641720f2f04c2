"""Whether each program and server that Firstline depends on answers, by name."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from settings import Settings

TIMEOUT_S = 2.0
WEBHOOKS = "webhooks"


async def dependencies(settings: Settings, http: httpx.AsyncClient, redis: "Redis") -> dict[str, Any]:
    """`ok` or what is wrong, by dependency; nothing secret in it, because anybody may ask.

    And, under `webhooks`, how many events wait for subscribers or are dead, which is no fault of ours.
    """
    internal = settings.internal_token
    probes = {
        "redis": _redis(redis),
        "assistant": _answers(http, settings.rasa_url + "/webhooks/firstline/health", ""),
        "inner": _answers(http, settings.firstline_inner_url + "/knowledge/v1/health", internal),
        "outbound": _answers(http, settings.firstline_outbound_url + "/outbound/v1/health", internal),
    }
    states, escalation = await asyncio.gather(asyncio.gather(*probes.values()), _escalation(settings, http, internal))
    return {**dict(zip(probes, states, strict=True)), **escalation}


def is_well(found: Mapping[str, Any]) -> bool:
    return all(state == "ok" for name, state in found.items() if name != WEBHOOKS)


async def _redis(redis: "Redis") -> str:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await redis.ping()
    except (RedisError, TimeoutError):
        return "does not answer"
    return "ok"


async def _answers(http: httpx.AsyncClient, url: str, token: str) -> str:
    try:
        reply = await http.get(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    except httpx.TransportError:
        return "does not answer"
    return "ok" if reply.status_code == 200 else f"answers {reply.status_code}"


async def _escalation(settings: Settings, http: httpx.AsyncClient, token: str) -> dict[str, Any]:
    """Escalation itself knows whether its database answers and its watch is alive."""
    names = ("database", "watch")
    try:
        reply = await http.get(
            settings.firstline_web_url + "/escalation/v1/health", headers={"Authorization": f"Bearer {token}"}
        )
        told = reply.json()
    except (httpx.TransportError, ValueError):
        return dict.fromkeys(names, "does not answer")
    return {**{name: str(told.get(name, "not told")) for name in names}, WEBHOOKS: told.get(WEBHOOKS, {})}
