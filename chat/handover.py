"""Hand-overs the chat makes itself: the assistant is silent, or the visitor leaves in the middle of one."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from chat import session, transcript
from chat.event import Event
from chat.session import Conversation, Owed
from chat.store import Store
from chat.transcript import Transcript, noted
from chat.wording import Words
from escalation.client import EscalationUnavailable, HandOver, Signals, Turn

log = logging.getLogger(__name__)


class Desk(Protocol):
    """What of `escalation.client.EscalationClient` opens tickets."""

    async def hand_over(
        self, contact_id: UUID, signals: Signals, *, key: str, after_turn: str | None = None
    ) -> HandOver: ...


class Handover:
    def __init__(self, desk: Desk, shown: Transcript, store: Store, words: Words, zone: ZoneInfo) -> None:
        self._desk = desk
        self._shown = shown
        self._store = store
        self._words = words
        self._zone = zone

    async def bot_is_silent(self, conversation: Conversation, turn: Turn) -> None:
        """What was collected, and the customer's words, become a ticket. While the silence lasts it is the same one."""
        before = await self._store.load(conversation.id) or conversation
        again = bool(conversation.silent_key)
        key = conversation.silent_key or (conversation.episode.key if conversation.episode else turn.turn_id)
        signals = session.signals_for(conversation, "bot_silent", live=True)
        conversation = conversation.model_copy(update={"silent_key": key, "expects": ""})
        handed = await self._hand_over(conversation.id, signals, key=key, after_turn=turn.turn_id)
        if handed is None:
            owed = Owed(key=key, signals=signals.model_dump(mode="json"), after_turn=turn.turn_id)
            note = noted(self._words.say(conversation.language, "say.kept"))
            await self._shown.show(before, conversation.model_copy(update={"owed": owed}), [note])
        else:
            await self._show(before, conversation, handed, "say.bot_silent_again" if again else "say.bot_silent")

    async def visitor_left(self, conversation: Conversation) -> Conversation:
        """A hand-over that was being collected is made with what is known; unchanged when there was none."""
        if conversation.episode is None:
            return conversation
        signals = session.signals_for(conversation, "left", live=False)
        key = conversation.episode.key
        handed = await self._hand_over(conversation.id, signals, key=key)
        if handed is None:
            owed = Owed(key=key, signals=signals.model_dump(mode="json"))
            after = conversation.model_copy(update={"owed": owed, "episode": None})
            return await self._shown.show(conversation, after)
        return await self._show(conversation, conversation, handed, "say.passed_on")

    async def settle(self, conversation: Conversation) -> bool:
        """Makes the hand-over that escalation could not take before; False when it still cannot."""
        owed = conversation.owed
        if owed is None:
            return True
        signals = Signals.model_validate(owed.signals)
        handed = await self._hand_over(conversation.id, signals, key=owed.key, after_turn=owed.after_turn)
        if handed is not None:
            await self._show(conversation, conversation, handed, "say.passed_on")
        return handed is not None

    async def _hand_over(
        self, contact_id: UUID, signals: Signals, *, key: str, after_turn: str | None = None
    ) -> HandOver | None:
        """None when escalation did not take it: it is owed."""
        try:
            return await self._desk.hand_over(contact_id, signals, key=key, after_turn=after_turn)
        except EscalationUnavailable:
            return None
        except httpx.HTTPStatusError as error:  # our own mistake; kept until it is mended
            log.error("hand-over of contact %s was refused: %s", contact_id, error.response.status_code)
            return None

    def events(
        self, conversation: Conversation, *, queue_position: int | None = None, expected_wait_s: int | None = None
    ) -> Sequence[Event]:
        """How a hand-over shows: the ticket, who answers now, and while waiting the way back."""
        place = {"queue_position": queue_position, "expected_wait_s": expected_wait_s}
        events = [transcript.status(conversation, **place)]
        if conversation.ticket:
            events.insert(0, transcript.ticket(conversation.ticket))
        if conversation.mode == "waiting":
            language = conversation.language
            go_on = self._words.say(language, "choices.go_on")
            events.append(noted(self._words.say(language, "say.waiting"), choices=[go_on]))
        return events

    async def _show(
        self,
        before: Conversation,
        conversation: Conversation,
        handed: HandOver,
        key: Literal["say.bot_silent", "say.bot_silent_again", "say.passed_on"],
    ) -> Conversation:
        live = handed.live and conversation.ended_at is None
        after = session.handed_over(conversation, handed.ticket, live=live)
        next_words = self._next(conversation.language, handed)
        told = self._words.say(conversation.language, key, reference=handed.ticket.reference, next=next_words)
        place = {"queue_position": handed.queue_position, "expected_wait_s": handed.expected_wait_s}
        events = [noted(told), *self.events(after, **place)]
        return await self._shown.show(before, after, events)

    def _next(self, language: str, handed: HandOver) -> str:
        words = self._words.say(language, f"next.{handed.next}")
        due_at = session.by_when(handed)
        return f"{words} {self._words.say(language, 'next.by', time=self._clock(due_at))}" if due_at else words

    def _clock(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return f"{local:%H:%M} on {local:%A} {local.day} {local:%B}"
