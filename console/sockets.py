"""`/live`: tells an open page which tickets changed, and that a customer types; hears that its person types."""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import APIRouter, WebSocket

from console.attendance import Attendance
from console.desk import Desk
from console.live import ANY, Listener, Live
from console.presence import Presence
from console.session import COOKIE, Sessions
from escalation.client import EscalationRefused, EscalationUnavailable, Person

log = logging.getLogger(__name__)
router = APIRouter()

CHECK_S = 30.0  # how soon a socket notices that its session was closed or ran out
GATHER_S = 0.05  # changes in so short a time travel in one message
SESSION_OVER = 4401
TYPES = "types"  # all that a page ever says on its socket
TYPES_EVERY_S = 2.0  # what comes sooner is dropped
REFERENCE = re.compile(r"[A-Z0-9-]{3,40}")


@router.websocket("/live")
async def live(socket: WebSocket, ticket: str = "", rows: bool = False) -> None:
    """The guard has checked the Origin; the session is checked here, both before the socket is accepted.

    `ticket`: the one whose page this is. Who looks at it is shown only on pages that its readers may open. `rows`: the
    page is the queue's.
    """
    sessions: Sessions = socket.app.state.sessions
    feed: Live = socket.app.state.live
    attendance: Attendance = socket.app.state.attendance
    cookie = socket.cookies.get(COOKIE)
    session = await sessions.find(cookie)
    if session is None:
        await socket.close(SESSION_OVER)
        return
    await socket.accept()
    with attendance.open(session.username), feed.listen(ticket, session.person, shows_rows=rows) as listener:
        async with _present(socket, ticket, session.person) as stay:
            await _serve(socket, listener, session.person, cookie, stay)


async def _serve(
    socket: WebSocket, listener: Listener, person: Person, cookie: str | None, stay: Callable[[], Awaitable[None]]
) -> None:
    """Until the page goes or its session is over."""
    sessions: Sessions = socket.app.state.sessions
    tasks = {
        asyncio.create_task(_tell(socket, listener, person)),
        asyncio.create_task(_until_left(socket, listener.own, person)),
    }
    try:
        while not (await asyncio.wait(tasks, timeout=CHECK_S, return_when=asyncio.FIRST_COMPLETED))[0]:
            if await sessions.find(cookie) is None:
                await socket.close(SESSION_OVER)
                break
            await stay()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _present(socket: WebSocket, ticket: str, person: Person) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """The person looks at the ticket meanwhile; what it yields says that they still do."""
    presence: Presence = socket.app.state.presence
    page_id = secrets.token_hex(8)

    async def stay() -> None:
        if REFERENCE.fullmatch(ticket):
            await presence.stay(ticket, person, page_id)

    if not REFERENCE.fullmatch(ticket):
        yield stay
        return
    async with presence.shown(ticket, person, page_id):
        yield stay


async def _tell(socket: WebSocket, listener: Listener, person: Person) -> None:
    """Which tickets changed. Somebody for whom not all tickets exist hears only that something did.

    `within_ms`: a list waits a random part of it before it asks anew. `rows`: see console/changed_row.py.
    """
    feed: Live = socket.app.state.live
    base = socket.scope.get("root_path", "")
    while True:
        references = await listener.changed()
        if listener.take_typing():
            await socket.send_json({"customer_types": True})
        if references:
            told = {"changed": references if person.sees == "all" else [ANY], "within_ms": feed.within_ms}
            await socket.send_json(told | ({"offers": True} if listener.take_offers() else {}))
        if rows := listener.take_rows():
            told_rows = [row.told(person, base) for row in rows]
            await socket.send_json({"rows": told_rows, "within_ms": feed.within_ms})
        await asyncio.sleep(GATHER_S)


async def _until_left(socket: WebSocket, ticket: str, person: Person) -> None:
    """Until it closes; whatever arrives besides TYPES is dropped."""
    told_at = -TYPES_EVERY_S
    while (message := await socket.receive())["type"] != "websocket.disconnect":
        is_early = time.monotonic() - told_at < TYPES_EVERY_S
        if message.get("text") != TYPES or is_early or not REFERENCE.fullmatch(ticket):
            continue
        told_at = time.monotonic()
        desk: Desk = socket.app.state.desk
        try:
            await desk.agent_types(person.username, ticket)
        except (EscalationRefused, EscalationUnavailable) as error:
            log.info("typing is not shown: %s", type(error).__name__)
