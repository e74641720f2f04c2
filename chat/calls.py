"""A telephone call goes on in the chat: the same contact, what was said, and where it stood."""

from typing import Protocol

from chat import session, transcript
from chat.event import Event
from chat.reception import Reception
from chat.session import Conversation, Mode, Opened
from chat.store import Store
from chat.transcript import MASKED, noted, now
from chat.wording import Words
from escalation.client import Continued, EscalationUnavailable, Turn


class Links(Protocol):
    """What of `escalation.client.EscalationClient` knows the links."""

    async def follow_chat_link(self, token: str) -> Continued | None: ...


class Calls:
    def __init__(self, links: Links, store: Store, reception: Reception, words: Words) -> None:
        self._links = links
        self._store = store
        self._reception = reception
        self._words = words

    async def follow(self, token: str, address: str) -> Opened | None:
        """The call's conversation, for the one who follows its link; None: it was followed before, is too old, or
        cannot be looked up now. Raises TooFast."""
        await self._reception.pace_address(address)
        try:
            call = await self._links.follow_chat_link(token)
        except EscalationUnavailable:
            return None
        if call is None:
            return None
        opened = session.open_conversation(call.contact_id, self._words.known(call.language), now())
        conversation = going_on(opened.conversation, call)
        if await self._store.load(call.contact_id) is None:
            await self._store.create(conversation)
            await self._store.write(conversation, conversation, self._events(conversation, call))
        else:  # another link of the same call: whoever came by the first one has gone elsewhere
            await self._store.create(conversation)
        return Opened(conversation, opened.token)

    def _events(self, conversation: Conversation, call: Continued) -> list[Event]:
        """The turns are on the record already: they are shown, and not recorded again."""
        language = conversation.language
        events = [noted(self._words.say(language, "say.from_call"))]
        events += [shown(turn) for turn in call.turns if is_shown(turn)]
        events.append(noted(self._words.say(language, f"say.call_goes_on_{conversation.mode}")))
        if call.ticket:
            events.append(transcript.ticket(call.ticket))
        return [*events, transcript.status(conversation, queue_position=call.queue_position)]


def going_on(conversation: Conversation, call: Continued) -> Conversation:
    """Whoever was waiting for a person waits here; everybody else has the assistant, which remembers."""
    mode: Mode = "bot"
    if call.ticket and call.live:
        mode = "agent" if call.ticket.agent_name else "waiting"
    said = [turn for turn in call.turns if turn.author == "customer"]
    return conversation.model_copy(
        update={
            "ticket": call.ticket,
            "mode": mode,
            "agent_name": call.ticket.agent_name if call.ticket and mode == "agent" else None,
            "accepted": (call.ticket.reference,) if call.ticket and mode == "agent" else (),
            "wrote": bool(said),
        }
    )


def is_shown(turn: Turn) -> bool:
    """What was said; not our notes about the line, and not what was never understood."""
    return turn.author in {"customer", "bot", "agent"} and "miss" not in turn.about


def shown(turn: Turn) -> Event:
    hidden = turn.author == "customer" and turn.text == MASKED
    more = {"message_id": f"call-{turn.turn_id}", "masked": hidden} if turn.author == "customer" else {}
    data = {"author": turn.author, "text": turn.text, "choices": [], "about": {}, "at": turn.at.isoformat(), **more}
    return Event("message", data)
