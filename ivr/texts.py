"""Text messages to a caller: an answer to read, and the link by which the call goes on in the chat."""

from dataclasses import replace
from typing import Literal, Protocol
from uuid import UUID

import httpx
import phonenumbers
from phonenumbers import PhoneNumberType

from escalation.client import EscalationRefused, EscalationUnavailable
from ivr.call import Call
from ivr.words import words
from outbound.client import OutboundUnavailable

MOST_TEXTS = 3  # in one call
MOST_CHARS = 1600  # of a text message, all its parts together
_NO_TEXTS = PhoneNumberType.FIXED_LINE  # a number of unknown kind is tried


class Messages(Protocol):
    """The part of `outbound.client.OutboundClient` that the telephone needs."""

    async def send(self, *, to: str, text: str, key: str, kind: Literal["steps"]) -> None: ...
    async def opt_out(self, to: str, *, opted_out: bool, of: Literal["messages", "calls"] = "messages") -> None: ...


class Links(Protocol):
    """The part of escalation's door that makes links to the chat."""

    async def chat_link(self, contact_id: UUID, *, keeps_place: bool = False) -> str: ...


def may_text(call: Call) -> bool:
    return bool(call.caller and call.prompt.whole) and call.texted < MOST_TEXTS


def can_go_on_in_chat(call: Call) -> bool:
    """Without a text message there is no link."""
    return can_be_texted(call) and call.texted < MOST_TEXTS


def can_be_texted(call: Call) -> bool:
    """A landline gets no text message."""
    if call.caller is None:
        return False
    try:
        return phonenumbers.number_type(phonenumbers.parse(call.caller)) != _NO_TEXTS
    except phonenumbers.NumberParseException:
        return False


class Texts:
    """Both return whether it is on its way. A step of the call that comes twice sends one message."""

    def __init__(self, messages: Messages, links: Links, *, sender: str) -> None:
        self._messages = messages
        self._links = links
        self._sender = sender

    async def steps(self, call: Call) -> tuple[Call, bool]:
        """The assistant's answer uncut, and a link to go on in the chat from there, where one can be had."""
        if not may_text(call):
            return call, False
        link = await self._link(call, keeps_place=False)
        after = words(call.language).texts.go_on.format(link=link) if link else ""
        answer = f"{self._sender}: {call.prompt.whole}"[: MOST_CHARS - len(after) - 2]
        return await self._send(call, f"{answer}\n\n{after}" if after else answer, "steps")

    async def chat_link(self, call: Call) -> tuple[Call, bool]:
        """Whoever follows it keeps their place in the queue."""
        link = await self._link(call, keeps_place=True) if can_go_on_in_chat(call) else None
        if link is None:
            return call, False
        text = words(call.language).texts.chat_link.format(operator=self._sender, link=link)
        return await self._send(call, text, "chat")

    async def _link(self, call: Call, *, keeps_place: bool) -> str | None:
        try:
            return await self._links.chat_link(call.contact_id, keeps_place=keeps_place)
        except (EscalationUnavailable, EscalationRefused):  # refused: the contact has not arrived there yet
            return None

    async def _send(self, call: Call, text: str, what: Literal["steps", "chat"]) -> tuple[Call, bool]:
        if call.caller is None:
            return call, False
        try:
            key = f"{call.contact_id}.{call.step}.{what}"
            await self._messages.send(to=call.caller, text=text, key=key, kind="steps")
        except (OutboundUnavailable, httpx.HTTPStatusError):
            return call, False
        return replace(call, texted=call.texted + 1), True
