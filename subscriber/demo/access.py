"""Who may ask the demo operator: Firstline by its bearer token, and by Twilio's account where it plays Twilio."""

import secrets
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer


def bearer(token: str) -> Callable[..., None]:
    """A dependency that lets one token in. Raises ValueError for an empty one: then everybody would be let in."""
    if not token:
        raise ValueError("FIRSTLINE_OPERATOR_TOKEN is empty")
    scheme = HTTPBearer(auto_error=False)

    def check(given: Annotated[HTTPAuthorizationCredentials | None, Depends(scheme)]) -> None:
        if given is None or not secrets.compare_digest(given.credentials.encode(), token.encode()):
            raise HTTPException(401, "the bearer token is missing or wrong")

    return check


def twilio_account(sid: str, token: str) -> Callable[..., None]:
    """A dependency that lets one Twilio account in, nobody when none is configured."""
    scheme = HTTPBasic(auto_error=False)

    def check(given: Annotated[HTTPBasicCredentials | None, Depends(scheme)]) -> None:
        written = f"{given.username}:{given.password}" if given else ""
        if not (sid and token) or not secrets.compare_digest(written.encode(), f"{sid}:{token}".encode()):
            raise HTTPException(401, "Authenticate")

    return check
