"""A link is made for the caller of a contact, holds for a while, and is followed once: then the contact is a chat."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork
from escalation.chat_links.chat_link_record import ChatLinkRecord
from escalation.chat_links.chat_link_wire import ChatLink, Continued
from escalation.errors import NotFound
from escalation.events import tell_staff
from escalation.office import Office
from escalation.phone_records import CallbackRecord
from escalation.reception import open_cases
from escalation.records import ContactRecord
from escalation.store import Case, turns_of
from escalation.views import ticket_view, turn_view
from escalation.waiting import queue_position

HOLDS = timedelta(minutes=30)  # as long as a silent conversation lives
TOKEN_BYTES = 16
# The token is in the fragment, which no browser sends: it is in no log, and what fetches links in messages to show
# them beforehand does not use it up.
PAGE = "/chat/#go-on="


async def make(office: Office, contact_id: UUID, *, keeps_place: bool) -> ChatLink:
    """Raises NotFound for a contact that never began."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    async with office.change() as session:
        if await session.get(ContactRecord, contact_id) is None:
            raise NotFound("no such contact")
        session.add(
            ChatLinkRecord(
                digest=_digest(token),
                contact_id=contact_id,
                keeps_place=keeps_place,
                expires_at=office.now() + HOLDS,
            )
        )
    return ChatLink(url=f"{office.public_url}{PAGE}{token}")


async def follow(office: Office, token: str) -> Continued | None:
    """The contact is a chat from now on, and open. None alike for a link that is unknown, too old or followed."""
    async with office.change() as session:
        link = await session.get(ChatLinkRecord, _digest(token), with_for_update=True)
        if link is None or link.followed_at is not None or office.now() >= link.expires_at:
            return None
        link.followed_at = office.now()
        contact = await session.get_one(ContactRecord, link.contact_id)
        contact.channel, contact.ended_at = "chat", None
        cases = await open_cases(session, contact.id)
        newest = cases[-1] if cases else None
        if newest is not None:
            await _go_on(office, session, newest, keeps_place=link.keeps_place)
        turns = await turns_of(session, contact.id)
        ticket = ticket_view(newest.ticket, newest.clocks, office.policy.people) if newest else None
        return Continued(
            contact_id=contact.id,
            language=contact.language,
            turns=tuple(turn_view(turn) for turn in turns),
            ticket=ticket,
            live=bool(newest and newest.ticket.live),
            queue_position=await queue_position(session, newest.ticket) if newest else None,
        )


async def _go_on(office: Office, session: AsyncSession, case: Case, *, keeps_place: bool) -> None:
    """Who stood in the queue stands there again, at the place they had; nobody need call them back."""
    ticket, now = case.ticket, office.now()
    case.audit(now, "customer", "went_on_in_chat", "by the link of the call")
    if keeps_place:
        ticket.live, ticket.live_since = True, ticket.live_since or now
        if ticket.assignee is None:
            clockwork.ask_within(case, now + office.policy.sla.accept_within)
        callback = await session.get(CallbackRecord, ticket.id)
        if callback is not None and not callback.attempts:
            await session.delete(callback)
    tell_staff(office, case, "went_on_in_chat")
    await session.flush()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
