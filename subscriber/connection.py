"""One of the operator's systems over HTTP: time allowed, one retry where that is safe, and a circuit breaker."""

import asyncio
import logging
from collections.abc import Mapping
from typing import TypeVar

import httpx
from circuitbreaker import CircuitBreaker  # type: ignore[import-untyped]  # the package has no annotations
from pydantic import TypeAdapter, ValidationError

from subscriber.errors import SubscriberConflict, SubscriberUnavailable

logger = logging.getLogger(__name__)

T = TypeVar("T")

READ_TIMEOUT_S = 1.3  # two tries fit into the 3 s that a fault check may take
FAILURES_TO_OPEN = 5  # in a row; then nobody waits for a system that is down
OPEN_S = 15  # until one request may find out whether it is back


def _is_failure(kind: type[BaseException], _: BaseException) -> bool:
    """A request that was given up (its check ran out of time) says as much about the system as one that failed."""
    return issubclass(kind, SubscriberUnavailable | asyncio.CancelledError) and not issubclass(kind, SubscriberConflict)


class Connection:
    """Answers are validated against the wanted type: a wrong one is SubscriberUnavailable, never a guessed value."""

    def __init__(self, http: httpx.AsyncClient, system: str, *, timeout_s: float = READ_TIMEOUT_S) -> None:
        """`timeout_s` is for a whole answer of one try; `system` is its name in logs."""
        self._http = http
        self._system = system
        self._timeout_s = timeout_s
        self._breaker = CircuitBreaker(FAILURES_TO_OPEN, OPEN_S, expected_exception=_is_failure, name=system)

    async def get(self, path: str, wanted: TypeAdapter[T], query: Mapping[str, str] | None = None) -> T | None:
        """None when the system says that there is no such thing. Tried twice, because reading changes nothing."""
        return await self._twice("GET", path, wanted, query=query)

    async def post(
        self, path: str, wanted: TypeAdapter[T], body: Mapping[str, object], *, key: str | None = None
    ) -> T | None:
        """As `get`, but tried twice only with an idempotency key, by which the system knows the repetition.

        Raises SubscriberConflict, as `patch` does, when the system refuses.
        """
        if key is not None:
            return await self._twice("POST", path, wanted, body=body, key=key)
        with self._closed_breaker():
            return await self._once("POST", path, wanted, body=body)

    async def patch(self, path: str, wanted: TypeAdapter[T], body: Mapping[str, object]) -> T | None:
        """Tried twice: `body` says what is to be, and saying it again changes nothing."""
        return await self._twice("PATCH", path, wanted, body=body)

    async def _twice(
        self,
        method: str,
        path: str,
        wanted: TypeAdapter[T],
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        key: str | None = None,
    ) -> T | None:
        with self._closed_breaker():
            try:
                return await self._once(method, path, wanted, query=query, body=body, key=key)
            except SubscriberConflict:
                raise
            except SubscriberUnavailable:
                return await self._once(method, path, wanted, query=query, body=body, key=key)

    def _closed_breaker(self) -> CircuitBreaker:
        if self._breaker.opened:
            raise SubscriberUnavailable(f"{self._system} failed {FAILURES_TO_OPEN} times in a row")
        return self._breaker

    async def _once(
        self,
        method: str,
        path: str,
        wanted: TypeAdapter[T],
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        key: str | None = None,
    ) -> T | None:
        headers = {"Idempotency-Key": key} if key is not None else None
        try:
            async with asyncio.timeout(self._timeout_s):
                reply = await self._http.request(method, path, params=query, json=body, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            raise SubscriberUnavailable(f"{self._system} did not answer") from error
        if reply.status_code == httpx.codes.NOT_FOUND:
            return None
        if reply.status_code == httpx.codes.CONFLICT:
            raise SubscriberConflict(f"{self._system} refuses")
        if not reply.is_success:
            logger.warning("%s answered %d", self._system, reply.status_code)
            raise SubscriberUnavailable(f"{self._system} answered {reply.status_code}")
        try:
            return wanted.validate_json(reply.content)
        except ValidationError:
            logger.warning("%s gave an answer of an unexpected shape", self._system)
            raise SubscriberUnavailable(f"{self._system} gave an unexpected answer") from None
