"""Everything shown in a conversation, on its event stream and, as turns of the contact, on the trail to escalation."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from bot.client import BotMessage, hides
from chat.event import Event, Item, Stored
from chat.session import Conversation
from chat.store import Store
from escalation.client import Attachment, ContactStart, Outcome, TicketView, Turn

MASKED = "[account fact]"


class Outbox(Protocol):
    """`escalation.client.Trail`: takes turns at once and delivers them when it can."""

    async def start(self, contact: ContactStart) -> None: ...
    async def append(self, *turns: Turn) -> None: ...
    async def finish(self, contact_id: UUID, outcome: Outcome, *, satisfaction: int | None = None) -> None: ...
    async def copied(self, contact_id: UUID) -> None: ...
    async def run(self) -> None: ...


class Transcript:
    def __init__(self, store: Store, trail: Outbox) -> None:
        self._store = store
        self.trail = trail

    async def show(self, before: Conversation, after: Conversation, events: Sequence[Event] = ()) -> Conversation:
        """Shows the events and remembers what changed, in one step; then the turns go on the trail."""
        await self._trail(after.id, await self._store.write(before, after, events))
        return after

    async def show_once(self, contact_id: UUID, key: str, event: Event) -> None:
        """Shows the event unless `key` has shown one before; on the trail it is under `key`, as often as asked."""
        stored, _ = await self._store.add_once(contact_id, key, event, event, None)
        await self._trail(contact_id, [stored], turn_id=key)

    async def trail_again(self, contact_id: UUID, *, after: str) -> None:
        """Puts what was shown after an event on the trail once more: a repeat is ignored there."""
        shown = await self._store.events(contact_id, after=after)
        await self._trail(contact_id, [each for each in shown if each.event.data.get("author") in ("bot", "system")])

    async def hear(self, conversation: Conversation, item: Item) -> Turn:
        """The customer's turn, on the trail; an identifying fact is masked there and in the stream."""
        if hidden(conversation, item):
            await self._store.mask(conversation.id, item.event_id, heard(item, masked=True))
        turn = heard_turn(conversation, item)
        await self.trail.append(turn)
        return turn

    async def _trail(self, contact_id: UUID, shown: Sequence[Stored], turn_id: str = "") -> None:
        turns = [_turn(contact_id, each, turn_id or each.id) for each in shown if each.event.kind == "message"]
        if turns:
            await self.trail.append(*turns)


def _turn(contact_id: UUID, shown: Stored, turn_id: str) -> Turn:
    data = shown.event.data
    return Turn(
        contact_id=contact_id,
        turn_id=turn_id,
        author=data["author"],
        text=data["text"],
        at=datetime.fromisoformat(data["at"]),
        choices=tuple(data["choices"]),
        about=data["about"],
    )


def hidden(conversation: Conversation, item: Item) -> bool:
    """Whether what the customer wrote is shown and kept masked: everything where a fact is asked for."""
    return item.kind == "text" and conversation.expects in hidden_when(conversation, item.text)


def hidden_when(conversation: Conversation, text: str) -> tuple[str, ...]:
    """What the assistant may be expecting for the text to be masked."""
    secret = (
        each for each in ("secret", "voucher", "offer") if hides(text, expects=each, language=conversation.language)
    )
    return ("fact", *secret)


def heard_turn(conversation: Conversation, item: Item) -> Turn:
    text = MASKED if hidden(conversation, item) else item.text
    return Turn(
        contact_id=conversation.id, turn_id=item.turn_id, author="customer", text=text, at=now(), about=item.about
    )


def heard(item: Item, *, masked: bool = False) -> Event:
    """The customer's own message, as every open page shows it."""
    text = MASKED if masked else item.text
    return _message("customer", text, about=item.about, message_id=item.message_id, masked=masked)


def said(message: BotMessage) -> Event:
    return _message("bot", message.text, choices=message.choices, about=message.about, expects=message.expects)


def noted(text: str, *, choices: Sequence[str] = (), expects: str = "") -> Event:
    """A word of the front door itself. `expects`: what the assistant still waits for."""
    return _message("system", text, choices=choices, expects=expects or None)


def written(text: str, agent_name: str | None, at: datetime, attachment: Attachment | None = None) -> Event:
    told = {"id", "name", "media_type", "size_bytes"}
    about = {"attachment": attachment.model_dump(mode="json", include=told)} if attachment else None
    return _message("agent", text, at=at, about=about, agent_name=agent_name)


def status(conversation: Conversation, **more: Any) -> Event:
    """Who answers now."""
    ended = conversation.ended_at is not None
    return Event("status", {"mode": conversation.mode, "agent_name": conversation.agent_name, "ended": ended, **more})


def expiring(ends_at: datetime | None, *, ended: bool = False) -> Event:
    """The conversation ends then unless the customer goes on; None: it does not, or has (`ended`)."""
    return Event("expiring", {"ends_at": ends_at.isoformat() if ends_at else None, "ended": ended})


def ticket(view: TicketView) -> Event:
    return Event("ticket", view.model_dump(mode="json"))


def _message(
    author: Literal["customer", "bot", "agent", "system"],
    text: str,
    *,
    choices: Sequence[str] = (),
    about: dict[str, Any] | None = None,
    at: datetime | None = None,
    **more: Any,
) -> Event:
    data = {"author": author, "text": text, "choices": list(choices), "about": about or {}}
    return Event("message", {**data, "at": (at or now()).isoformat(), **more})


def now() -> datetime:
    return datetime.now(UTC)
