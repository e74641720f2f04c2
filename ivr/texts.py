"""An answer as a text message, for a caller who would rather read it."""

from dataclasses import replace
from typing import Literal, Protocol

import httpx

from ivr.call import Call
from outbound.client import OutboundUnavailable

MOST_TEXTS = 3  # in one call


class Messages(Protocol):
    """The part of `outbound.client.OutboundClient` that the telephone needs."""

    async def send(self, *, to: str, text: str, key: str, kind: Literal["steps"]) -> None: ...
    async def opt_out(self, to: str, *, opted_out: bool) -> None: ...


def may_text(call: Call) -> bool:
    return bool(call.caller and call.prompt.whole) and call.texted < MOST_TEXTS


async def text_steps(messages: Messages, call: Call, *, sender: str) -> tuple[Call, bool]:
    """Whether it is on its way. A step that comes twice sends one message."""
    if not may_text(call) or call.caller is None:
        return call, False
    key = f"{call.contact_id}.{call.step}.steps"
    try:
        await messages.send(to=call.caller, text=f"{sender}: {call.prompt.whole}", key=key, kind="steps")
    except (OutboundUnavailable, httpx.HTTPStatusError):
        return call, False
    return replace(call, texted=call.texted + 1), True
