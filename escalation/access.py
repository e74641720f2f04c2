"""Who may call: our own programs with the internal token, one machine client with the API token."""

import secrets
from collections.abc import Callable
from typing import Annotated

from fastapi import Header

from escalation.errors import Unauthorised
from settings import Settings


def tokens_of(settings: Settings) -> tuple[str, str]:
    """(internal, api). Raises RuntimeError rather than start with a door anyone can open."""
    internal = settings.firstline_internal_token.get_secret_value()
    api = settings.firstline_api_token.get_secret_value()
    if not internal or not api:
        raise RuntimeError("FIRSTLINE_INTERNAL_TOKEN and FIRSTLINE_API_TOKEN must be set")
    return internal, api


def bearer(*tokens: str) -> Callable[[str], None]:
    """A dependency that lets one of these tokens in."""
    accepted = [f"Bearer {token}".encode() for token in tokens]

    def check(authorization: Annotated[str, Header()] = "") -> None:
        given = authorization.encode("utf-8", "surrogateescape")
        fits = [secrets.compare_digest(given, token) for token in accepted]
        if not any(fits):
            raise Unauthorised("A bearer token is needed")

    return check
