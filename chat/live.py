"""What people did, shown in the conversation they did it for: joined, wrote, solved, gave back, passed on."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from typing import Any, Protocol

from redis import RedisError

from chat import transcript
from chat.event import Event
from chat.session import Conversation
from chat.store import Store
from chat.transcript import Transcript, noted, written
from chat.wording import Words
from escalation.client import Channel, EscalationUnavailable, LiveEvent

log = logging.getLogger(__name__)

RETRY_S = 1.0


class Events(Protocol):
    """What of `escalation.client.EscalationClient` tells what people did."""

    def live(self, channel: Channel, group: str, consumer: str) -> AsyncIterator[LiveEvent]: ...


class Live:
    """Every event may come twice: the words are shown once, the state is simply set again."""

    def __init__(self, events: Events, shown: Transcript, store: Store, words: Words) -> None:
        self._events = events
        self._shown = shown
        self._store = store
        self._words = words

    async def run(self) -> None:
        consumer = f"{socket.gethostname()}-{os.getpid()}"
        while True:
            try:
                async for event in self._events.live("chat", "chat", consumer):
                    await self.take(event)
            except (RedisError, EscalationUnavailable):
                log.warning("live events cannot be read, trying again")
            await asyncio.sleep(RETRY_S)

    async def take(self, event: LiveEvent) -> None:
        conversation = await self._store.load(event.contact_id)
        if conversation is None:  # its page is gone for good
            return
        after = changed(conversation, event)
        spoken = self._spoken(conversation, event)
        if spoken is not None:
            await self._shown.show_once(conversation.id, event.event_id, spoken)
        news = [transcript.ticket(event.ticket)] if event.ticket else []
        if (
            after.mode != conversation.mode
            or after.agent_name != conversation.agent_name
            or event.kind in ("queue", "lost")
        ):
            news.append(
                transcript.status(after, queue_position=event.queue_position, expected_wait_s=event.expected_wait_s)
            )
        await self._shown.show(conversation, after, news)

    def _spoken(self, before: Conversation, event: LiveEvent) -> Event | None:
        """The words that belong to the event; what a person wrote goes out as it was written."""
        ticket = event.ticket or before.ticket
        reference = ticket.reference if ticket else ""
        language = before.language
        match event.kind:
            case "message" if event.text:
                return written(event.text, event.agent_name or before.agent_name, event.at, event.attachment)
            case "news" | "accepted" | "resolved":
                return self._told(language, event, reference)
            case "released" if before.mode != "bot":
                return noted(self._words.say(language, "say.back_with_bot", reference=reference))
            case "queue" if before.mode != "bot":
                return self._still_waiting(before, reference, event.queue_position)
            case "lost" if before.mode != "bot":
                return self._lost(before, reference, event.agent_name)
        return None

    def _told(self, language: str, event: LiveEvent, reference: str) -> Event | None:
        if event.kind == "accepted":
            return noted(self._joined(language, event.agent_name))
        if event.kind == "resolved":
            return noted(self._resolved(language, reference, event.text))
        return noted(event.text) if event.text else None

    def _joined(self, language: str, name: str | None) -> str:
        key = "say.joined" if name else "say.joined_unnamed"
        return self._words.say(language, key, name=name)

    def _resolved(self, language: str, reference: str, solution: str | None) -> str:
        told = self._words.say(language, "say.resolved", reference=reference)
        return f"{solution}\n\n{told}" if solution else told

    def _still_waiting(self, before: Conversation, reference: str, position: int | None) -> Event:
        key = "passed_on_by_person" if before.mode == "agent" else "still_waiting" if position is None else "in_line"
        values = {"reference": reference, "position": position, "name": before.agent_name or ""}
        told = self._words.say(before.language, f"say.{key}", **values)
        return noted(told, choices=[self._words.say(before.language, "choices.go_on")])

    def _lost(self, before: Conversation, reference: str, name: str | None) -> Event:
        name = name or before.agent_name
        key = "say.agent_lost" if name else "say.agent_lost_unnamed"
        told = self._words.say(before.language, key, reference=reference, name=name)
        return noted(told, choices=[self._words.say(before.language, "choices.go_on")])


def changed(conversation: Conversation, event: LiveEvent) -> Conversation:
    """Who answers after the event, and what is known of the ticket."""
    update: dict[str, Any] = {"ticket": event.ticket or conversation.ticket}
    match event.kind:
        case "accepted" | "message":
            name = event.agent_name or conversation.agent_name
            reference = event.ticket.reference if event.ticket else ""
            taken = conversation.accepted
            if reference and reference not in taken:
                taken = (*taken, reference)
            update |= {"mode": "agent", "agent_name": name, "accepted": taken, "active_at": event.at}
            update |= {"expects": "", "episode": None}  # whatever the assistant was asking for
        case "queue" | "lost" if conversation.mode == "agent":  # a colleague has yet to take over
            left = tuple(each for each in conversation.accepted if not event.ticket or each != event.ticket.reference)
            update |= {"mode": "waiting", "agent_name": None, "accepted": left, "active_at": event.at}
        case "resolved" | "released":
            update |= {"mode": "bot", "agent_name": None, "active_at": event.at}
    return conversation.model_copy(update=update)
