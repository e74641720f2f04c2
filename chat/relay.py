"""Who answers a customer's message: the assistant, or the person who took the conversation over."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import httpx

from bot.client import BotMessage, BotUnavailable, Medium
from chat import session, transcript
from chat.event import Item
from chat.handover import Handover
from chat.session import Conversation
from chat.store import Store
from chat.transcript import Transcript, noted, now, said
from chat.wording import Words
from escalation.client import EscalationUnavailable, Turn

log = logging.getLogger(__name__)


class Bot(Protocol):
    """`bot.client.BotClient`."""

    async def start(
        self, contact_id: UUID, *, medium: Medium, language: str, caller: str | None = None, turn_id: str
    ) -> list[BotMessage]: ...

    async def send(
        self,
        contact_id: UUID,
        text: str,
        *,
        turn_id: str,
        medium: Medium,
        language: str,
        expects: str | None = None,
        visitor: str = "",
    ) -> list[BotMessage]: ...

    async def proved(self, contact_id: UUID, *, turn_id: str, medium: Medium, language: str) -> list[BotMessage]: ...


class People(Protocol):
    """What of `escalation.client.EscalationClient` carries words to a person."""

    async def record(self, turns: Sequence[Turn]) -> None: ...
    async def release(self, contact_id: UUID) -> None: ...


@dataclass(frozen=True, slots=True)
class Patience:
    """With a silent assistant. Rasa restarts in 10-15 s."""

    give_up_s: float  # then the message goes to people (BOT_GIVE_UP_S)
    first_word_s: float = 1.5  # then the customer hears that we are still here
    give_up_again_s: float = 6.0  # while it is known to be away
    pause_s: float = 0.25  # before the second try; doubles
    longest_pause_s: float = 3.0


class Relay:
    def __init__(
        self,
        bot: Bot,
        people: People,
        *,
        handover: Handover,
        shown: Transcript,
        store: Store,
        words: Words,
        max_chars: int,
        patience: Patience,
    ) -> None:
        self._bot = bot
        self._people = people
        self._handover = handover
        self._shown = shown
        self._store = store
        self._words = words
        self._max_chars = max_chars
        self._patience = patience

    async def deliver(self, conversation: Conversation, item: Item) -> None:
        """Carries one message to whoever answers and shows the answer. Doing it again shows nothing twice."""
        if conversation.answered == item.message_id:  # it was shown; whether the trail has it is not known
            await self._shown.trail_again(conversation.id, after=item.event_id)
            return
        if item.kind == "start":
            await self._start(conversation, item)
            return
        if item.cut:
            await self._tell(conversation, "say.cut", limit=self._max_chars)
        if item.kind == "login":
            await self._logged_in(conversation, item)
        elif conversation.mode == "bot" and item.kind == "file":
            await self._note_file(conversation, item)
        elif conversation.mode == "bot":
            await self._to_bot(conversation, item)
        elif conversation.mode == "waiting" and item.text == self._say(conversation, "choices.go_on"):
            await self._back_to_bot(conversation, item)
        else:
            await self._to_person(conversation, item)

    async def _start(self, conversation: Conversation, item: Item) -> None:
        reply = await self._ask(conversation, item)
        if reply is None:
            reply = [BotMessage(text=self._say(conversation, "say.welcome"))]
        await self._answer(conversation, item, reply)

    async def _logged_in(self, conversation: Conversation, item: Item) -> None:
        """The assistant goes on where it asked who they are; a person is left alone with it."""
        reply = await self._ask(conversation, item) if conversation.mode == "bot" else None
        if reply is not None:
            await self._answer(conversation, item, reply)

    async def _to_bot(self, conversation: Conversation, item: Item) -> None:
        turn, reply = await asyncio.gather(self._shown.hear(conversation, item), self._ask(conversation, item))
        current = await self._store.load(conversation.id) or conversation
        if current.mode == "agent":  # a person took over while the assistant thought: it stays silent
            await self._to_person(current, item, turn)
        elif reply is None:
            await self._handover.bot_is_silent(self._having_written(current, item, turn), turn)
        else:
            await self._answer(self._having_written(current, item, turn), item, reply, before=current)

    async def _note_file(self, conversation: Conversation, item: Item) -> None:
        """The assistant cannot look at files, and words of ours about one would be taken for the customer's answer.

        So it is not told; whatever it asked for, it still waits for.
        """
        turn = await self._shown.hear(conversation, item)
        after = self._having_written(conversation, item, turn).model_copy(update={"answered": item.message_id})
        offered = await self._offered(conversation, before=item.event_id)
        note = noted(self._say(conversation, "say.file_kept"), choices=offered, expects=conversation.expects)
        await self._shown.show(conversation, after, [note])

    async def _offered(self, conversation: Conversation, *, before: str) -> Sequence[str]:
        """The choices that stood there when the customer sent the file."""
        earlier = [each for each in await self._store.events(conversation.id) if each.event.kind == "message"]
        places = [number for number, each in enumerate(earlier) if each.id == before]
        shown = earlier[places[0] - 1].event.data if places and places[0] else {}
        choices: Sequence[str] = shown.get("choices", ())
        return choices

    async def _answer(
        self, after: Conversation, item: Item, reply: Sequence[BotMessage], before: Conversation | None = None
    ) -> None:
        before = before or after
        after = session.after_reply(after, reply, now()).model_copy(update={"answered": item.message_id})
        opened = [message.handover for message in reply if (message.handover or {}).get("state") == "opened"]
        events = [said(message) for message in reply]
        if opened and opened[-1]:
            place = {name: opened[-1].get(name) for name in ("queue_position", "expected_wait_s")}
            events += self._handover.events(after, **place)
        await self._shown.show(before, after, events)

    async def _ask(self, conversation: Conversation, item: Item) -> list[BotMessage] | None:
        """The assistant's reply, waited for through a restart; None when it stays silent."""
        began = asyncio.get_running_loop().time()
        patience, told, pause = self._patience, bool(conversation.silent_key), self._patience.pause_s
        limit = patience.give_up_again_s if conversation.silent_key else patience.give_up_s
        while True:
            try:
                return await self._say_to_bot(conversation, item)
            except BotUnavailable:
                pass
            except httpx.HTTPStatusError as error:  # our own mistake; the customer gets help all the same
                log.error("assistant refused a turn of contact %s: %s", conversation.id, error.response.status_code)
                return None
            waited = asyncio.get_running_loop().time() - began
            if waited >= limit:
                return None
            if not told and waited >= patience.first_word_s:
                told = True
                await self._tell(conversation, "say.one_moment")
            await asyncio.sleep(pause)
            pause = min(pause * 2, patience.longest_pause_s)

    async def _say_to_bot(self, conversation: Conversation, item: Item) -> list[BotMessage]:
        contact_id, language = conversation.id, conversation.language
        if item.kind == "start":
            return await self._bot.start(contact_id, turn_id=item.turn_id, medium="screen", language=language)
        if item.kind == "login":
            return await self._bot.proved(contact_id, turn_id=item.turn_id, medium="screen", language=language)
        return await self._bot.send(
            contact_id,
            item.text,
            turn_id=item.turn_id,
            medium="screen",
            language=language,
            expects=conversation.expects,
            visitor=conversation.visitor,
        )

    async def _to_person(self, conversation: Conversation, item: Item, turn: Turn | None = None) -> None:
        """Stored by escalation before the next message is looked at; tried until it is."""
        turn = turn or transcript.heard_turn(conversation, item)
        pause, told, began = self._patience.pause_s, False, asyncio.get_running_loop().time()
        while True:
            try:
                await self._people.record([turn])
                break
            except httpx.HTTPStatusError as error:  # our own mistake; the trail sets it aside for the engineers
                log.error("turn of contact %s was refused: %s", conversation.id, error.response.status_code)
                await self._shown.trail.append(turn)
                break
            except EscalationUnavailable:
                if not told and asyncio.get_running_loop().time() - began >= self._patience.first_word_s:
                    told = True
                    await self._tell(conversation, "say.not_through_yet")
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._patience.longest_pause_s)
        after = self._having_written(conversation, item, turn).model_copy(update={"answered": item.message_id})
        await self._shown.show(conversation, after)

    async def _back_to_bot(self, conversation: Conversation, item: Item) -> None:
        """The customer would rather go on with the assistant than wait."""
        await self._shown.hear(conversation, item)
        try:
            await self._people.release(conversation.id)
        except (EscalationUnavailable, httpx.HTTPStatusError):
            log.warning("release of contact %s not delivered", conversation.id)
        after = conversation.model_copy(update={"mode": "bot", "agent_name": None, "answered": item.message_id})
        reference = conversation.ticket.reference if conversation.ticket else ""
        note = noted(self._say(conversation, "say.back_with_bot", reference=reference))
        await self._shown.show(conversation, after, [transcript.status(after), note])

    async def give_up(self, conversation: Conversation, item: Item) -> None:
        """Nobody could be asked: people get the message."""
        turn = transcript.heard_turn(conversation, item)
        if item.kind == "file":
            await self._shown.trail.append(turn)
        elif item.kind == "text":
            await self._shown.trail.append(turn)
            await self._handover.bot_is_silent(self._having_written(conversation, item, turn), turn)

    async def _tell(self, conversation: Conversation, key: str, **values: object) -> None:
        await self._shown.show(conversation, conversation, [noted(self._say(conversation, key, **values))])

    def _say(self, conversation: Conversation, key: str, **values: object) -> str:
        return self._words.say(conversation.language, key, **values)

    def _having_written(self, conversation: Conversation, item: Item, turn: Turn) -> Conversation:
        is_told = item.kind == "text" and turn.text != transcript.MASKED
        problem = item.text[: session.PROBLEM_CHARS] if is_told else conversation.problem
        changes = {"wrote": True, "problem": problem, "active_at": now()}
        return conversation.model_copy(update=changes)
