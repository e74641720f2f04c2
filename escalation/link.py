"""What comes back from escalation: an outage, a rule's refusal, our own bug; or an event that may be of another age."""

from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
from pydantic import ValidationError

from escalation import origin
from escalation.errors import EscalationRefused, EscalationUnavailable
from escalation.wire import LiveEvent, StaffEvent

Event = TypeVar("Event", LiveEvent, StaffEvent)


class Link:
    """`http` has the base address and the bearer header."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def aclose(self) -> None:
        await self._http.aclose()

    async def post(
        self, path: str, body: dict[str, Any], *, person: str | None = None, refusals: frozenset[int] = frozenset()
    ) -> httpx.Response:
        return await self.request("POST", path, person=person, refusals=refusals, json=body)

    async def request(
        self,
        method: str,
        path: str,
        *,
        person: str | None = None,
        refusals: frozenset[int] = frozenset(),
        params: dict[str, Any] | None = None,
        json: dict[str, Any] | None = None,
        content: bytes | None = None,
        patience: httpx.Timeout | None = None,
    ) -> httpx.Response:
        """`patience`: where the client's own is too short."""
        headers = origin.headers() | ({"X-Firstline-Person": person} if person is not None else {})
        try:
            reply = await self._http.request(
                method,
                path,
                headers=headers,
                params=params,
                json=json,
                content=content,
                timeout=patience or self._http.timeout,
            )
        except httpx.TransportError as error:
            raise EscalationUnavailable(path) from error
        if reply.is_server_error:
            raise EscalationUnavailable(f"{path} answered {reply.status_code}")
        if reply.status_code in refusals:
            raise EscalationRefused(reply.status_code, reply.json().get("message") or reply.json().get("reason", ""))
        return reply.raise_for_status()  # any other 4xx is our own bug: let it surface


def parsed(kind: type[Event], fields: Mapping[str, str]) -> Event | None:
    """A stream's entry. One of another version that no longer parses is passed over: it must not stop the stream."""
    try:
        return kind.model_validate_json(fields["event"])
    except (KeyError, ValidationError):
        return None
