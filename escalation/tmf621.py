"""TMF621 Trouble Ticket v4: the face of escalation to other systems."""

import json
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError

from escalation import filing
from escalation.contact_api import OfficeOf
from escalation.errors import Incomplete
from escalation.tmf import PATH, TicketCreate, TicketPatch, only

router = APIRouter(tags=["TMF621 trouble ticket"])

Fields = Annotated[str | None, Query(max_length=500, description="attributes to return, comma-separated")]
Body = TypeVar("Body", bound=BaseModel)
_OWN_PARAMETERS = frozenset({"fields", "limit", "offset"})


def _body_of(model: type[BaseModel]) -> dict[str, Any]:
    """For OpenAPI: the routes read the body themselves, because 400 is asked for where FastAPI says 422."""
    schema = model.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.get(PATH)
@router.get(f"{PATH}/", include_in_schema=False)
async def list_tickets(
    request: Request,
    office: OfficeOf,
    fields: Fields = None,
    limit: Annotated[int, Query(ge=0, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> JSONResponse:
    """Any of the simple attributes filters: `?severity=High&status=pending` is AND, `status=held,pending` is OR."""
    filters = {
        name: value.replace("\x00", "") for name, value in request.query_params.items() if name not in _OWN_PARAMETERS
    }
    base_url = request.app.state.public_url
    page, total = await filing.list_tickets(office, filters, base_url=base_url, limit=limit, offset=offset)
    headers = {"X-Total-Count": str(total), "X-Result-Count": str(len(page))}
    if links := _links(request, limit=limit, offset=offset, total=total):
        headers["Link"] = links
    return JSONResponse([only(resource, fields) for resource in page], headers=headers)


@router.post(PATH, status_code=201, openapi_extra=_body_of(TicketCreate))
@router.post(f"{PATH}/", status_code=201, include_in_schema=False)
async def create(request: Request, office: OfficeOf) -> JSONResponse:
    filed = await _parsed(request, TicketCreate)
    resource = await filing.file(office, filed, base_url=request.app.state.public_url)
    return JSONResponse(resource, status_code=201, headers={"Location": resource["href"]})


@router.get(f"{PATH}/{{ticket_id}}")
@router.get(f"{PATH}/{{ticket_id}}/", include_in_schema=False)
async def get(ticket_id: str, request: Request, office: OfficeOf, fields: Fields = None) -> JSONResponse:
    return JSONResponse(only(await filing.get(office, ticket_id, base_url=request.app.state.public_url), fields))


@router.patch(f"{PATH}/{{ticket_id}}", openapi_extra=_body_of(TicketPatch))
@router.patch(f"{PATH}/{{ticket_id}}/", include_in_schema=False)
async def patch(ticket_id: str, request: Request, office: OfficeOf) -> JSONResponse:
    changes = await _parsed(request, TicketPatch)
    return JSONResponse(await filing.patch(office, ticket_id, changes, base_url=request.app.state.public_url))


@router.delete(f"{PATH}/{{ticket_id}}", status_code=204)
@router.delete(f"{PATH}/{{ticket_id}}/", status_code=204, include_in_schema=False)
async def delete(ticket_id: str, office: OfficeOf) -> Response:
    await filing.delete(office, ticket_id)
    return Response(status_code=204)


async def _parsed(request: Request, model: type[Body]) -> Body:
    """Raises Incomplete (400) with what is wrong, in the client's words for the attributes."""
    try:
        body = json.loads(await request.body(), parse_constant=_no_number)
        if not isinstance(body, dict):
            raise Incomplete("the body is not a JSON object")
        return model.model_validate(body)
    except ValidationError as error:
        faults = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()[:5]]
        raise Incomplete("; ".join(faults).removeprefix(": ")) from None
    except (ValueError, RecursionError):
        raise Incomplete("the body is not JSON") from None


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
    kept = {name: value for name, value in request.query_params.items() if name not in {"offset", "limit"}}
    base = f"{request.app.state.public_url}{PATH}"
    return ", ".join(
        f'<{base}?{urlencode({**kept, "offset": at, "limit": limit})}>; rel="{name}"' for name, at in pages.items()
    )
