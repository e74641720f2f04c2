"""Paths of calls that we make: the telephone tells what became of each."""

from uuid import UUID

from fastapi import APIRouter

from escalation.calls import answering, dialling
from escalation.calls.call_wire import CallAbout, CallAnswer, CallAnswered, CallEnded
from escalation.contact_api import OfficeOf

router = APIRouter(prefix="/escalation/v1/calls", tags=["telephone"])


@router.post("/{call_id}/picked-up")
async def picked_up(call_id: UUID, office: OfficeOf) -> CallAbout | None:
    return await answering.picked_up(office, call_id)


@router.post("/{call_id}/answer")
async def answer(call_id: UUID, given: CallAnswer, office: OfficeOf) -> CallAnswered:
    return await answering.answered(office, call_id, given.answer)


@router.post("/{call_id}/ended", status_code=204)
async def ended(call_id: UUID, how: CallEnded, office: OfficeOf) -> None:
    await dialling.ended(office, call_id, how.outcome, call_sid=how.call_sid)
