"""Paths of a conversation: opened, written to, followed, kept, ended and rated; its files."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from chat import pages, stream
from chat.copy import copy_of
from chat.entrance import Admitted, Here, address_of, body_of, bounded_body, check_origin
from chat.errors import FileTooLarge

MEGABYTE = 1024 * 1024

router = APIRouter()


class OpenIn(BaseModel):
    language: str | None = None
    link: Annotated[str | None, Field(max_length=200)] = None  # continues a telephone call


class OpenOut(BaseModel):
    conversation_id: UUID
    token: str
    language: str
    continued: bool = False  # it is the conversation of the call that the link was for


class MessageIn(BaseModel):
    text: str
    message_id: str


class MessageOut(BaseModel):
    message_id: str
    event_id: str


class LoginIn(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    token: Annotated[str, Field(min_length=1, max_length=8192, repr=False)]


class RatingIn(BaseModel):
    satisfaction: Annotated[int, Field(strict=True, ge=1, le=5)]  # 1 not at all, 5 very


class MailIn(BaseModel):
    address: Annotated[str, Field(max_length=254)]


class EndIn(BaseModel):
    left: bool = False  # the page was closed; it may be a reload


@router.post("/conversations", status_code=201)
async def open_conversation(request: Request, here: Here) -> OpenOut:
    check_origin(request)
    asked = await body_of(request, OpenIn)
    continued = await here.calls.follow(asked.link, address_of(request)) if asked.link else None
    opened = continued or await here.reception.open(asked.language, address_of(request))
    return OpenOut(
        conversation_id=opened.conversation.id,
        token=opened.token,
        language=opened.conversation.language,
        continued=continued is not None,
    )


@router.post("/conversations/{conversation_id}/messages", status_code=202)
async def send(request: Request, here: Here, conversation: Admitted) -> MessageOut:
    sent = await body_of(request, MessageIn)
    stored = await here.reception.take(conversation, sent.text, sent.message_id, address_of(request))
    return MessageOut(message_id=sent.message_id, event_id=stored.id)


@router.get("/conversations/{conversation_id}/events")
async def events(
    here: Here,
    conversation: Admitted,
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[str | None, Query()] = None,
) -> StreamingResponse:
    begin = stream.starting_point(last_event_id or after)
    told = stream.events(here.store, here.typing, conversation.id, begin, here.closing)
    return StreamingResponse(told, media_type="text/event-stream", headers=stream.HEADERS)


@router.post("/conversations/{conversation_id}/typing", status_code=204)
async def types(request: Request, here: Here, conversation: Admitted) -> Response:
    await here.reception.pace_signs(address_of(request))
    await here.typing.customer_types(conversation)
    return Response(status_code=204)


@router.get("/conversations/{conversation_id}/history")
async def history(here: Here, conversation: Admitted) -> list[dict[str, Any]]:
    stored = await here.store.events(conversation.id)
    return [{"id": each.id, "event": each.event.kind, "data": each.event.data} for each in stored]


@router.get("/conversations/{conversation_id}/copy")
async def copy(request: Request, here: Here, conversation: Admitted) -> Response:
    await here.reception.pace(conversation, address_of(request))
    await here.reception.copied(conversation)
    page = copy_of(conversation, await here.store.events(conversation.id), here.words, here.zone)
    return pages.download(page, f"chat-{conversation.started_at:%Y-%m-%d}.html")


@router.post("/conversations/{conversation_id}/copy-by-email", status_code=204)
async def copy_by_email(request: Request, here: Here, conversation: Admitted) -> Response:
    asked = await body_of(request, MailIn)
    await here.post.send_copy(conversation, asked.address, address_of(request))
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/login", status_code=204)
async def log_in(request: Request, here: Here, conversation: Admitted) -> Response:
    check_origin(request)
    asked = await body_of(request, LoginIn)
    await here.login.take(conversation, asked.token, address_of(request))
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/stay", status_code=204)
async def stay(request: Request, here: Here, conversation: Admitted) -> Response:
    await here.reception.pace(conversation, address_of(request))
    await here.ending.stay(conversation)
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/end", status_code=204)
async def end(request: Request, here: Here, conversation: Admitted) -> Response:
    asked = await body_of(request, EndIn)
    await (here.reception.leave(conversation) if asked.left else here.ending.end(conversation, by_customer=True))
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/satisfaction", status_code=204)
async def rate(request: Request, here: Here, conversation: Admitted) -> Response:
    rating = await body_of(request, RatingIn)
    await here.reception.pace(conversation, address_of(request))
    await here.ending.rate(conversation, rating.satisfaction)
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/attachments", status_code=202)
async def attach(
    request: Request,
    here: Here,
    conversation: Admitted,
    name: Annotated[str, Query()],
    message_id: Annotated[str, Query()],
) -> MessageOut:
    """The body is the file."""
    await here.attachments.pace(conversation, address_of(request))
    content = await bounded_body(request, request.app.state.settings.attachment_max_mb * MEGABYTE, FileTooLarge)
    stored = await here.attachments.take(conversation, name, message_id, content)
    return MessageOut(message_id=message_id, event_id=stored.id)


@router.get("/conversations/{conversation_id}/attachments/{attachment_id}")
async def attachment(request: Request, here: Here, conversation: Admitted, attachment_id: UUID) -> Response:
    await here.reception.pace(conversation, address_of(request))
    file = await here.attachments.open(conversation, attachment_id)
    return pages.download(file.content, file.name, media_type=file.media_type)
