"""The parts of the chat put together over one Redis, and what runs beside the requests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from redis.asyncio import Redis

import background
from bot.client import BotClient
from chat.attachments import Attachments, Files
from chat.calls import Calls, Links
from chat.closing import told_of_the_end
from chat.ending import Ending
from chat.handover import Desk, Handover
from chat.inbox import Inbox
from chat.live import Events, Live
from chat.login import Login, Logins
from chat.post import Messages, Post
from chat.reception import Reception
from chat.relay import Bot, Patience, People, Relay
from chat.store import Store
from chat.transcript import Outbox, Transcript
from chat.typing_signs import Signs, TypingSigns
from chat.wording import Words
from escalation.client import EscalationClient, Trail
from outbound.client import OutboundClient
from settings import Settings

CONNECTIONS = 1000
READERS = 10_000  # one for each open page


class Assistant(Bot, Logins, Protocol):
    """`bot.client.BotClient`, as far as the chat needs it."""


class Escalation(Desk, Events, Files, Links, People, Signs, Protocol):
    """`escalation.client.EscalationClient`, as far as the chat needs it."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Whom the chat talks to."""

    bot: Assistant
    escalation: Escalation
    trail: Outbox
    messages: Messages


@dataclass(frozen=True, slots=True)
class Front:
    store: Store
    reception: Reception
    attachments: Attachments
    calls: Calls
    login: Login
    post: Post
    ending: Ending
    inbox: Inbox
    typing: TypingSigns
    words: Words
    zone: ZoneInfo  # whose times are told
    closing: asyncio.Event  # set when the program is about to stop


Connect = Callable[[Settings, Redis, AsyncExitStack], Doors]


def connect(settings: Settings, redis: Redis, stack: AsyncExitStack) -> Doors:
    """The running product's doors; they are closed with the stack."""
    bot = BotClient.connect(settings)
    escalation = EscalationClient.connect(settings, redis)
    stack.push_async_callback(bot.aclose)
    stack.push_async_callback(escalation.aclose)
    messages = OutboundClient.connect(settings)
    stack.push_async_callback(messages.aclose)
    return Doors(bot=bot, escalation=escalation, trail=Trail(redis, "chat", escalation), messages=messages)


@asynccontextmanager
async def running(
    settings: Settings, words: Words, connect_doors: Connect, patience: Patience | None
) -> AsyncIterator[Front]:
    """Everything the requests need, with the trail, the live events, the inboxes and the endings at work."""
    async with AsyncExitStack() as stack:
        closing = stack.enter_context(told_of_the_end())
        redis = await stack.enter_async_context(_redis(settings, CONNECTIONS))
        readers = await stack.enter_async_context(_redis(settings, READERS))
        doors = connect_doors(settings, redis, stack)
        store = Store(redis, readers)
        shown = Transcript(store, doors.trail)
        zone = ZoneInfo(settings.firstline_timezone)
        handover = Handover(doors.escalation, shown, store, words, zone)
        relay = Relay(
            doors.bot,
            doors.escalation,
            handover=handover,
            shown=shown,
            store=store,
            words=words,
            max_chars=settings.message_max_chars,
            patience=patience or Patience(give_up_s=settings.bot_give_up_s),
        )
        inbox = Inbox(store, relay)
        ending = Ending(store, inbox, handover, shown)
        live = Live(doors.escalation, shown, store, words)
        typing = TypingSigns(doors.escalation, store)
        stack.push_async_callback(inbox.stop)
        work = (doors.trail.run(), live.run(), inbox.run(), ending.run(), typing.run())
        await stack.enter_async_context(background.running(*work))
        reception = Reception(store, inbox, shown, words, settings)
        attachments = Attachments(doors.escalation, reception, words)
        calls = Calls(doors.escalation, store, reception, words)
        login = Login(doors.bot, store, inbox, reception)
        post = Post(doors.messages, store, reception, words, zone)
        yield Front(store, reception, attachments, calls, login, post, ending, inbox, typing, words, zone, closing)


def _redis(settings: Settings, connections: int) -> Redis:
    """Without a socket timeout: reads wait for news, and a dead server breaks the connection anyway."""
    return Redis.from_url(
        settings.redis_url,
        decode_responses=True,
        max_connections=connections,
        socket_timeout=None,
        socket_keepalive=True,
    )
