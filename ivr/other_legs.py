"""Webhooks beside the caller's own leg: the agent's, finished recordings, their transcripts, text messages; and the
hold tone.
"""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from redis import RedisError

from escalation.client import EscalationUnavailable
from ivr import voice
from ivr.entrance import CALL_SID, Form, Signed, SignedText, seconds, twiml
from ivr.exchange import Exchange
from ivr.tone import hold_tone
from outbound.client import OutboundUnavailable

MOST_TRANSCRIPT_CHARS = 8000

router = APIRouter()

CallOf = Annotated[str, Query(pattern=f"^{CALL_SID}$")]  # the caller's leg, named in the address of the agent's


@router.post("/whisper")
async def whisper(request: Request, _form: Signed, call: CallOf, step: int) -> Response:
    try:
        return twiml(await _exchange(request).legs.whisper(call, step))
    except RedisError:  # nothing can be told or kept: the person has the call
        return twiml(voice.nothing_more())


@router.post("/pressed")
async def pressed(request: Request, form: Signed, call: CallOf, step: int, asked: int = 1) -> Response:
    try:
        return twiml(await _exchange(request).legs.pressed(call, step, form.get("Digits", ""), asked))
    except RedisError:
        return twiml(voice.nothing_more())


@router.post("/recording")
async def recording(request: Request, form: Signed) -> Response:
    if form.get("RecordingStatus", "completed") == "completed":
        await _arrived(request, form, length_s=seconds(form))
    return twiml(voice.nothing_more())


@router.post("/transcript")
async def transcript(request: Request, form: Signed) -> Response:
    if form.get("TranscriptionStatus") == "completed":
        await _arrived(request, form, transcript=form.get("TranscriptionText", "")[:MOST_TRANSCRIPT_CHARS])
    return twiml(voice.nothing_more())


@router.post("/sms")
async def sms(request: Request, form: SignedText) -> Response:
    """503 makes the network try once more, where that is asked for; the message's id makes it one message."""
    try:
        return twiml(voice.text(await _exchange(request).inbox.take(form)))
    except (EscalationUnavailable, OutboundUnavailable) as error:
        raise HTTPException(503) from error


@router.get("/hold.wav")
def hold_wav() -> Response:
    return Response(hold_tone(), media_type="audio/wav", headers={"Cache-Control": "public, max-age=86400"})


async def _arrived(request: Request, form: Form, *, length_s: int = 0, transcript: str | None = None) -> None:
    """503 makes the network report it again."""
    exchange = _exchange(request)
    try:
        contact_id = await exchange.webhooks.contact_of(form["CallSid"])
        if contact_id is not None:
            sid = form.get("RecordingSid", "")
            await exchange.recordings.arrived(contact_id, sid, length_s=length_s, transcript=transcript)
    except RedisError as error:
        raise HTTPException(503) from error


def _exchange(request: Request) -> Exchange:
    exchange: Exchange = request.app.state.exchange
    return exchange
