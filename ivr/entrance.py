"""Who calls: the form of a webhook that Twilio signed; anything else is refused before anything is done."""

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request, Response
from starlette.datastructures import ImmutableMultiDict

from ivr import voice
from ivr.meaning import number_in
from ivr.signature import Signature

CALL_SID = r"[A-Za-z0-9]{1,64}"
MESSAGE_SID = r"(SM|MM)[0-9a-fA-F]{32}"
OVER = {"completed", "busy", "failed", "no-answer", "canceled"}  # what a call's status may be at its end
MOST_BYTES = 64 * 1024
MOST_FIELDS = 200
MOST_RECORDED_S = 3600
E164 = re.compile(r"\+[1-9]\d{6,14}")
WITHHELD = {"+266696687", "+7378742833", "+2562533", "+8566696", "+86282452253"}  # Twilio's ways to say "no number"

Form = ImmutableMultiDict[str, str]


class Caller:
    """The customer, out of a webhook's form: who calls, or whom we have called.

    A withheld, SIP or client number is no telephone number.
    """

    def __init__(self, form: Mapping[str, str]) -> None:
        self.call_sid = form.get("CallSid", "")
        number = form.get("To" if form.get("Direction", "").startswith("outbound") else "From", "").strip()
        self.number = number if E164.fullmatch(number) and number not in WITHHELD else None


async def genuine_form(request: Request) -> Form:
    """The form of a webhook that Twilio signed; anything else is refused before anything is done."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(403)
    try:
        fields = parse_qsl(bytes(body).decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(403) from error
    form = Form(fields)
    signature: Signature = request.app.state.signature
    if not signature.is_genuine(request, form):
        raise HTTPException(403)
    return form


async def _of_call(form: Annotated[Form, Depends(genuine_form)]) -> Form:
    if not re.fullmatch(CALL_SID, form.get("CallSid", "")):
        raise HTTPException(400)
    return form


async def _of_text(form: Annotated[Form, Depends(genuine_form)]) -> Form:
    if not re.fullmatch(MESSAGE_SID, form.get("MessageSid", "")):
        raise HTTPException(400)
    return form


Signed = Annotated[Form, Depends(_of_call)]
SignedText = Annotated[Form, Depends(_of_text)]


def seconds(form: Form) -> int:
    """How long a recording is; 0 when the form does not say."""
    return number_in(form.get("RecordingDuration", ""), MOST_RECORDED_S)


def twiml(document: str) -> Response:
    return Response(document, media_type=voice.CONTENT_TYPE)
