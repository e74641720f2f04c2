"""TMF683 Party Interaction v4, read: one conversation or call with everything said in it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import select

from escalation import reading
from escalation.access import InteractionReader
from escalation.contact_api import OfficeOf
from escalation.errors import NotFound
from escalation.reading import Read, What
from escalation.records import ContactRecord, TicketRecord, TurnRecord
from escalation.store import turns_of
from escalation.tmf import INTERACTION_PATH, PATH, only
from escalation.tmf621 import Fields

router = APIRouter(tags=["TMF683 party interaction"])


@router.get(f"{INTERACTION_PATH}/{{contact_id}}")
@router.get(f"{INTERACTION_PATH}/{{contact_id}}/", include_in_schema=False)
async def get(
    contact_id: str, request: Request, office: OfficeOf, caller: InteractionReader, fields: Fields = None
) -> JSONResponse:
    """A caller with tickets of its own alone has no conversations: those are never filed by machines."""
    try:
        key = UUID(contact_id)
    except ValueError:
        raise NotFound(f"No party interaction {contact_id[:80]}") from None
    async with office.sessions.begin() as session:
        contact = await session.get(ContactRecord, key)
        if contact is None or caller.own:
            raise NotFound(f"No party interaction {contact_id[:80]}")
        turns = await turns_of(session, key)
        tickets = await session.scalars(
            select(TicketRecord).where(TicketRecord.contact_id == key, TicketRecord.deleted_at.is_(None))
        )
        found = list(tickets)
        references = [ticket.reference for ticket in found]
        read = Read(reader=caller.name, what=What.TMF_INTERACTION, tickets=references, contacts=[key])
        await reading.record(office, session, read)
        resource = _interaction(contact, turns, found, request.app.state.public_url)
    return JSONResponse(only(resource, fields))


def _interaction(
    contact: ContactRecord, turns: list[TurnRecord], tickets: list[TicketRecord], base_url: str
) -> dict[str, Any]:
    period = {"startDateTime": contact.started_at.isoformat()}
    if contact.ended_at is not None:
        period["endDateTime"] = contact.ended_at.isoformat()
    changed = contact.ended_at or contact.started_at
    return {
        "id": str(contact.id),
        "href": f"{base_url}{INTERACTION_PATH}/{contact.id}",
        "creationDate": contact.started_at.isoformat(),
        "description": f"{contact.channel} contact",
        "direction": "inbound",
        "reason": contact.outcome or "open",
        "status": "completed" if contact.ended_at is not None else "inProgress",
        "statusChangeDate": changed.isoformat(),
        "channel": [{"id": contact.channel, "href": f"{base_url}/{contact.channel}", "name": contact.channel}],
        "interactionDate": period,
        "note": [
            {"id": turn.turn_id, "author": turn.author, "date": turn.at.isoformat(), "text": turn.text}
            for turn in turns
        ],
        "interactionItem": [
            {
                "id": ticket.reference,
                "creationDate": ticket.created_at.isoformat(),
                "reason": ticket.category,
                "resolution": ticket.status,
                "item": {
                    "id": str(ticket.id),
                    "href": f"{base_url}{PATH}/{ticket.id}",
                    "name": ticket.reference,
                    "role": "ticket",
                    "@referredType": "TroubleTicket",
                },
            }
            for ticket in tickets
        ],
        "@type": "PartyInteraction",
    }
