"""Paths of the telephone: for the front door what became of lines and messages, for the console to hear them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from escalation import telephone, text_replies
from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName
from escalation.errors import TooLarge
from escalation.phone_wire import (
    MOST_AUDIO_BYTES,
    RECORDING_SID,
    AttemptMade,
    Brief,
    Callback,
    CallbackAsked,
    LineEnded,
    PhoneSide,
    Transcribed,
)
from escalation.text_wire import TextAnswer, TextReply

router = APIRouter(prefix="/escalation/v1", tags=["telephone"])

RecordingSid = Annotated[str, Path(pattern=f"^{RECORDING_SID}$")]
TicketReference = Annotated[str, Path(max_length=40)]


@router.post("/contacts/{contact_id}/lines", status_code=204)
async def line_ended(contact_id: UUID, ended: LineEnded, office: OfficeOf) -> None:
    await telephone.line_ended(office, contact_id, ended)


@router.post("/contacts/{contact_id}/callback")
async def promise_callback(contact_id: UUID, asked: CallbackAsked, office: OfficeOf) -> Callback:
    return await telephone.promise_callback(office, contact_id, asked)


@router.post("/contacts/{contact_id}/voicemails", status_code=204)
async def keep_voicemail(
    contact_id: UUID,
    recording_sid: Annotated[str, Query(pattern=f"^{RECORDING_SID}$")],
    length_s: Annotated[int, Query(ge=0, le=3600)],
    request: Request,
    office: OfficeOf,
) -> None:
    """The body is the sound."""
    audio = await request.body()
    if len(audio) > MOST_AUDIO_BYTES:
        raise TooLarge(f"a voicemail has at most {MOST_AUDIO_BYTES} bytes")
    await telephone.keep_voicemail(office, contact_id, recording_sid, length_s=length_s, audio=audio)


@router.post("/voicemails/{recording_sid}/transcript", status_code=204)
async def transcribe(recording_sid: RecordingSid, given: Transcribed, office: OfficeOf) -> None:
    await telephone.transcribe(office, recording_sid, given.text)


@router.post("/text-replies")
async def text_reply(reply: TextReply, office: OfficeOf) -> TextAnswer:
    return await text_replies.answer(office, reply)


@router.get("/contacts/{contact_id}/brief")
async def brief(contact_id: UUID, office: OfficeOf) -> Brief | None:
    return await telephone.brief_of(office, contact_id)


@router.get("/tickets/{reference}/phone")
async def phone_side(reference: TicketReference, person: PersonName, office: OfficeOf) -> PhoneSide:
    return await telephone.phone_side(office, person, reference)


@router.post("/tickets/{reference}/callback/attempts")
async def attempted(reference: TicketReference, made: AttemptMade, person: PersonName, office: OfficeOf) -> Callback:
    return await telephone.attempted(office, person, reference, made)


@router.get("/tickets/{reference}/voicemails/{recording_sid}")
async def audio(
    reference: TicketReference, recording_sid: RecordingSid, person: PersonName, office: OfficeOf
) -> Response:
    sound = await telephone.audio_of(office, person, reference, recording_sid)
    return Response(sound, media_type="audio/wav", headers={"Cache-Control": "no-store"})
