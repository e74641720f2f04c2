"""A copy of a conversation by e-mail: to the address the customer gives, and never often enough to annoy anybody."""

import hashlib
import re
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

import httpx

from chat.copy import text_copy
from chat.errors import MailAway, NoAddress, TooManyCopies
from chat.reception import Reception
from chat.session import Conversation
from chat.store import Store
from chat.wording import Words
from outbound.client import OutboundUnavailable

ADDRESS = re.compile(r"[^@\s<>,;:\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
A_DAY_S = 24 * 3600
COPIES = 3  # of one conversation in a day
TO_ONE_ADDRESS = 5  # in a day, whoever asks: the chat must not become a way to write to strangers
FROM_ONE_ADDRESS = 10  # of the network, in a day


class Messages(Protocol):
    """The part of `outbound.client.OutboundClient` that the chat needs."""

    async def send(self, *, to: str, text: str, key: str, kind: Literal["transcript"]) -> None: ...


class Post:
    def __init__(self, messages: Messages, store: Store, reception: Reception, words: Words, zone: ZoneInfo) -> None:
        self._messages = messages
        self._store = store
        self._reception = reception
        self._words = words
        self._zone = zone

    async def send_copy(self, conversation: Conversation, to: str, address: str) -> None:
        """Everything said until now. Raises NoAddress, TooManyCopies, TooFast, or MailAway when it was not accepted."""
        to = to.strip().lower()
        if not to.isascii() or not ADDRESS.fullmatch(to):
            raise NoAddress
        await self._reception.pace(conversation, address)
        limits = {f"of:{conversation.id}": COPIES, f"to:{to}": TO_ONE_ADDRESS, f"from:{address}": FROM_ONE_ADDRESS}
        names = [f"copy:{hashlib.sha256(name.encode()).hexdigest()[:24]}" for name in limits]
        counted = await self._store.count_for(names, A_DAY_S)
        if any(times > limit for times, limit in zip(counted, limits.values(), strict=True)):
            raise TooManyCopies
        events = await self._store.events(conversation.id)
        text = text_copy(conversation, events, self._words, self._zone)
        key = f"chat-copy-{conversation.id}-{counted[0]}"
        try:
            await self._messages.send(to=to, text=text, key=key, kind="transcript")
        except (OutboundUnavailable, httpx.HTTPStatusError) as error:
            raise MailAway from error
