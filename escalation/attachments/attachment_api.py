"""Paths of attachments: for the chat that takes and gives a customer's, for the console that shows and sends them."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from escalation.attachments import keeping, sending
from escalation.attachments.attachment_wire import Attachment, FileKey, FileName, KeptFile
from escalation.attachments.intake import Intake
from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName, Reference

router = APIRouter(prefix="/escalation/v1", tags=["attachments"])


def _intake_of(request: Request) -> Intake:
    intake: Intake = request.app.state.intake
    return intake


IntakeOf = Annotated[Intake, Depends(_intake_of)]


@router.post("/contacts/{contact_id}/attachments")
async def keep(  # noqa: PLR0917  # FastAPI passes by name
    contact_id: UUID,
    key: Annotated[FileKey, Query()],
    name: Annotated[FileName, Query()],
    request: Request,
    office: OfficeOf,
    intake: IntakeOf,
) -> Attachment:
    """The body is the file."""
    return await keeping.keep(office, intake, contact_id, key=key, name=name, content=await request.body())


@router.get("/contacts/{contact_id}/attachments/{attachment_id}")
async def of_customer(contact_id: UUID, attachment_id: UUID, office: OfficeOf) -> Response:
    return _whole(await keeping.of_customer(office, contact_id, attachment_id))


@router.post("/tickets/{reference}/attachments")
async def send(  # noqa: PLR0917  # FastAPI passes by name
    reference: Reference,
    name: Annotated[FileName, Query()],
    version: Annotated[int, Query(ge=1)],
    person: PersonName,
    request: Request,
    office: OfficeOf,
    intake: IntakeOf,
) -> Attachment:
    content = await request.body()
    return await sending.send(office, intake, person, reference, name=name, content=content, version=version)


@router.get("/tickets/{reference}/attachments/{attachment_id}")
async def of_ticket(
    reference: Reference, attachment_id: UUID, person: PersonName, office: OfficeOf, small: bool = False
) -> Response:
    return _whole(await keeping.of_ticket(office, person, reference, attachment_id, small=small))


def _whole(file: KeptFile) -> Response:
    headers = {"X-Firstline-File-Name": quote(file.name), "Cache-Control": "no-store"}
    return Response(file.content, media_type=file.media_type, headers=headers)
