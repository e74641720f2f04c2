"""The telephone side of a ticket's page: the promised callback with its attempts, and the caller's messages to hear."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from console.desk import Desk
from console.gate import Me
from console.render import is_fragment, page
from escalation.client import PersonsOutcome

router = APIRouter()

RecordingSid = Annotated[str, Path(pattern="^RE[0-9a-fA-F]{32}$")]


@router.get("/tickets/{reference}/phone")
async def show(request: Request, me: Me, reference: str) -> Response:
    return await _shown(request, me.username, reference)


@router.post("/tickets/{reference}/callback/attempts")
async def attempted(request: Request, me: Me, reference: str, outcome: Annotated[PersonsOutcome, Form()]) -> Response:
    """Somebody tried to call back, and how that went."""
    await _desk(request).callback_attempted(me.username, reference, outcome)
    if not is_fragment(request):
        return RedirectResponse(f"{request.scope.get('root_path', '')}/tickets/{reference}", status_code=303)
    return await _shown(request, me.username, reference)


@router.get("/tickets/{reference}/voicemails/{recording_sid}")
async def hear(request: Request, me: Me, reference: str, recording_sid: RecordingSid) -> Response:
    """Only through this server, only for who is signed in, and not kept by the browser."""
    sound = await _desk(request).voicemail_audio(me.username, reference, recording_sid)
    return Response(sound, media_type="audio/wav", headers={"Cache-Control": "no-store"})


async def _shown(request: Request, username: str, reference: str) -> Response:
    side = await _desk(request).phone_side(username, reference)
    return page(request, "phone.html", side=side, reference=reference)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk
