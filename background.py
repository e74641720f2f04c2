"""Work in the background of a program: begun with its lifespan, surely ended with it, and not in its way."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

log = logging.getLogger(__name__)

ASKED_AGAIN_S = 0.2


@asynccontextmanager
async def running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Each runs as a task while the block is open.

    A cancellation is asked for until it is obeyed: `asyncio.wait_for`, which redis-py sends with, swallows one that
    meets a result just coming in (Python 3.11). Work that fails is logged at once; its program goes on.
    """
    tasks = [asyncio.create_task(each) for each in work]
    for task in tasks:
        task.add_done_callback(_told)
    try:
        yield
    finally:
        while unfinished := {task for task in tasks if not task.done()}:
            for task in unfinished:
                task.cancel()
            await asyncio.wait(unfinished, timeout=ASKED_AGAIN_S)


def settle_in() -> None:
    """Called when a program has been built: what lives as long as the program is not looked through for garbage.

    A full collection among everything that was imported stops all requests for about 100 ms.
    """
    gc.collect()
    gc.freeze()


def _told(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("background work ended: %s", type(error).__name__, exc_info=error)
