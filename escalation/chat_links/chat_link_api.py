"""Paths of the links: the telephone has one made, the chat follows it."""

from uuid import UUID

from fastapi import APIRouter

from escalation.chat_links import following
from escalation.chat_links.chat_link_wire import ChatLink, ChatLinkAsked, Continued, Followed
from escalation.contact_api import OfficeOf

router = APIRouter(prefix="/escalation/v1", tags=["contacts"])


@router.post("/contacts/{contact_id}/chat-links")
async def make(contact_id: UUID, asked: ChatLinkAsked, office: OfficeOf) -> ChatLink:
    return await following.make(office, contact_id, keeps_place=asked.keeps_place)


@router.post("/chat-links/followed")
async def follow(followed: Followed, office: OfficeOf) -> Continued | None:
    return await following.follow(office, followed.token)
