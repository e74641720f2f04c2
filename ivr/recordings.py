"""Voicemails on their way from the telephone network into their tickets: fetched, bounded, tried again, never lost."""

import json
import logging
import re
import time
from asyncio import sleep
from dataclasses import asdict, dataclass
from uuid import UUID

import httpx
from redis import RedisError
from redis.asyncio import Redis

from escalation.client import EscalationRefused, EscalationUnavailable
from ivr.desk import Desk
from settings import Settings

log = logging.getLogger(__name__)

TWILIO = "https://api.twilio.com"
RECORDING_SID = re.compile(r"RE[0-9a-fA-F]{32}")
MOST_BYTES = 1_950_000  # two minutes at 8 kHz and 16 bits are 1,920,000
FETCH_S = 20.0
LOOK_S = 2.0
AGAIN_S = 30.0
GIVEN_UP_S = 3 * 24 * 3600
DUE = "ivr:recordings"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A recording to be fetched or, with `transcript`, what it says. `since`: Unix time."""

    contact_id: str
    recording_sid: str
    length_s: int
    since: float
    transcript: str | None = None


class Refused(Exception):
    """The network has no such recording, or it is no sound of a size we keep: trying again is of no use."""


class Recordings:
    """Addresses come from the account and the recording's id, never from the webhook."""

    def __init__(self, redis: Redis, desk: Desk, http: httpx.AsyncClient, *, account_sid: str) -> None:
        """`http` has the network's base address and the account's credentials."""
        self._redis = redis
        self._desk = desk
        self._http = http
        self._account_sid = account_sid

    @staticmethod
    def network(settings: Settings) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=settings.twilio_api_base or TWILIO,
            auth=(settings.twilio_account_sid, settings.twilio_token),
            timeout=FETCH_S,
        )

    async def arrived(
        self, contact_id: UUID, recording_sid: str, *, length_s: int = 0, transcript: str | None = None
    ) -> None:
        """Kept until it is in the ticket. An id that is none is ignored. Raises RedisError."""
        if RECORDING_SID.fullmatch(recording_sid):
            arrival = Arrival(str(contact_id), recording_sid, length_s, time.time(), transcript)
            await self._redis.zadd(DUE, {json.dumps(asdict(arrival)): arrival.since})
            await self._redis.expire(DUE, GIVEN_UP_S)

    async def bring_for_ever(self) -> None:
        while True:
            try:
                await self.bring_due()
            except RedisError:
                log.warning("recordings to fetch cannot be read, trying again")
            await sleep(LOOK_S)

    async def bring_due(self) -> None:
        """Raises RedisError."""
        for entry in await self._redis.zrangebyscore(DUE, 0, time.time(), start=0, num=20):
            await self._bring(str(entry))

    async def _bring(self, entry: str) -> None:
        arrival = Arrival(**json.loads(entry))
        try:
            if arrival.transcript is not None:
                await self._desk.transcribe(arrival.recording_sid, arrival.transcript)
            else:
                sound = await self._fetch(arrival.recording_sid)
                await self._desk.keep_voicemail(
                    UUID(arrival.contact_id), arrival.recording_sid, length_s=arrival.length_s, audio=sound
                )
        except (EscalationUnavailable, EscalationRefused, httpx.TransportError, httpx.HTTPStatusError) as error:
            if time.time() - arrival.since < GIVEN_UP_S:
                await self._redis.zadd(DUE, {entry: time.time() + AGAIN_S})
                return
            log.error("recording %s: given up, %s", arrival.recording_sid, type(error).__name__)
        except Refused as why:
            log.error("recording %s: %s", arrival.recording_sid, why)
        await self._redis.zrem(DUE, entry)

    async def _fetch(self, recording_sid: str) -> bytes:
        """Raises Refused, or httpx's errors for what may be otherwise later."""
        path = f"/2010-04-01/Accounts/{self._account_sid}/Recordings/{recording_sid}.wav"
        sound = bytearray()
        async with self._http.stream("GET", path) as reply:
            if reply.status_code in {400, 410}:
                raise Refused(f"answered {reply.status_code}")
            reply.raise_for_status()
            async for chunk in reply.aiter_bytes():
                sound += chunk
                if len(sound) > MOST_BYTES:
                    raise Refused("too large")
        if not sound.startswith(b"RIFF"):
            raise Refused("no RIFF/WAVE file")
        return bytes(sound)
