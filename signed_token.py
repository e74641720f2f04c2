"""Tokens that somebody else signed (JWT): which are believed, and the keys that their issuer publishes."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx
import jwt
from jwt import PyJWK

# Asymmetric ones alone: whoever can verify a token must not be able to make one.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
KEY_TYPES = frozenset({"RSA", "EC", "OKP"})
LEEWAY_S = 30  # how far another issuer's clock may be off
LONGEST = 8192  # characters of a token
LONGEST_BYTES = 256_000  # of a document of the issuer
TIMEOUT_S = 3.0

KEPT_S = 300.0  # keys are asked for again after this
UNKNOWN_AGAIN_S = 30.0  # and earlier for a key we have not heard of, so that a new one is known soon
FAILED_AGAIN_S = 5.0  # but not while the issuer has just failed to answer
STALE_S = 3600.0  # how long known keys are believed while the issuer does not answer

Jwk = Mapping[str, Any]


class Untrusted(Exception):
    """Not a token that this issuer made for this audience, valid now. Says why, and nothing of what is in it."""


class KeysUnavailable(Exception):
    """The issuer does not answer, and what it published before is too old."""


def key_named_by(token: str) -> str | None:
    """The `kid` of the token's header; None when it names none. Raises Untrusted, also for an algorithm we refuse."""
    if len(token) > LONGEST:
        raise Untrusted("The token is too long")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise Untrusted("This is not a token of an issuer we know") from None
    if header.get("alg") not in ALGORITHMS:
        raise Untrusted("The token's algorithm is refused")
    kid: str | None = header.get("kid")
    return kid


def claims_of(token: str, key: Jwk, *, issuer: str, audience: str) -> Mapping[str, Any]:
    """Raises Untrusted unless this key signed it, for this audience, and it is valid now.

    A key that names its algorithm verifies no other one.
    """
    try:
        algorithm = jwt.get_unverified_header(token)["alg"]
        if algorithm not in ALGORITHMS or key.get("alg", algorithm) != algorithm or key.get("kty") not in KEY_TYPES:
            raise Untrusted("The token's algorithm is refused")
        found: Mapping[str, Any] = jwt.decode(
            token,
            PyJWK.from_dict(dict(key), algorithm=algorithm),
            algorithms=[algorithm],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iss", "aud"]},
        )
    except jwt.ExpiredSignatureError:
        raise Untrusted("The token has expired") from None
    except jwt.PyJWTError as error:
        raise Untrusted(f"The token is not valid ({type(error).__name__})") from None
    return found


class PublishedKeys:
    """Fetched, kept, and fetched again when they change; many askers at once ask the issuer once."""

    def __init__(
        self, fetch: Callable[[], Awaitable[Sequence[object]]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`fetch` raises httpx.HTTPError, httpx.InvalidURL or ValueError when it brings no keys."""
        self._fetch = fetch
        self._clock = clock
        self._keys: list[Jwk] = []
        self._fetched_at = self._tried_at = float("-inf")
        self._lock = asyncio.Lock()

    async def key(self, kid: str | None) -> Jwk | None:
        """The key of that name; without a name the only one there is. Raises KeysUnavailable."""
        async with self._lock:
            now = self._clock()
            patience_s = KEPT_S if self._find(kid) is not None else UNKNOWN_AGAIN_S
            if now - self._fetched_at > patience_s and now - self._tried_at > FAILED_AGAIN_S:
                await self._renew(now)
            if now - self._fetched_at > STALE_S:
                raise KeysUnavailable
            return self._find(kid)

    def _find(self, kid: str | None) -> Jwk | None:
        fitting = self._keys if kid is None else [key for key in self._keys if key.get("kid") == kid]
        return fitting[0] if len(fitting) == 1 else None

    async def _renew(self, now: float) -> None:
        self._tried_at = now
        try:
            keys = await self._fetch()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return
        self._keys = [key for key in keys if isinstance(key, dict) and _verifies(key)]
        self._fetched_at = now


async def document(http: httpx.AsyncClient, url: str, *, plain_http: bool) -> dict[str, Any]:
    """A small JSON object of the issuer. Raises httpx.HTTPError, httpx.InvalidURL or ValueError."""
    if httpx.URL(url).scheme not in (("https", "http") if plain_http else ("https",)):
        raise ValueError("the issuer's addresses must be https")
    reply = await http.get(url, timeout=TIMEOUT_S, follow_redirects=False)
    if reply.status_code != 200 or len(reply.content) > LONGEST_BYTES:
        raise ValueError("no such document")
    told = reply.json()
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told


def _verifies(key: Jwk) -> bool:
    """A public key for signatures: a symmetric one has no business in a published set."""
    return key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"
