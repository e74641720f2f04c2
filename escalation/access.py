"""Who may call: our own programs, one machine client, and whoever administers tickets; each with a token of its own."""

import secrets
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Header, Request

from escalation.errors import NotAllowed, Unauthorised
from settings import Settings


class Caller(StrEnum):
    ADMIN = "admin"
    API = "api"
    INTERNAL = "internal"


def tokens_of(settings: Settings) -> dict[Caller, str]:
    """Raises RuntimeError rather than start with a door anyone can open. Without an admin token nobody is one."""
    tokens = {
        Caller.ADMIN: settings.firstline_admin_token.get_secret_value(),
        Caller.API: settings.firstline_api_token.get_secret_value(),
        Caller.INTERNAL: settings.firstline_internal_token.get_secret_value(),
    }
    if not tokens[Caller.INTERNAL] or not tokens[Caller.API]:
        raise RuntimeError("FIRSTLINE_INTERNAL_TOKEN and FIRSTLINE_API_TOKEN must be set")
    return {caller: token for caller, token in tokens.items() if token}


def bearer(tokens: dict[Caller, str]) -> Callable[[Request, str], None]:
    """A dependency that lets one of these tokens in, and notes whose it is."""
    accepted = {caller: f"Bearer {token}".encode() for caller, token in tokens.items()}

    def check(request: Request, authorization: Annotated[str, Header()] = "") -> None:
        given = authorization.encode("utf-8", "surrogateescape")
        fits = [caller for caller, token in accepted.items() if secrets.compare_digest(given, token)]
        if not fits:
            raise Unauthorised("A bearer token is needed")
        request.state.caller = fits[0]

    return check


def _caller_of(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


CallerOf = Annotated[Caller, Depends(_caller_of)]


def _administrator(caller: CallerOf) -> Caller:
    if caller is not Caller.ADMIN:
        raise NotAllowed("Only an administrator may do this (FIRSTLINE_ADMIN_TOKEN)")
    return caller


Administrator = Annotated[Caller, Depends(_administrator)]
