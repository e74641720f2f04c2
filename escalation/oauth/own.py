"""Our own issuer, for the demo and for operators without one: short-lived signed tokens for known clients."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

import jwt

from escalation.oauth.signing_key import ALGORITHM, KeyRing
from signed_token import Jwk

AUDIENCE = "firstline"
LASTS = timedelta(minutes=10)  # how long a client that lost its secret is still let in


class OwnIssuer:
    """`name` is the public address of the product."""

    audience = AUDIENCE

    def __init__(self, name: str, keys: KeyRing) -> None:
        self.name = name
        self._keys = keys

    async def key(self, kid: str | None) -> Jwk | None:
        found = await self._keys.find(kid) if kid is not None else None
        return found.public if found is not None else None

    async def published(self) -> list[Jwk]:
        """Every key that a token in use may be signed with; there is always one."""
        await self._keys.signing()
        return [key.public for key in await self._keys.known()]

    async def issue(self, client_id: str, scopes: Iterable[str], now: datetime) -> str:
        """A JWT in the profile of RFC 9068."""
        key = await self._keys.signing()
        told = {
            "iss": self.name,
            "aud": AUDIENCE,
            "sub": client_id,
            "client_id": client_id,
            "scope": " ".join(sorted(scopes)),
            "iat": now,
            "exp": now + LASTS,
            "jti": str(uuid4()),
        }
        return jwt.encode(told, key.private, algorithm=ALGORITHM, headers={"kid": key.kid, "typ": "at+jwt"})
