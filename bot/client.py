"""The door to the assistant: a customer's words in, the messages to show or say out."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self
from uuid import UUID

import httpx

import tracing
from bot.secret import hides, spoken_figures
from settings import Settings

__all__ = ["BotClient", "BotMessage", "BotUnavailable", "Expects", "Medium", "hides", "plain"]

WEBHOOK = "/webhooks/firstline/webhook"
WELCOME = "/greet"  # Rasa takes a leading slash as "this is the intent": only this file may send one
# What Rasa is told in place of a secret, by the outcome of its check: nothing that a customer could type.
GIVEN = {"half": "/half_verified", "verified": "/verified", "strong": "/verified"}
REFUSED = "/failed"
REDEEMED = "/voucher_given"  # whatever became of a voucher
VERIFIED_WITHIN_S = 6.0

Medium = Literal["screen", "ear"]
Expects = Literal["text", "fact", "digits", "secret", "voucher", "offer"]


class BotUnavailable(Exception):
    """The assistant did not answer: no connection, too slow, an error, or an empty reply."""


@dataclass(frozen=True, slots=True)
class BotMessage:
    """One message to show or say.

    A choice is plain words: choosing it sends those words. `about` says what the message rests on (article, flow,
    step). `handover` is the state of the hand-over that this message belongs to. `expects` is "secret" when the
    customer's next turn proves who they are, "voucher" when it is the code of one, "fact" when it identifies them and
    must be masked, "offer" when an account number may come at once, "digits" when keys ended by # are the easy answer.
    """

    text: str
    choices: tuple[str, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)
    handover: dict[str, Any] | None = None
    expects: Expects | None = None
    closing: bool = False


class BotClient:
    """Speaks to Rasa's channel `firstline` (bot/channel.py); one conversation per contact.

    What proves who the customer is, and the code of a voucher, never reach Rasa: `inner` takes them, and Rasa is told
    the outcome.
    """

    def __init__(
        self, http: httpx.AsyncClient, *, inner: httpx.AsyncClient | None = None, max_chars: int = 4000
    ) -> None:
        """Without `inner` nothing can be checked: a secret is then BotUnavailable."""
        self._http = http
        self._inner = inner
        self._max_chars = max_chars

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        headers = {"Authorization": f"Bearer {settings.internal_token}"}
        http = httpx.AsyncClient(base_url=settings.rasa_url, headers=headers, timeout=settings.bot_timeout_s)
        inner = httpx.AsyncClient(
            base_url=settings.firstline_inner_url,
            headers=headers,
            timeout=min(VERIFIED_WITHIN_S, settings.bot_timeout_s),
        )
        return cls(http, inner=inner, max_chars=settings.message_max_chars)

    async def aclose(self) -> None:
        await self._http.aclose()
        if self._inner is not None:
            await self._inner.aclose()

    async def start(
        self,
        contact_id: UUID,
        *,
        medium: Medium,
        language: str,
        caller: str | None = None,
        turn_id: str,
    ) -> list[BotMessage]:
        """The welcome of a new contact. `caller` is the E.164 number of a telephone call. Raises `BotUnavailable`."""
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
        expects: str | None = None,
        visitor: str = "",
        keyed: bool = False,
    ) -> list[BotMessage]:
        """What the assistant says to `text`, which may be anything at all. Raises `BotUnavailable`.

        `expects` is what the assistant asked for last; `visitor` names who guesses where there is no `caller`; `keyed`:
        the text came from the keys of a telephone.
        """
        about = {"turn_id": turn_id, "medium": medium, "language": language, "caller": caller}
        if not hides(text, expects=expects, language=language):
            return await self._say(contact_id, plain(text, self._max_chars), **about)
        given = {
            "words": text[: self._max_chars],
            "figures": spoken_figures(text[: self._max_chars], language),
            "turn_id": turn_id,
            "caller": caller or visitor,
            "keyed": keyed,
        }
        if expects == "voucher":
            outcome = str((await self._identity(contact_id, "voucher", given))["outcome"])
            return await self._say(contact_id, REDEEMED, **about, outcome=outcome)
        outcome = str((await self._identity(contact_id, "secrets", given))["outcome"])
        return await self._say(contact_id, GIVEN.get(outcome, REFUSED), **about, outcome=outcome)

    async def log_in(self, contact_id: UUID, token: str) -> str:
        """What a token of the operator's web login comes to: known, verified, strong, other or refused.

        It goes to who checks it, never to the assistant. Raises `BotUnavailable`.
        """
        return str((await self._identity(contact_id, "login", {"token": token}))["outcome"])

    async def proved(self, contact_id: UUID, *, turn_id: str, medium: Medium, language: str) -> list[BotMessage]:
        """The assistant goes on where it asked who somebody is: a login has said it. Raises `BotUnavailable`."""
        about = {"turn_id": turn_id, "medium": medium, "language": language, "caller": None}
        return await self._say(contact_id, GIVEN["verified"], **about, outcome="verified")

    async def _identity(self, contact_id: UUID, what: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Raises `BotUnavailable`, which carries nothing of the body."""
        if self._inner is None:
            raise BotUnavailable("nobody verifies")
        try:
            reply = await self._inner.post(f"/identity/{contact_id}/{what}", json=body)
        except httpx.TransportError as error:
            raise BotUnavailable(type(error).__name__) from error
        if reply.is_server_error:
            raise BotUnavailable(f"answered {reply.status_code}")
        reply.raise_for_status()
        found: dict[str, Any] = reply.json()
        return found

    async def _say(self, contact_id: UUID, text: str, **about: str | None) -> list[BotMessage]:
        metadata = {"contact_id": str(contact_id), **about, **tracing.carried()}
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
