"""Paths for the front doors and the assistant: contacts, their turns, hand-overs, a ticket's status."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Request

from escalation import handing_over, reception, status, typing_sign
from escalation.asks import Finished, HandOverAsked, StatusAsked, StatusFound, Turns
from escalation.office import Office
from escalation.origin import origin_of
from escalation.wire import ContactStart, HandOver, Waiting

router = APIRouter(prefix="/escalation/v1", tags=["contacts"])


async def keep_up(app: FastAPI) -> None:
    """What is published by now is in force for every request that comes. Raises SQLAlchemyError."""
    state = app.state
    before = state.in_force.office
    taken: Office = await state.in_force.look()
    if taken is not before:
        state.office = replace(state.office, policy=taken.policy)


async def any_office_of(request: Request) -> Office:
    """As it works for this request: with where it comes from. Its policy may be what is installed, no more."""
    office: Office = request.app.state.office
    return replace(office, origin=origin_of(request))


async def office_of(request: Request) -> Office:
    """Only with the policy that is in force: a program that began without the database has to ask for it first."""
    if not request.app.state.in_force.is_known:
        await keep_up(request.app)
    return await any_office_of(request)


OfficeOf = Annotated[Office, Depends(office_of)]
AnyOffice = Annotated[Office, Depends(any_office_of)]  # for those who tell that the database is away


@router.post("/contacts", status_code=204)
async def start_contact(start: ContactStart, office: OfficeOf) -> None:
    await reception.start_contact(office, start)


@router.post("/turns", status_code=204)
async def record(turns: Turns, office: OfficeOf) -> None:
    await reception.record(office, turns.turns)


@router.post("/contacts/{contact_id}/handovers")
async def hand_over(contact_id: UUID, asked: HandOverAsked, office: OfficeOf) -> HandOver:
    return await handing_over.hand_over(office, contact_id, asked)


@router.get("/contacts/{contact_id}/waiting")
async def waiting(contact_id: UUID, office: OfficeOf) -> Waiting | None:
    return await reception.waiting_of(office, contact_id)


@router.post("/contacts/{contact_id}/finish", status_code=204)
async def finish(contact_id: UUID, finished: Finished, office: OfficeOf) -> None:
    await reception.finish_contact(
        office,
        contact_id,
        finished.outcome,
        finished.satisfaction,
        channel=finished.channel,
        ask_rating=finished.ask_rating,
    )


@router.post("/contacts/{contact_id}/release", status_code=204)
async def release(contact_id: UUID, office: OfficeOf) -> None:
    await reception.release(office, contact_id)


@router.post("/contacts/{contact_id}/typing", status_code=204)
async def customer_types(contact_id: UUID, request: Request, office: OfficeOf) -> None:
    await typing_sign.customer_types(office, request.app.state.redis, contact_id)


@router.post("/tickets/status")
async def ticket_status(asked: StatusAsked, request: Request, office: OfficeOf) -> StatusFound:
    return StatusFound(ticket=await status.status_of(office, request.app.state.redis, asked))
