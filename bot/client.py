"""The door to the assistant: a customer's words in, the messages to show or say out."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self
from uuid import UUID

import httpx

import tracing
from settings import Settings

WEBHOOK = "/webhooks/firstline/webhook"
WELCOME = "/greet"  # Rasa takes a leading slash as "this is the intent": only this file may send one

Medium = Literal["screen", "ear"]
Expects = Literal["text", "fact", "digits"]


class BotUnavailable(Exception):
    """The assistant did not answer: no connection, too slow, an error, or an empty reply."""


@dataclass(frozen=True, slots=True)
class BotMessage:
    """One message to show or say.

    A choice is plain words: choosing it sends those words. `about` says what the message rests on (article, flow,
    step). `handover` is the state of the hand-over that this message belongs to. `expects` is "fact" when the
    customer's next turn identifies them and must be masked, "digits" when keys ended by # are the easy answer.
    """

    text: str
    choices: tuple[str, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)
    handover: dict[str, Any] | None = None
    expects: Expects | None = None
    closing: bool = False


class BotClient:
    """Speaks to Rasa's channel `firstline` (bot/channel.py); one conversation per contact."""

    def __init__(self, http: httpx.AsyncClient, *, max_chars: int = 4000) -> None:
        self._http = http
        self._max_chars = max_chars

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        http = httpx.AsyncClient(
            base_url=settings.rasa_url,
            headers={"Authorization": f"Bearer {settings.firstline_internal_token.get_secret_value()}"},
            timeout=settings.bot_timeout_s,
        )
        return cls(http, max_chars=settings.message_max_chars)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def start(
        self, contact_id: UUID, *, medium: Medium, language: str, caller: str | None = None, turn_id: str
    ) -> list[BotMessage]:
        """The welcome of a new contact. `caller` is the E.164 number of a telephone call."""
        return await self._say(contact_id, WELCOME, turn_id=turn_id, medium=medium, language=language, caller=caller)

    async def send(
        self,
        contact_id: UUID,
        text: str,
        *,
        turn_id: str,
        medium: Medium,
        language: str,
        caller: str | None = None,
    ) -> list[BotMessage]:
        """What the assistant says to `text`, which may be anything at all. Raises `BotUnavailable`."""
        words = plain(text, self._max_chars)
        return await self._say(contact_id, words, turn_id=turn_id, medium=medium, language=language, caller=caller)

    async def _say(self, contact_id: UUID, text: str, *, turn_id: str, **about_contact: str | None) -> list[BotMessage]:
        metadata = {"contact_id": str(contact_id), "turn_id": turn_id, **about_contact, **tracing.carried()}
        body = {"sender": contact_id.hex, "message": text, "metadata": metadata}
        try:
            reply = await self._http.post(WEBHOOK, json=body)
        except httpx.TransportError as error:
            raise BotUnavailable(type(error).__name__) from error
        if reply.is_server_error:
            raise BotUnavailable(f"answered {reply.status_code}")
        reply.raise_for_status()
        messages = read(_json(reply))
        if not messages:
            raise BotUnavailable("empty reply")
        return messages


def plain(text: str, max_chars: int) -> str:
    """The customer's words as Rasa may see them: valid Unicode without control characters, bounded, and never a
    leading slash, which Rasa would obey as a command. Nothing left becomes a lone question mark."""
    valid = text.encode("utf-8", "replace").decode()
    kept = "".join(" " if _is_control(char) else char for char in valid)
    return kept[:max_chars].strip().lstrip("/ ").strip() or "?"


def read(parts: Sequence[Mapping[str, Any]]) -> list[BotMessage]:
    """Rasa's messages as ours; a part that has only `custom` belongs to the message before it."""
    merged: list[dict[str, Any]] = []
    for part in parts:
        custom = part.get("custom") or {}
        text = part.get("text") or ""
        if not text and not part.get("buttons") and merged:
            merged[-1]["custom"] |= custom
            continue
        titles = tuple(button["title"] for button in part.get("buttons") or ())
        merged.append({"text": text, "choices": titles, "custom": dict(custom)})
    return [_message(**entry) for entry in merged if entry["text"] or entry["choices"]]


def _message(text: str, choices: tuple[str, ...], custom: dict[str, Any]) -> BotMessage:
    return BotMessage(
        text=text,
        choices=choices,
        about=custom.get("about") or {},
        handover=custom.get("handover"),
        expects=custom.get("expects"),
        closing=bool(custom.get("closing", False)),
    )


def _json(reply: httpx.Response) -> list[dict[str, Any]]:
    try:
        body = reply.json()
    except ValueError as error:
        raise BotUnavailable("not JSON") from error
    if not isinstance(body, list):
        raise BotUnavailable("not a list")
    return body


def _is_control(char: str) -> bool:
    """Control and invisible format characters: they could hide a leading slash."""
    return unicodedata.category(char) in {"Cc", "Cf"}
