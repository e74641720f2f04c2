"""A conversation in the browser: what the chat remembers of it, and the rules about it."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.client import BotMessage
from escalation.client import HandOver, Outcome, Signals, TicketView

Mode = Literal["bot", "waiting", "agent"]

LEFT_AFTER = timedelta(minutes=2)  # no open page for this long: the visitor has gone
LEFT_PERSON_AFTER = timedelta(minutes=5)  # the same while a person is waited for or talked to
IDLE_AFTER = timedelta(minutes=30)  # nothing said for this long, while nobody is waited for
WARN_BEFORE = timedelta(minutes=2)  # and the customer is warned so long before; WCAG 2.2.1 asks for 20 s
NEW_QUESTION = {"article", "flow"}  # what a reply is about when it begins something that may be solved or not
PROBLEM_CHARS = 1000


class Episode(BaseModel):
    """A hand-over being collected: the same `key` always opens the same ticket."""

    model_config = ConfigDict(frozen=True)

    key: str
    signals: dict[str, Any] = {}


class OpenedTicket(BaseModel):
    """What the assistant reports once it has opened a ticket."""

    ticket: TicketView
    live: bool = False


class Owed(BaseModel):
    """A hand-over that escalation could not take yet."""

    model_config = ConfigDict(frozen=True)

    key: str
    signals: dict[str, Any]
    after_turn: str | None = None


class Conversation(BaseModel):
    """Frozen: a rule returns the next one, the store writes what differs."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    token_hash: str
    language: str
    started_at: datetime
    active_at: datetime  # when either side last said something
    seen_at: datetime  # when a page last had it open
    mode: Mode = "bot"
    expects: str = ""  # what the assistant wants next: a fact or a secret is masked wherever it is kept
    visitor: str = ""  # a digest of where the page is: who guesses, when facts are guessed
    episode: Episode | None = None
    ticket: TicketView | None = None
    agent_name: str | None = None
    accepted: tuple[str, ...] = ()  # references a person has taken
    problem: str = ""  # the customer's last words, facts excepted
    helped: bool = False  # the customer confirmed that it is solved
    wrote: bool = False
    silent_key: str = ""  # while the assistant is away: what its hand-over is keyed by
    answered: str = ""  # the message whose answer was shown last
    owed: Owed | None = None
    warned_at: datetime | None = None  # that it is about to end, because nothing was said
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Something is still to be done for it."""
        return self.ended_at is None or self.owed is not None


class Opened(NamedTuple):
    """A conversation just opened, and the only copy of its token."""

    conversation: Conversation
    token: str


def open_conversation(contact_id: UUID, language: str, now: datetime, *, visitor: str = "") -> Opened:
    token = secrets.token_urlsafe(32)
    conversation = Conversation(
        id=contact_id,
        token_hash=hashed(token),
        language=language,
        started_at=now,
        active_at=now,
        seen_at=now,
        visitor=visitor,
    )
    return Opened(conversation, token)


def hashed(token: str) -> str:
    """The token itself is kept nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()


def may_read(conversation: Conversation | None, token: str) -> bool:
    """Takes the same time whether the conversation is unknown or the token is wrong."""
    expected = conversation.token_hash if conversation else hashed("")
    return secrets.compare_digest(hashed(token), expected) and conversation is not None


def after_reply(conversation: Conversation, reply: Sequence[BotMessage], now: datetime) -> Conversation:
    """What the assistant's reply changes: what it expects, whether it helped, where a hand-over stands."""
    helped = conversation.helped
    for message in reply:
        if NEW_QUESTION & message.about.keys():
            helped = False
        helped = helped or message.closing
    told = {"expects": reply[-1].expects or "", "helped": helped, "silent_key": "", "active_at": now}
    changed = conversation.model_copy(update=told)
    for message in reply:
        if message.handover:
            changed = after_handover(changed, message.handover)
    return changed


def after_handover(conversation: Conversation, handover: Mapping[str, Any]) -> Conversation:
    """`handover` is the state the assistant reports: collecting, opened or dropped."""
    match handover.get("state"):
        case "collecting":
            return conversation.model_copy(update={"episode": Episode.model_validate(handover)})
        case "opened":
            opened = OpenedTicket.model_validate(handover)
            return handed_over(conversation, opened.ticket, live=opened.live)
        case _:
            return conversation.model_copy(update={"episode": None})


def handed_over(conversation: Conversation, ticket: TicketView, *, live: bool) -> Conversation:
    """A live hand-over waits for a person, unless that person is already here."""
    waits = live and ticket.reference not in conversation.accepted
    return conversation.model_copy(
        update={"ticket": ticket, "episode": None, "owed": None, "mode": "waiting" if waits else conversation.mode}
    )


def signals_for(
    conversation: Conversation, reason: Literal["bot_silent", "left"], *, live: bool, problem: str = ""
) -> Signals:
    """What was collected so far, completed by the customer's own words."""
    known = conversation.episode.signals if conversation.episode else {}
    words = known.get("problem") or problem or conversation.problem
    certain = {"reason": reason, "problem": words, "live": live}
    try:
        return Signals.model_validate({"category": "general", **known, **certain})
    except ValidationError:  # a detail cut short by the silence must not cost the ticket
        return Signals.model_validate({"category": "general", **certain})


def is_over(conversation: Conversation, now: datetime) -> bool:
    """The visitor has gone, or has said nothing for long while nobody is waited for."""
    if conversation.ended_at is not None:
        return False
    silent_for = now - conversation.active_at
    patience = LEFT_AFTER if conversation.mode == "bot" else LEFT_PERSON_AFTER
    if now - conversation.seen_at > patience and silent_for > patience:
        return True
    return conversation.mode == "bot" and silent_for > IDLE_AFTER


def ends_at(conversation: Conversation) -> datetime:
    """When it ends if nothing is said any more and the page stays open."""
    return conversation.active_at + IDLE_AFTER


def must_warn(conversation: Conversation, now: datetime) -> bool:
    """Once in each silence. Who waits for a person or talks to one is not ended for being silent."""
    if conversation.ended_at is not None or conversation.mode != "bot":
        return False
    warned = conversation.warned_at is not None and conversation.warned_at > conversation.active_at
    return not warned and now >= ends_at(conversation) - WARN_BEFORE


def outcome(conversation: Conversation) -> Outcome:
    """How the contact ended."""
    if conversation.mode == "waiting":
        return "wanted_person_got_none"
    if conversation.ticket or conversation.owed:
        return "handed_over"
    if conversation.helped:
        return "confirmed_solved"
    return "unconfirmed" if conversation.wrote else "dropped"


def by_when(handed: HandOver) -> datetime | None:
    """The moment promised to the customer: the first word from a person."""
    return handed.ticket.respond_by or handed.ticket.resolve_by
