"""Tells open event streams that the program is about to stop: the server waits for them before it says so itself."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

STOPS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def told_of_the_end() -> Iterator[asyncio.Event]:
    """The event is set at the first stop signal, before the server's own handler runs, and at the latest on leaving."""
    closing = asyncio.Event()
    loop = asyncio.get_running_loop()
    if threading.current_thread() is not threading.main_thread():  # signals belong to the main thread
        yield closing
        closing.set()
        return
    before = {number: signal.getsignal(number) for number in STOPS}

    def chained(handler: Any) -> Callable[[int, FrameType | None], None]:
        def stop(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(closing.set)
            if callable(handler):
                handler(number, frame)

        return stop

    for number, handler in before.items():
        if callable(handler):
            signal.signal(number, chained(handler))
    try:
        yield closing
    finally:
        closing.set()
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, handler)
