"""What a program answered: counted for Prometheus, and the last hour of it for the inspection."""

import time
from collections import deque
from collections.abc import Callable

from prometheus_client import Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from metrics import Metrics

MINUTES = 60
# 4 s: a call's budget, 8 s: a chat turn's, 15 s: Twilio's limit
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4, 8, 15)


class Traffic:
    """ASGI middleware. An answer from 500 on, or none at all, has failed. A room is the first part of the path.

    A stream's time would say how long a visitor stayed, so only answers of known length are timed.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, rooms: frozenset[str], clock: Callable[[], float] = time.time):
        self._app = app
        self._rooms = rooms
        self._clock = clock
        self._minutes: deque[list[int]] = deque(maxlen=MINUTES)  # of each: its number, all answers, failed ones
        registry = metrics.registry
        self._answers = Counter(
            "firstline_http_responses", "Answers by room and class", ["room", "status"], registry=registry
        )
        self._seconds = Histogram(
            "firstline_http_response_seconds", "Until an answer was whole", ["room"], registry=registry, buckets=SECONDS
        )
        recent = Gauge("firstline_http_responses_last_hour", "Answers of the last hour", ["outcome"], registry=registry)
        recent.labels("all").set_function(lambda: float(self.last_hour()[0]))
        recent.labels("failed").set_function(lambda: float(self.last_hour()[1]))

    def last_hour(self) -> tuple[int, int]:
        """All answers and the failed ones."""
        oldest = int(self._clock() // 60) - MINUTES
        kept = [minute for minute in self._minutes if minute[0] > oldest]
        return sum(minute[1] for minute in kept), sum(minute[2] for minute in kept)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, is_timed = time.perf_counter(), 500, False

        async def send_counted(message: Message) -> None:
            nonlocal status, is_timed
            if message["type"] == "http.response.start":
                status = message["status"]
                is_timed = any(name.lower() == b"content-length" for name, _ in message["headers"])
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            room = self._room(scope["path"])
            self._count(room, status)
            if is_timed:
                self._seconds.labels(room).observe(time.perf_counter() - began)

    def _room(self, path: str) -> str:
        first = path.lstrip("/").partition("/")[0]
        return first if first in self._rooms else "other"

    def _count(self, room: str, status: int) -> None:
        self._answers.labels(room, f"{status // 100}xx").inc()
        minute = int(self._clock() // 60)
        if not self._minutes or self._minutes[-1][0] != minute:
            self._minutes.append([minute, 0, 0])
        self._minutes[-1][1] += 1
        self._minutes[-1][2] += status >= 500
