"""TMF621 Trouble Ticket v4: the face of escalation to other systems."""

import json
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError

from escalation import callback, etag, filing, subscription
from escalation.access import Subscriber, TicketAdministrator, TicketReader, TicketWriter
from escalation.contact_api import OfficeOf
from escalation.errors import Incomplete, NotAllowed
from escalation.idempotency import FilingKey
from escalation.subscription import PATH as HUB
from escalation.subscription import Subscribe
from escalation.tmf import PATH, only
from escalation.tmf_filed import TicketCreate, TicketPatch

router = APIRouter(tags=["TMF621 trouble ticket"])

Fields = Annotated[str | None, Query(max_length=500, description="attributes to return, comma-separated")]
Tags = Annotated[list[str] | None, Header(description="entity tags (RFC 9110)")]
Once = Annotated[str | None, Header(description="the same key and body again within 24 hours is the same ticket")]
Body = TypeVar("Body", bound=BaseModel)
_OWN_PARAMETERS = frozenset({"fields", "limit", "offset"})


def _given_once(request: Request) -> None:
    """Raises Incomplete for one of our own parameters that comes twice: which of them is meant?"""
    for name in sorted(_OWN_PARAMETERS):
        if len(request.query_params.getlist(name)) > 1:
            raise Incomplete(f"{name} can be given once")


def _body_of(model: type[BaseModel]) -> dict[str, Any]:
    """For OpenAPI: the routes read the body themselves, because 400 is asked for where FastAPI says 422."""
    schema = model.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.get(PATH, dependencies=[Depends(_given_once)])
@router.get(f"{PATH}/", dependencies=[Depends(_given_once)], include_in_schema=False)
async def list_tickets(  # noqa: PLR0917  # FastAPI passes by name
    request: Request,
    office: OfficeOf,
    caller: TicketReader,
    fields: Fields = None,
    limit: Annotated[int, Query(ge=0, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> JSONResponse:
    """`?severity=High&creationDate.gte=2026-01-31&relatedParty.id=c-7` is AND, `status=held,pending` is OR.

    What can be filtered by is in escalation/selection.py, and in the answer to a filter that is unknown.
    """
    filters = [(name, value) for name, value in request.query_params.multi_items() if name not in _OWN_PARAMETERS]
    base_url = request.app.state.public_url
    page, total = await filing.list_tickets(
        office, caller, filters, base_url=base_url, limit=limit, offset=offset, fields=fields or ""
    )
    headers = {"X-Total-Count": str(total), "X-Result-Count": str(len(page))}
    if links := _links(request, limit=limit, offset=offset, total=total):
        headers["Link"] = links
    return JSONResponse([only(resource, fields) for resource in page], headers=headers)


@router.post(PATH, status_code=201, openapi_extra=_body_of(TicketCreate))
@router.post(f"{PATH}/", status_code=201, include_in_schema=False)
async def create(
    request: Request, office: OfficeOf, caller: TicketWriter, idempotency_key: Once = None
) -> JSONResponse:
    body = await _object(request)
    filed = _read(TicketCreate, body)
    once = FilingKey.of(caller.name, idempotency_key, body) if idempotency_key is not None else None
    answer = await filing.file(office, caller, filed, base_url=request.app.state.public_url, once=once)
    headers = {"Location": answer.resource["href"], "ETag": etag.etag_of(answer.version)}
    return JSONResponse(answer.resource, status_code=201, headers=headers)


@router.get(f"{PATH}/{{ticket_id}}", dependencies=[Depends(_given_once)])
@router.get(f"{PATH}/{{ticket_id}}/", dependencies=[Depends(_given_once)], include_in_schema=False)
async def get(  # noqa: PLR0917  # FastAPI passes by name
    ticket_id: str,
    request: Request,
    office: OfficeOf,
    caller: TicketReader,
    fields: Fields = None,
    if_none_match: Tags = None,
) -> Response:
    answer = await filing.get(office, caller, ticket_id, base_url=request.app.state.public_url, fields=fields or "")
    headers = {"ETag": etag.etag_of(answer.version)}
    if if_none_match is not None and etag.names_weakly(if_none_match, answer.version):
        return Response(status_code=304, headers=headers)
    return JSONResponse(only(answer.resource, fields), headers=headers)


@router.patch(f"{PATH}/{{ticket_id}}", openapi_extra=_body_of(TicketPatch))
@router.patch(f"{PATH}/{{ticket_id}}/", include_in_schema=False)
async def patch(
    ticket_id: str, request: Request, office: OfficeOf, caller: TicketWriter, if_match: Tags = None
) -> JSONResponse:
    changes = _read(TicketPatch, await _object(request))
    base_url = request.app.state.public_url
    answer = await filing.patch(office, caller, ticket_id, changes, base_url=base_url, if_match=if_match)
    return JSONResponse(answer.resource, headers={"ETag": etag.etag_of(answer.version)})


@router.delete(f"{PATH}/{{ticket_id}}", status_code=204)
@router.delete(f"{PATH}/{{ticket_id}}/", status_code=204, include_in_schema=False)
async def delete(ticket_id: str, office: OfficeOf, caller: TicketAdministrator, if_match: Tags = None) -> Response:
    await filing.delete(office, caller, ticket_id, if_match=if_match)
    return Response(status_code=204)


@router.post(HUB, status_code=201, openapi_extra=_body_of(Subscribe))
@router.post(f"{HUB}/", status_code=201, include_in_schema=False)
async def subscribe(request: Request, office: OfficeOf, caller: Subscriber) -> JSONResponse:
    state = request.app.state
    if not state.hub_is_open:
        raise NotAllowed("Events are not sent here (FIRSTLINE_WEBHOOK_SECRETS)")
    asked = _read(Subscribe, await _object(request))
    await callback.check(asked.callback, http_too=state.http_callbacks, resolve=state.resolve)
    kept = await subscription.subscribe(office, caller.name, asked)
    return JSONResponse(kept, status_code=201, headers={"Location": f"{state.public_url}{HUB}/{kept['id']}"})


@router.delete(f"{HUB}/{{subscription_id}}", status_code=204)
@router.delete(f"{HUB}/{{subscription_id}}/", status_code=204, include_in_schema=False)
async def unsubscribe(subscription_id: str, office: OfficeOf, caller: Subscriber) -> Response:
    await subscription.unsubscribe(office, caller.name, subscription_id)
    return Response(status_code=204)


async def _object(request: Request) -> dict[str, Any]:
    """Raises Incomplete (400)."""
    try:
        body = json.loads(await request.body(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Incomplete("the body is not JSON") from None
    if not isinstance(body, dict):
        raise Incomplete("the body is not a JSON object")
    return body


def _read(model: type[Body], body: dict[str, Any]) -> Body:
    """Raises Incomplete (400) with what is wrong, in the client's words for the attributes."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        faults = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()[:5]]
        raise Incomplete("; ".join(faults).removeprefix(": ")) from None
    except RecursionError:
        raise Incomplete("the body is nested too deeply") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _links(request: Request, *, limit: int, offset: int, total: int) -> str:
    """RFC 8288: first, previous, next and last page, as far as there are such pages."""
    if limit == 0:
        return ""
    pages = {"first": 0, "last": max((total - 1) // limit * limit, 0)}
    if offset > 0:
        pages["prev"] = max(offset - limit, 0)
    if offset + limit < total:
        pages["next"] = offset + limit
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in {"offset", "limit"}]
    base = f"{request.app.state.public_url}{PATH}"
    return ", ".join(
        f'<{base}?{urlencode([*kept, ("offset", at), ("limit", limit)])}>; rel="{name}"' for name, at in pages.items()
    )
