"""How a conversation ends: the visitor says so, leaves, or falls silent; its outcome, and a rating, are stored."""

import asyncio
import logging
from uuid import UUID

from redis import RedisError

from chat import session, transcript
from chat.errors import NotOver
from chat.handover import Handover
from chat.inbox import Inbox, LockLost
from chat.session import Conversation
from chat.store import Store
from chat.transcript import Transcript, now

log = logging.getLogger(__name__)

LOOK_S = 10.0


class Ending:
    def __init__(self, store: Store, inbox: Inbox, handover: Handover, shown: Transcript) -> None:
        self._store = store
        self._inbox = inbox
        self._handover = handover
        self._shown = shown

    async def end(self, conversation: Conversation, *, by_customer: bool) -> None:
        """A hand-over in the middle is made and the outcome goes on the trail.

        Pages are told that it is over when the customer wanted it so, else that it was put aside: a visitor who comes
        back after a while just goes on.
        """
        if conversation.ended_at is not None:
            return
        outcome = session.outcome(await self._handover.visitor_left(conversation))
        current = await self._store.load(conversation.id) or conversation
        ended = current.model_copy(update={"ended_at": now(), "expects": "", "episode": None})
        told = transcript.status(ended) if by_customer else transcript.expiring(None, ended=True)
        await self._shown.show(current, ended, [told])
        await self._shown.trail.finish(conversation.id, outcome)

    async def stay(self, conversation: Conversation) -> None:
        """The customer is still there: the silence begins anew, and every open page takes its warning away."""
        after = conversation.model_copy(update={"active_at": now()})
        await self._shown.show(conversation, after, [transcript.expiring(None)])

    async def rate(self, conversation: Conversation, satisfaction: int) -> None:
        """How satisfied the customer was, 1 to 5; said again, the last word counts. Raises `NotOver`."""
        if conversation.ended_at is None:
            raise NotOver
        await self._shown.trail.finish(conversation.id, session.outcome(conversation), satisfaction=satisfaction)

    async def run(self) -> None:
        """Looks for conversations that are over and for hand-overs still owed; never ends."""
        while True:
            try:
                async for contact_id in self._store.open_ids():
                    await self._look_at(contact_id)
            except (RedisError, LockLost):
                log.warning("open conversations cannot be looked at, trying again")
            await asyncio.sleep(LOOK_S)

    async def _look_at(self, contact_id: UUID) -> None:
        conversation = await self._store.load(contact_id)
        if conversation is None:
            await self._store.forget(contact_id)
            return
        is_over, must_warn = session.is_over(conversation, now()), session.must_warn(conversation, now())
        if conversation.owed is None and not is_over and not must_warn:
            return
        async with self._inbox.held(contact_id) as held:
            current = await self._store.load(contact_id) if held else None
            if current is None:
                return
            await self._settle(current)
            if session.is_over(current, now()):
                await self.end(await self._store.load(contact_id) or current, by_customer=False)
            elif session.must_warn(current, now()):
                warned = current.model_copy(update={"warned_at": now()})
                await self._shown.show(current, warned, [transcript.expiring(session.ends_at(current))])
        self._inbox.wake(contact_id)  # what came in while we held the lock

    async def _settle(self, conversation: Conversation) -> None:
        if not await self._handover.settle(conversation):
            log.warning("hand-over of contact %s is still owed", conversation.id)
