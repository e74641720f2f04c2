"""Whose tokens are believed: one issuer, known by its name, its audience and its keys."""

from typing import Protocol

import signed_token
from escalation.errors import BadToken
from escalation.oauth import claims
from escalation.oauth.claims import Claims
from signed_token import Jwk


class Issuer(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def audience(self) -> str: ...

    async def key(self, kid: str | None) -> Jwk | None:
        """The public key of that name; without a name the only one there is. Raises IssuerUnavailable."""
        ...


async def verify(token: str, issuer: Issuer) -> Claims:
    """Raises BadToken, or IssuerUnavailable when its keys cannot be had."""
    try:
        key = await issuer.key(signed_token.key_named_by(token))
        if key is None:
            raise BadToken("The token is signed with a key that the issuer does not publish")
        return claims.read(signed_token.claims_of(token, key, issuer=issuer.name, audience=issuer.audience))
    except signed_token.Untrusted as error:
        raise BadToken(str(error)) from None
