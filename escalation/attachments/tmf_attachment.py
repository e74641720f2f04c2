"""What is in an attachment, for a client that may read conversations."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from escalation.access import InteractionReader
from escalation.attachments import keeping
from escalation.attachments.tmf_reference import PATH
from escalation.contact_api import OfficeOf
from escalation.errors import NotFound

router = APIRouter(tags=["TMF683 party interaction"])


@router.get(PATH)
async def content(contact_id: UUID, attachment_id: UUID, office: OfficeOf, caller: InteractionReader) -> Response:
    """A caller with tickets of its own alone has no conversations."""
    if caller.own:
        raise NotFound("No such attachment")
    file = await keeping.of_customer(office, contact_id, attachment_id)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
