"""Calls through Twilio's REST API, each dialled at most once, however often it is asked for."""

from contextlib import suppress
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from outbound.call import ASKED_FOR, CallAsked, Rung
from outbound.queue import KEEP, Queue
from outbound.twilio import LATER, TwilioAccount, error_code

_UNKNOWN = "?"  # was given to the network, which has not answered


class _Taken(BaseModel):
    sid: str


class TwilioCalls:
    def __init__(self, account: TwilioAccount, *, public_url: str, ring_s: int) -> None:
        self._account = account
        self._public_url = public_url
        self._ring_s = ring_s

    @property
    def is_set_up(self) -> bool:
        return self._account.is_set_up

    async def dial(self, call_id: UUID, to: str, *, mailboxes: bool) -> Rung:
        """Twilio takes no key of ours: a second request would be a second call."""
        place = f"{self._public_url}/ivr/called"
        try:
            reply = await self._account.create(
                "Calls",
                to,
                {
                    "Url": f"{place}/picked-up?call={call_id}",
                    "StatusCallback": f"{place}/ended?call={call_id}",
                    "Timeout": str(self._ring_s),
                    **({"MachineDetection": "Enable"} if mailboxes else {}),
                },
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return Rung(state="later", reason="Twilio cannot be reached")
        except httpx.HTTPError:
            return Rung(state="unknown", reason="Twilio did not answer")
        if reply.is_success:
            return _taken(reply)
        if reply.status_code in LATER:
            return Rung(state="later", reason=f"Twilio answered {reply.status_code}")
        if reply.is_server_error:
            return Rung(state="unknown", reason=f"Twilio answered {reply.status_code}")
        return Rung(state="refused", reason=f"Twilio refused it (error {error_code(reply)})")


class CallBook:
    """Which calls were dialled. Raises redis.exceptions.RedisError before anything is dialled, never after."""

    def __init__(self, redis: Redis, queue: Queue, calls: TwilioCalls) -> None:
        self._redis = redis
        self._queue = queue
        self._calls = calls

    async def ring(self, asked: CallAsked, *, to: str) -> Rung:
        """`to`: E.164. A call that was dialled before is told of again, and not dialled."""
        if not self._calls.is_set_up:
            return Rung(state="not_set_up", reason="calls are not set up")
        if asked.purpose not in ASKED_FOR and await self._queue.has_opted_out(to, of="calls"):
            return Rung(state="opted_out")
        key = f"outbound:call:{asked.call_id}"
        if not await self._redis.set(key, _UNKNOWN, nx=True, ex=KEEP):
            sid = str(await self._redis.get(key) or _UNKNOWN)
            return Rung(state="unknown") if sid == _UNKNOWN else Rung(state="dialled", call_sid=sid)
        rung = await self._calls.dial(asked.call_id, to, mailboxes=asked.mailboxes)
        with suppress(RedisError):  # what became of the call is known here, and must be told
            if rung.state == "dialled":
                await self._redis.set(key, rung.call_sid, ex=KEEP)
            elif rung.state == "later":
                await self._redis.delete(key)
        return rung


def _taken(reply: httpx.Response) -> Rung:
    try:
        return Rung(state="dialled", call_sid=_Taken.model_validate_json(reply.content).sid)
    except ValidationError:
        return Rung(state="unknown", reason="what answered is not Twilio")
