"""`/live`: tells an open page which tickets changed; the page then asks for what it shows."""

import asyncio

from fastapi import APIRouter, WebSocket

from console.live import ANY, Listener, Live
from console.session import COOKIE, Sessions

router = APIRouter()

CHECK_S = 30.0  # how soon a socket notices that its session was closed or ran out
GATHER_S = 0.05  # changes in so short a time travel in one message
SESSION_OVER = 4401


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """The guard has checked the Origin; the session is checked here, both before the socket is accepted."""
    sessions: Sessions = socket.app.state.sessions
    feed: Live = socket.app.state.live
    cookie = socket.cookies.get(COOKIE)
    session = await sessions.find(cookie)
    if session is None:
        await socket.close(SESSION_OVER)
        return
    await socket.accept()
    with feed.listen() as listener:
        tasks = {
            asyncio.create_task(_tell(socket, listener, names=session.person.sees == "all")),
            asyncio.create_task(_until_left(socket)),
        }
        try:
            while not (await asyncio.wait(tasks, timeout=CHECK_S, return_when=asyncio.FIRST_COMPLETED))[0]:
                if await sessions.find(cookie) is None:
                    await socket.close(SESSION_OVER)
                    break
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _tell(socket: WebSocket, listener: Listener, *, names: bool) -> None:
    """`names`: which tickets changed. Somebody for whom not all tickets exist hears only that something did."""
    while True:
        references = await listener.changed()
        if not names:
            references = [ANY]
        await socket.send_json({"changed": references})
        await asyncio.sleep(GATHER_S)


async def _until_left(socket: WebSocket) -> None:
    """The page says nothing on this socket; whatever arrives is dropped until it closes."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
