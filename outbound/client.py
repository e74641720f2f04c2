"""The door to outbound: hand over a message once, and it is sent as soon as that is possible and allowed."""

from http import HTTPStatus
from types import TracebackType
from typing import Self
from uuid import UUID

import httpx

from outbound.call import CallAsked, Purpose, Rung
from outbound.message import Kind, Unwanted
from settings import Settings

__all__ = ["Kind", "OutboundClient", "OutboundUnavailable", "Rung"]

_TIMEOUT_S = 3.0  # the program only writes to Redis before it answers
_RINGING_S = 12.0  # and a call is given to the network first


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

    async def ring(self, *, to: str, call_id: UUID, purpose: Purpose, mailboxes: bool) -> Rung:
        """Dials a phone number (national or E.164) once for each `call_id`.

        Raises OutboundUnavailable when nothing was dialled.
        """
        body = CallAsked(to=to, call_id=call_id, purpose=purpose, mailboxes=mailboxes).model_dump(mode="json")
        try:
            reply = await self._http.post("/outbound/v1/calls", json=body, timeout=_RINGING_S)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise OutboundUnavailable("outbound did not answer") from error
        except httpx.TransportError:
            return Rung(state="unknown", reason="outbound did not answer")
        if reply.status_code == HTTPStatus.SERVICE_UNAVAILABLE:  # Redis is away: nothing is dialled without it
            raise OutboundUnavailable("outbound answered 503")
        if reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            return Rung(state="refused", reason="no phone number")
        return Rung.model_validate_json(reply.content) if reply.is_success else Rung(state="unknown")

    async def opt_out(self, to: str, *, opted_out: bool, of: Unwanted = "messages") -> None:
        """Nothing is sent to this address any more, or again; of "calls": nobody calls it unasked.

        Raises OutboundUnavailable.
        """
        try:
            reply = await self._http.post("/outbound/v1/opt-outs", json={"to": to, "opted_out": opted_out, "of": of})
        except httpx.TransportError as error:
            raise OutboundUnavailable("outbound did not answer") from error
        if reply.is_server_error:
            raise OutboundUnavailable(f"outbound answered {reply.status_code}")
        reply.raise_for_status()
