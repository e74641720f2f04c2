"""A customer who is logged in at the operator's site is known here too, by the site's signed token."""

from typing import Protocol
from uuid import UUID, uuid4

from bot.client import BotUnavailable
from chat.errors import LoginAway, NotLoggedIn, SomebodyElses
from chat.event import Item
from chat.inbox import Inbox
from chat.reception import Reception
from chat.session import Conversation
from chat.store import Store

ASKED = {"secret", "offer"}  # what the assistant waits for while it asks who somebody is


class Logins(Protocol):
    """What of `bot.client.BotClient` checks a token; nothing of it reaches the assistant."""

    async def log_in(self, contact_id: UUID, token: str) -> str: ...


class Login:
    def __init__(self, bot: Logins, store: Store, inbox: Inbox, reception: Reception) -> None:
        self._bot = bot
        self._store = store
        self._inbox = inbox
        self._reception = reception

    async def take(self, conversation: Conversation, token: str, address: str) -> None:
        """From now on the conversation is this customer's; what the assistant asked for meanwhile, it has.

        Raises NotLoggedIn for a token that is not believed, SomebodyElses in a conversation that is another
        customer's, LoginAway while it cannot be checked, and TooFast.
        """
        await self._reception.pace(conversation, address)
        try:
            outcome = await self._bot.log_in(conversation.id, token)
        except BotUnavailable as error:
            raise LoginAway from error
        if outcome == "other":
            raise SomebodyElses
        if outcome == "refused":
            raise NotLoggedIn
        current = await self._store.load(conversation.id) or conversation
        if outcome != "known" and current.expects in ASKED:
            await self._store.put(conversation.id, Item(kind="login", message_id=uuid4().hex))
            self._inbox.wake(conversation.id)
