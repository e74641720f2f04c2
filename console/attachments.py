"""Files of a ticket's conversation: the customer's to look at, and ours to send. Nothing of them runs."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from console.desk import Desk
from console.gate import Me
from console.render import is_fragment
from console.ticket import Said, answered
from escalation.client import EscalationRefused, KeptFile

router = APIRouter()

MOST_BYTES = 20 * 1024 * 1024  # what the settings can allow; escalation keeps to what they do allow
REFUSED = {
    413: "Not sent: the file is too large.",
    415: "Not sent: only photos (JPEG, PNG, WebP) and PDF documents can be sent.",
    422: "Not sent: the file cannot be read, or the scanner refused it.",
}


@router.get("/tickets/{reference}/attachments/{attachment_id}")
async def show(request: Request, me: Me, reference: str, attachment_id: UUID) -> Response:
    """In a tab of its own. A picture is shown, a document downloaded: what it holds could run in a viewer."""
    return _file(await _desk(request).ticket_attachment(me.username, reference, attachment_id))


@router.get("/tickets/{reference}/attachments/{attachment_id}/small")
async def thumbnail(request: Request, me: Me, reference: str, attachment_id: UUID) -> Response:
    return _file(await _desk(request).ticket_attachment(me.username, reference, attachment_id, small=True))


@router.post("/tickets/{reference}/attachments")
async def send(
    request: Request, me: Me, reference: str, file: UploadFile, version: Annotated[int, Form(ge=1)]
) -> Response:
    """A reply with a file. A refusal says why, and nothing was sent."""
    try:
        content = await file.read(MOST_BYTES + 1)
        name = file.filename or ""
        await _desk(request).send_attachment(me.username, reference, name=name, content=content, version=version)
        said, status = Said("good", "The file is sent."), 200
    except EscalationRefused as refusal:
        if refusal.status == 404:
            raise
        said, status = Said("bad", REFUSED.get(refusal.status, f"Not sent. {refusal.detail}")), 409
    if not is_fragment(request):
        return RedirectResponse(f"{request.scope.get('root_path', '')}/tickets/{reference}", status_code=303)
    return await answered(request, me, reference, said=said, status=status)


def _file(file: KeptFile) -> Response:
    """Only for who is signed in, not kept by the browser, and as the type it was found to be."""
    how = "inline" if file.media_type.startswith("image/") else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
        "Cache-Control": "no-store",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk
