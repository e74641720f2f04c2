"""Brings the hub's events to the mirror, and listens to it: what the watch runs."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

import httpx
from sqlalchemy.exc import SQLAlchemyError

from escalation.courier import Undelivered
from escalation.mirror.access_token import AccessToken
from escalation.mirror.enlisted import CALLBACK
from escalation.mirror.incoming import Incoming
from escalation.mirror.mirror_file import MirrorFile
from escalation.mirror.outgoing import Outgoing
from escalation.mirror.system import SystemRefused, SystemUnavailable
from escalation.mirror.tmf621_server import Tmf621Server
from escalation.office import Office
from escalation.sender import Carrier

log = logging.getLogger(__name__)

TELL_S = 40.0  # all that one event asks for; below hub.LEASE, so that nobody else tells it meanwhile


@dataclass(frozen=True, slots=True)
class MirrorCarrier:
    """Events for the mirror go there, all others to the address of their subscriber."""

    outgoing: Outgoing
    others: Carrier

    async def bring(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        if url != CALLBACK:
            await self.others.bring(url, body, headers)
            return
        try:
            async with asyncio.timeout(TELL_S):
                await self.outgoing.tell(json.loads(body))
        except TimeoutError:
            raise Undelivered(f"no answer within {TELL_S:.0f} s") from None
        except (SystemUnavailable, SystemRefused) as error:
            raise Undelivered(str(error)) from None


@dataclass(frozen=True, slots=True)
class Mirror:
    outgoing: Outgoing
    incoming: Incoming
    every_s: float

    def carrier(self, others: Carrier) -> MirrorCarrier:
        return MirrorCarrier(self.outgoing, others)

    async def listen(
        self, stop: asyncio.Event, heard: Callable[[], Awaitable[None]], office: Callable[[], Office]
    ) -> None:
        """Until `stop`; `heard` after each look that came to its end. `office`: with the policy of that moment."""
        while not stop.is_set():
            try:
                await replace(self.incoming, office=office()).hear()
                await heard()
            except (SystemUnavailable, SystemRefused) as error:
                log.warning("the mirror is not heard: %s", error)
            except SQLAlchemyError as error:
                log.warning("the mirror waits: %s", type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(self.every_s):
                    await stop.wait()


@asynccontextmanager
async def mirror_of(office: Office, secret: str) -> AsyncIterator[Mirror]:
    """The one that mirror.yml describes."""
    file: MirrorFile = office.policy.mirror
    async with httpx.AsyncClient(timeout=httpx.Timeout(10.0, connect=3.0)) as http:
        system = Tmf621Server(http, file.url, AccessToken(http, file.token_url, file.client_id, secret))
        yield Mirror(Outgoing(office, system, file), Incoming(office, system, file), file.poll_every.total_seconds())
