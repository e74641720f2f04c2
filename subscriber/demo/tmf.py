"""How every TM Forum API here lists, filters and refuses (TMF630)."""

from collections.abc import Iterable
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse

Body = dict[str, Any]  # a TM Forum resource is JSON of any depth
_NOT_FILTERS = frozenset({"fields", "limit", "offset", "sort"})  # lists here are sorted as they should be
MOST_LISTED = 100


def listed(request: Request, found: Iterable[Body]) -> JSONResponse:
    """Those that match every `attribute.path=value` of the query, a page of them."""
    filters = [(name, value) for name, value in request.query_params.items() if name not in _NOT_FILTERS]
    matching = [body for body in found if all(value in _values(body, name.split(".")) for name, value in filters)]
    offset, limit = _number(request, "offset", 0), min(_number(request, "limit", MOST_LISTED), MOST_LISTED)
    page = matching[offset : offset + limit]
    return JSONResponse(page, headers={"X-Total-Count": str(len(matching)), "X-Result-Count": str(len(page))})


def one(found: Iterable[Body], wanted: str) -> Body:
    """Raises 404."""
    for body in found:
        if body["id"] == wanted:
            return body
    raise HTTPException(404, "there is no such resource")


async def refused(_: Request, error: Exception) -> JSONResponse:
    """TM Forum's error body."""
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "failed")
    return JSONResponse(
        {"code": str(status), "reason": detail, "message": detail, "status": str(status)}, status_code=status
    )


def _values(value: Any, path: list[str]) -> list[str]:
    """Every value at the path; a list on the way is each of its members."""
    if isinstance(value, list):
        return [found for member in value for found in _values(member, path)]
    if not path:
        return [str(value)]
    return _values(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else []


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if text and not text.isdecimal():
        raise HTTPException(400, f"{name} is not a number")
    return int(text) if text else default
