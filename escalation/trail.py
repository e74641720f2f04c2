"""The durable outbox of a front door: nothing that was shown or heard is lost while escalation is away."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from typing import Any, Protocol
from uuid import UUID

import httpx
from redis import RedisError
from redis.asyncio import Redis

from escalation import streams
from escalation.errors import EscalationUnavailable
from escalation.wire import Channel, ContactStart, Outcome, Turn

log = logging.getLogger(__name__)

GROUP = "trail"
BATCH = 100
KEPT = 500_000  # entries kept while escalation is away
REFUSED_KEPT = 1000
LONGEST_WAIT_S = 5.0
GATHER_S = 0.05  # before the next batch, so that entries of many conversations share a request


class Records(Protocol):
    """Where the trail leads: the part of EscalationClient it needs."""

    async def start_contact(self, start: ContactStart) -> None: ...
    async def record(self, turns: Sequence[Turn]) -> None: ...
    async def copied(self, contact_id: UUID) -> None: ...
    @property
    def finish_contact(self) -> Callable[..., Awaitable[None]]:
        """Of contact and outcome; `satisfaction` is given where the front door told it."""


class Trail:
    """Writing costs one XADD; `run` brings the entries to escalation in order and tries again until it took them."""

    def __init__(self, redis: Redis, prefix: str, client: Records) -> None:
        self._redis = redis
        self._stream = f"{prefix}:trail"
        self._client = client
        self._consumer = f"{socket.gethostname()}-{os.getpid()}"

    async def start(self, start: ContactStart) -> None:
        await self._add("start", start.model_dump_json())

    async def append(self, *turns: Turn) -> None:
        entries = [{"kind": "turn", "body": turn.model_dump_json()} for turn in turns]
        await streams.add(self._redis, self._stream, *entries, kept=KEPT)

    async def finish(
        self,
        contact_id: UUID,
        outcome: Outcome,
        *,
        satisfaction: int | None = None,
        channel: Channel | None = None,
        ask_rating: bool = False,
    ) -> None:
        """`satisfaction`: 1 to 5, when the customer said so; may follow later, by finishing once more.

        `channel`: what has ended, where the contact may have gone on in another one. `ask_rating`: by text message.
        """
        said = {"satisfaction": str(satisfaction)} if satisfaction is not None else {}
        said |= {"channel": channel} if channel is not None else {}
        said |= {"ask_rating": "yes"} if ask_rating else {}
        await self._add("finish", outcome, contact=str(contact_id), **said)

    async def copied(self, contact_id: UUID) -> None:
        """The customer took a copy of this conversation: a read of personal data, which is recorded."""
        await self._add("copied", str(contact_id))

    async def run(self) -> None:
        """Deliver for ever. Entries of a copy that died are taken over (XAUTOCLAIM)."""
        while True:
            reader = streams.Reader(self._redis, self._stream, GROUP, self._consumer)
            try:
                while True:
                    batch = await reader.take(BATCH)
                    for kind, group in groupby(batch, key=lambda entry: entry[1].get("kind")):
                        await self._deliver(reader, kind, list(group))
                    await asyncio.sleep(GATHER_S)
            except RedisError:
                log.warning("trail %s cannot be read, trying again", self._stream)
                await asyncio.sleep(streams.RETRY_S)

    async def _add(self, kind: str, body: str, **more: str) -> None:
        await streams.add(self._redis, self._stream, {"kind": kind, "body": body, **more}, kept=KEPT)

    async def _deliver(self, reader: streams.Reader, kind: str | None, entries: list[streams.Entry]) -> None:
        """Until escalation has them; what it refuses is our own bug: set aside, so that the rest goes on."""
        wait_s = 0.1
        while True:
            try:
                await self._send(kind, entries)
                break
            except EscalationUnavailable:
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)
            except (httpx.HTTPStatusError, ValueError, KeyError):
                if len(entries) > 1:
                    for entry in entries:
                        await self._deliver(reader, kind, [entry])
                    return
                await self._set_aside(entries[0])
                break
        await reader.remove(*(entry_id for entry_id, _ in entries))

    async def _send(self, kind: str | None, entries: list[streams.Entry]) -> None:
        if kind == "turn":
            await self._client.record([Turn.model_validate_json(fields["body"]) for _, fields in entries])
            return
        for _, fields in entries:
            if kind == "start":
                await self._client.start_contact(ContactStart.model_validate_json(fields["body"]))
            elif kind == "copied":
                await self._client.copied(UUID(fields["body"]))
            elif kind == "finish":
                said: dict[str, Any] = {name: fields[name] for name in ("channel",) if name in fields}
                said |= {"satisfaction": int(fields["satisfaction"])} if "satisfaction" in fields else {}
                said |= {"ask_rating": True} if "ask_rating" in fields else {}
                await self._client.finish_contact(UUID(fields["contact"]), fields["body"], **said)

    async def _set_aside(self, entry: streams.Entry) -> None:
        entry_id, fields = entry
        log.error("escalation refused entry %s of %s", entry_id, self._stream)
        if fields:
            await streams.add(self._redis, f"{self._stream}:refused", fields, kept=REFUSED_KEPT)
