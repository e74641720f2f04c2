"""The part of the door on which a call goes on in the chat."""

from typing import ClassVar
from uuid import UUID

from escalation.chat_links.chat_link_wire import TOKEN_CHARS, ChatLink, Continued
from escalation.link import Link


class ChatLinkClient:
    """What `escalation.client.EscalationClient` can do with such links; it owns the link to escalation."""

    NO_CONTACT: ClassVar[frozenset[int]] = frozenset({404})

    _link: Link

    async def chat_link(self, contact_id: UUID, *, keeps_place: bool = False) -> str:
        """An address for the caller alone: it holds for half an hour and is good once.

        `keeps_place`: whoever follows it goes on waiting for a person. Raises EscalationRefused(404) for a contact
        that has not arrived yet.
        """
        path = f"/escalation/v1/contacts/{contact_id}/chat-links"
        reply = await self._link.post(path, {"keeps_place": keeps_place}, refusals=self.NO_CONTACT)
        return ChatLink.model_validate_json(reply.content).url

    async def follow_chat_link(self, token: str) -> Continued | None:
        """None alike for a token that is unknown, too old, or was followed before."""
        reply = await self._link.post("/escalation/v1/chat-links/followed", {"token": token[:TOKEN_CHARS]})
        return Continued.model_validate_json(reply.content) if reply.content != b"null" else None
