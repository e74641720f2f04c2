"""Taking customers and their messages in: only from sites that may, at a human pace, and never twice."""

import hashlib
import re
import time
from collections.abc import Mapping
from uuid import UUID, uuid4

import tracing
from chat import session, transcript
from chat.errors import Empty, NotUnderstood, NotYours, TooFast
from chat.event import Item, Stored
from chat.inbox import Inbox
from chat.session import LEFT_AFTER, Conversation, Opened
from chat.store import Store
from chat.transcript import Transcript, now
from chat.wording import Words
from escalation.client import ContactStart
from settings import Settings

MESSAGE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SIGNS_A_MINUTE = 240  # that somebody types, of one address: a page sends one in three seconds
KEPT_CONTROLS = "\n\t"


class Reception:
    def __init__(self, store: Store, inbox: Inbox, shown: Transcript, words: Words, settings: Settings) -> None:
        self._store = store
        self._inbox = inbox
        self._shown = shown
        self._words = words
        self._settings = settings

    async def open(self, language: str | None, address: str) -> Opened:
        """A new contact; the assistant's welcome follows on its event stream."""
        await self.pace_address(address)
        opened = session.open_conversation(uuid4(), self._words.known(language), now(), visitor=_digest(address))
        conversation = opened.conversation
        start = ContactStart(
            contact_id=conversation.id,
            channel="chat",
            language=conversation.language,
            started_at=conversation.started_at,
        )
        await self._store.create(conversation)
        await self._shown.trail.start(start)
        await self._store.put(conversation.id, Item(kind="start", message_id="welcome"))
        self._inbox.wake(conversation.id)
        return opened

    async def admit(self, contact_id: UUID, token: str) -> Conversation:
        """The conversation, for the holder of its token. Raises `NotYours`."""
        conversation = await self._store.load(contact_id)
        if not session.may_read(conversation, token) or conversation is None:
            raise NotYours
        return conversation

    async def take(self, conversation: Conversation, text: str, message_id: str, address: str) -> Stored:
        """Stored before this returns; the answer follows on the event stream. A repeat is the same message."""
        if not MESSAGE_ID.fullmatch(message_id):
            raise NotUnderstood
        words = readable(text)
        if not words:
            raise Empty
        await self.pace(conversation, address)
        limit = self._settings.message_max_chars
        item = Item(kind="text", message_id=message_id, text=words[:limit], cut=len(words) > limit)
        return await self.put_in(conversation, item)

    async def put_in(self, conversation: Conversation, item: Item) -> Stored:
        """Shown in every open page and on its way to an answer; a conversation that has ended goes on."""
        if conversation.ended_at is not None:
            again = conversation.model_copy(update={"ended_at": None})
            await self._shown.show(conversation, again, [transcript.status(again)])
        shown = transcript.heard(item)
        masked = transcript.heard(item, masked=True) if item.kind == "text" else shown
        hidden_when = transcript.hidden_when(conversation, item.text) if item.kind == "text" else ()
        traced = item.model_copy(update={"trace": tracing.carried()})
        stored, _ = await self._store.add_once(
            conversation.id, item.turn_id, shown, masked, traced, hidden_when=hidden_when
        )
        self._inbox.wake(conversation.id)
        return stored

    async def copied(self, conversation: Conversation) -> None:
        """The customer gets a copy, which is recorded as a read of personal data."""
        await self._shown.trail.copied(conversation.id)

    async def leave(self, conversation: Conversation) -> None:
        """The page was closed. It may be a reload, so the conversation ends only when nobody comes back."""
        await self._store.seen(conversation.id, now() - LEFT_AFTER)

    async def pace(self, conversation: Conversation, address: str, *, more: Mapping[str, int] | None = None) -> None:
        """Counts one more message or request of the customer; `more`: other limits a minute. Raises `TooFast`."""
        requests, messages = self._settings.chat_requests_per_minute, self._settings.chat_messages_per_minute
        await self._pace({address: requests, str(conversation.id): messages, **(more or {})})

    async def pace_address(self, address: str) -> None:
        """Counts one more request of somebody who has no conversation yet. Raises `TooFast`."""
        await self._pace({address: self._settings.chat_requests_per_minute})

    async def pace_signs(self, address: str) -> None:
        """Counts one more sign that somebody types, which takes nothing from their messages. Raises `TooFast`."""
        await self._pace({f"signs:{address}": SIGNS_A_MINUTE})

    async def _pace(self, limits: Mapping[str, int]) -> None:
        """`limits`: how often in a minute, by address or conversation. Addresses are not kept readable."""
        names = [_digest(name) for name in limits]
        counted = await self._store.count(names, int(time.time() // 60))
        if any(times > limit for times, limit in zip(counted, limits.values(), strict=True)):
            raise TooFast


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:24]


def readable(text: str) -> str:
    """Valid Unicode without control characters, which neither a page nor a database can hold."""
    valid = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(char for char in valid if char in KEPT_CONTROLS or char.isprintable() or ord(char) > 0x9F).strip()
