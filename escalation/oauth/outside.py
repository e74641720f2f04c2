"""The operator's own OpenID Connect issuer of tokens for machine clients."""

import time
from collections.abc import Callable, Sequence

import httpx

from escalation.errors import IssuerUnavailable
from signed_token import Jwk, KeysUnavailable, PublishedKeys, document


class OutsideIssuer:
    """`name` is the issuer's URL exactly as its tokens say it. `plain_http`: for a demo on one machine."""

    def __init__(
        self,
        name: str,
        audience: str,
        http: httpx.AsyncClient,
        *,
        plain_http: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.audience = audience
        self._http = http
        self._plain_http = plain_http
        self._keys = PublishedKeys(self._fetch, clock=clock)

    async def key(self, kid: str | None) -> Jwk | None:
        try:
            return await self._keys.key(kid)
        except KeysUnavailable:
            raise IssuerUnavailable("The issuer of tokens does not answer") from None

    async def _fetch(self) -> Sequence[object]:
        at = f"{self.name.rstrip('/')}/.well-known/openid-configuration"
        told = await document(self._http, at, plain_http=self._plain_http)
        if told.get("issuer") != self.name:
            raise ValueError("answers for somebody else")
        found = await document(self._http, str(told.get("jwks_uri", "")), plain_http=self._plain_http)
        keys: Sequence[object] = found.get("keys", [])
        return keys
