"""The operator's own OpenID Connect issuer: its keys, fetched, kept, and fetched again when they change."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx

from escalation.errors import IssuerUnavailable
from escalation.oauth.claims import KEY_TYPES, Jwk

KEPT_S = 300.0  # keys are asked for again after this
UNKNOWN_AGAIN_S = 30.0  # and earlier for a key we have not heard of, so that a new one is known soon
FAILED_AGAIN_S = 5.0  # but not while the issuer has just failed to answer
STALE_S = 3600.0  # how long known keys are believed while the issuer does not answer
TIMEOUT_S = 3.0
LONGEST_BYTES = 256_000


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
        self._schemes = ("https", "http") if plain_http else ("https",)
        self._clock = clock
        self._keys: list[Jwk] = []
        self._fetched_at = self._tried_at = float("-inf")
        self._lock = asyncio.Lock()

    async def key(self, kid: str | None) -> Jwk | None:
        async with self._lock:  # many requests at once ask the issuer once
            now = self._clock()
            patience_s = KEPT_S if self._find(kid) is not None else UNKNOWN_AGAIN_S
            if now - self._fetched_at > patience_s and now - self._tried_at > FAILED_AGAIN_S:
                await self._fetch(now)
            if now - self._fetched_at > STALE_S:
                raise IssuerUnavailable("The issuer of tokens does not answer")
            return self._find(kid)

    def _find(self, kid: str | None) -> Jwk | None:
        fitting = self._keys if kid is None else [key for key in self._keys if key.get("kid") == kid]
        return fitting[0] if len(fitting) == 1 else None

    async def _fetch(self, now: float) -> None:
        self._tried_at = now
        try:
            told = await self._get(f"{self.name.rstrip('/')}/.well-known/openid-configuration")
            if told.get("issuer") != self.name:
                return  # answers for somebody else
            keys = (await self._get(str(told.get("jwks_uri", "")))).get("keys", [])
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return
        self._keys = [key for key in keys if _verifies(key)]
        self._fetched_at = now

    async def _get(self, url: str) -> dict[str, Any]:
        if httpx.URL(url).scheme not in self._schemes:
            raise ValueError("the issuer's addresses must be https")
        reply = await self._http.get(url, timeout=TIMEOUT_S, follow_redirects=False)
        if reply.status_code != 200 or len(reply.content) > LONGEST_BYTES:
            raise ValueError("no such document")
        told = reply.json()
        if not isinstance(told, dict):
            raise ValueError("not an object")
        return told


def _verifies(key: object) -> bool:
    """A public key for signatures: a symmetric one has no business in a published set."""
    return isinstance(key, dict) and key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"
