"""Where clients get tokens of our own issuer: RFC 6749 client credentials, RFC 8414 metadata, RFC 7517 keys."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from escalation.brake import Brake
from escalation.clients import is_secret_of
from escalation.errors import TooOften
from escalation.oauth.own import LASTS, OwnIssuer
from escalation.office import Office
from escalation.scope import Scope

router = APIRouter(tags=["OAuth 2.0"])

TOKEN_PATH, KEYS_PATH = "/oauth2/token", "/.well-known/jwks.json"  # a path
_UNCACHED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_LONGEST = 1000  # characters of a client's id, secret or scopes
Credentials = tuple[str, str]


class Refused(Exception):
    """An error of RFC 6749, section 5.2."""

    def __init__(self, error: str, description: str, status: int = 400, headers: Mapping[str, str] | None = None):
        super().__init__(description)
        self.error, self.description, self.status, self.headers = error, description, status, dict(headers or {})


@router.post(TOKEN_PATH)
async def token(request: Request) -> JSONResponse:
    try:
        told = await _token(request)
    except Refused as refusal:
        body = {"error": refusal.error, "error_description": refusal.description}
        return JSONResponse(body, status_code=refusal.status, headers={**_UNCACHED, **refusal.headers})
    return JSONResponse(told, headers=_UNCACHED)


@router.get(KEYS_PATH)
async def keys(request: Request) -> JSONResponse:
    found = await _issuer(request).published()
    return JSONResponse({"keys": found}, headers={"Cache-Control": "public, max-age=60"})


@router.get("/.well-known/oauth-authorization-server")
async def metadata(request: Request) -> dict[str, Any]:
    base = _issuer(request).name
    return {
        "issuer": base,
        "token_endpoint": f"{base}{TOKEN_PATH}",
        "jwks_uri": f"{base}{KEYS_PATH}",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": list(Scope),
    }


async def _token(request: Request) -> dict[str, Any]:
    form = await _form(request)
    if "grant_type" not in form:
        raise Refused("invalid_request", "grant_type is missing")
    if form["grant_type"] != "client_credentials":
        raise Refused("unsupported_grant_type", "client_credentials is the only grant")
    office: Office = request.app.state.office
    client_id = await _authenticated(request, office, _credentials(request, form))
    allowed = {str(scope) for scope in office.policy.clients[client_id].scopes}
    asked = set(form.get("scope", "").split()) or allowed
    if not asked <= allowed:
        raise Refused("invalid_scope", f"This client may have: {' '.join(sorted(allowed))}")
    issued = await _issuer(request).issue(client_id, asked, office.now())
    return {
        "access_token": issued,
        "token_type": "Bearer",
        "expires_in": int(LASTS.total_seconds()),
        "scope": " ".join(sorted(asked)),
    }


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise Refused("invalid_request", "the body is not application/x-www-form-urlencoded")
    pairs = [(name, value) for name, value in (await request.form()).multi_items() if isinstance(value, str) and value]
    form = dict(pairs)
    if len(form) < len(pairs):
        raise Refused("invalid_request", "a parameter is given twice")
    if any(len(value) > _LONGEST for value in form.values()):
        raise Refused("invalid_request", "a parameter is too long")
    return form


def _credentials(request: Request, form: Mapping[str, str]) -> Credentials:
    """Out of the Authorization header or out of the body, never both."""
    header = request.headers.get("authorization", "")
    if not header:
        if "client_id" not in form or "client_secret" not in form:
            raise _unknown_client()
        return form["client_id"], form["client_secret"]
    if "client_secret" in form:
        raise Refused("invalid_request", "the client authenticates twice")
    scheme, _, encoded = header.partition(" ")
    try:
        name, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _unknown_client() from None
    if scheme.lower() != "basic" or len(encoded) > 2 * _LONGEST:
        raise _unknown_client()
    return unquote_plus(name), unquote_plus(secret)


async def _authenticated(request: Request, office: Office, given: Credentials) -> str:
    """The client's id. Raises Refused alike for an unknown client and a wrong secret; or tried too often."""
    client_id, secret = given[0].replace("\x00", ""), given[1]
    address = request.client.host if request.client else ""
    brake = Brake(request.app.state.redis, "client")
    try:
        await brake.count(client_id, address)
    except TooOften as refusal:
        raise Refused("invalid_client", refusal.detail, 429, refusal.headers) from None
    fits = await is_secret_of(office.sessions, client_id, secret)
    if not fits or client_id not in office.policy.clients:
        raise _unknown_client()
    await brake.forget(client_id, address)
    return client_id


def _unknown_client() -> Refused:
    challenge = {"WWW-Authenticate": 'Basic realm="Firstline"'}
    return Refused("invalid_client", "the client is not known, or its secret is wrong", 401, challenge)


def _issuer(request: Request) -> OwnIssuer:
    issuer: OwnIssuer = request.app.state.issuer
    return issuer
