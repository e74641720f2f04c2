"""Who may call, and what they may do: our own programs, whoever holds a static token, and machine clients."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from escalation.errors import BadToken, ScopeMissing, Unauthorised
from escalation.oauth.issuer import Issuer, verify
from escalation.pace import Pace
from escalation.policy_files import ClientEntry
from escalation.scope import Scope
from settings import Settings

SHORTEST_TOKEN = 12  # characters, outside the demo
_JWT_DOTS = 2
_STATIC_AUTHOR = "api"  # who filed or moved a ticket, in its audit, by a token that is nobody's in particular


@dataclass(frozen=True, slots=True)
class Caller:
    name: str
    scopes: frozenset[Scope]
    own: bool = False  # only tickets they filed exist for them
    requests_per_minute: int | None = None  # None: as many as they like

    @property
    def author(self) -> str:
        """As whom the ticket's audit names them."""
        return self.name if self.name.startswith("client:") else _STATIC_AUTHOR

    @property
    def sees_only(self) -> str | None:
        """Whose tickets exist for them; None: all."""
        return self.name if self.own else None


def static_callers(settings: Settings) -> dict[str, Caller]:
    """The callers of the tokens in the settings, by token. Without an admin token nobody deletes by one.

    Raises RuntimeError rather than start with a door anyone can open.
    """
    admin = settings.firstline_admin_token.get_secret_value()
    api = settings.firstline_api_token.get_secret_value()
    internal = settings.firstline_internal_token.get_secret_value()
    if not internal or not api:
        raise RuntimeError("FIRSTLINE_INTERNAL_TOKEN and FIRSTLINE_API_TOKEN must be set")
    given = {name: token for name, token in (("admin", admin), ("api", api), ("internal", internal)) if token}
    if len(set(given.values())) < len(given):
        raise RuntimeError("FIRSTLINE_ADMIN_TOKEN, FIRSTLINE_API_TOKEN and FIRSTLINE_INTERNAL_TOKEN must differ")
    if not settings.firstline_demo and min(map(len, given.values())) < SHORTEST_TOKEN:
        raise RuntimeError(f"Outside the demo a token has at least {SHORTEST_TOKEN} characters")
    plain = frozenset(Scope) - {Scope.TICKETS_ADMIN}
    known = {
        "admin": Caller("admin", frozenset(Scope)),
        "api": Caller("api", plain, requests_per_minute=settings.api_requests_per_minute),
        "internal": Caller("internal", plain),
    }
    return {token: known[name] for name, token in given.items()}


def inside(callers: Mapping[str, Caller]) -> Callable[[Request, str], Awaitable[None]]:
    """A dependency that lets our own programs in, and nobody else."""
    ours = [token for token, caller in callers.items() if caller.name == "internal"]

    async def check(request: Request, authorization: Annotated[str, Header()] = "") -> None:
        if not any(_is(authorization, token) for token in ours):
            raise Unauthorised("A bearer token is needed")
        request.state.is_ours = True

    return check


def outside(
    callers: Mapping[str, Caller], clients: Mapping[str, ClientEntry]
) -> Callable[[Request, str], Awaitable[None]]:
    """A dependency that lets in a static token or one of the issuer's, at the client's pace, and notes whose it is."""

    async def check(request: Request, authorization: Annotated[str, Header()] = "") -> None:
        fits = [caller for token, caller in callers.items() if _is(authorization, token)]
        caller = fits[0] if fits else await _client(authorization, request.app.state.issuer, clients)
        if caller.requests_per_minute is not None:
            await Pace(request.app.state.redis).count(caller.name, caller.requests_per_minute)
        request.state.caller = caller

    return check


async def _client(authorization: str, issuer: Issuer, clients: Mapping[str, ClientEntry]) -> Caller:
    """What the token and clients.yml both allow."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or token.count(".") != _JWT_DOTS:
        raise Unauthorised("A bearer token is needed")
    claims = await verify(token, issuer)
    entry = clients.get(claims.client_id)
    if entry is None:
        raise BadToken("The token's client is not in data/operator/clients.yml")
    scopes = frozenset(scope for scope in entry.scopes if scope in claims.scopes)
    return Caller(f"client:{claims.client_id}", scopes, entry.sees == "own", entry.requests_per_minute)


def _is(authorization: str, token: str) -> bool:
    return secrets.compare_digest(authorization.encode("utf-8", "surrogateescape"), f"Bearer {token}".encode())


async def _caller_of(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


def _needing(scope: Scope) -> Callable[[Caller], Awaitable[Caller]]:
    async def check(caller: Annotated[Caller, Depends(_caller_of)]) -> Caller:
        if scope not in caller.scopes:
            raise ScopeMissing(scope)
        return caller

    return check


TicketReader = Annotated[Caller, Depends(_needing(Scope.TICKETS_READ))]
TicketWriter = Annotated[Caller, Depends(_needing(Scope.TICKETS_WRITE))]
TicketAdministrator = Annotated[Caller, Depends(_needing(Scope.TICKETS_ADMIN))]
InteractionReader = Annotated[Caller, Depends(_needing(Scope.INTERACTIONS_READ))]
Subscriber = Annotated[Caller, Depends(_needing(Scope.HUB))]
