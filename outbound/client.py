"""The door to outbound: hand over a message once, and it is sent as soon as that is possible and allowed."""

from types import TracebackType
from typing import Self

import httpx

from outbound.message import Kind
from settings import Settings

__all__ = ["Kind", "OutboundClient", "OutboundUnavailable"]

_TIMEOUT_S = 3.0  # the program only writes to Redis before it answers


class OutboundUnavailable(Exception):
    """The message was not accepted; the same call with the same key may be repeated."""


class OutboundClient:
    def __init__(self, http: httpx.AsyncClient) -> None:
        """`http` has outbound's base URL and the internal bearer header."""
        self._http = http

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        token = settings.internal_token
        return cls(
            httpx.AsyncClient(
                base_url=settings.firstline_outbound_url,
                headers={"Authorization": f"Bearer {token}"},
                timeout=_TIMEOUT_S,
            )
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def send(self, *, to: str, text: str, key: str, kind: Kind) -> None:
        """Accepted durably when this returns; a second call with the same key changes nothing.

        `to` is a phone number (national or E.164) or an e-mail address. Raises OutboundUnavailable, and
        httpx.HTTPStatusError (422) when `to` is neither.
        """
        sendable = text.encode("utf-8", "replace").decode()  # half an emoji, cut off by whoever made the text
        body = {"to": to, "text": sendable, "key": key, "kind": kind}
        try:
            reply = await self._http.post("/outbound/v1/messages", json=body)
        except httpx.TransportError as error:
            raise OutboundUnavailable("outbound did not answer") from error
        if reply.is_server_error:
            raise OutboundUnavailable(f"outbound answered {reply.status_code}")
        reply.raise_for_status()

    async def opt_out(self, to: str, *, opted_out: bool) -> None:
        """Nothing is sent to this address any more, or again. Raises OutboundUnavailable."""
        try:
            reply = await self._http.post("/outbound/v1/opt-outs", json={"to": to, "opted_out": opted_out})
        except httpx.TransportError as error:
            raise OutboundUnavailable("outbound did not answer") from error
        if reply.is_server_error:
            raise OutboundUnavailable(f"outbound answered {reply.status_code}")
        reply.raise_for_status()
