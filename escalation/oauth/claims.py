"""What an access token says, once its signature, issuer, audience and times are right. No clock and no network."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from jwt import PyJWK

from escalation.errors import BadToken

# Asymmetric ones alone: whoever can verify a token must not be able to make one.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
KEY_TYPES = frozenset({"RSA", "EC", "OKP"})
LEEWAY_S = 30  # how far another issuer's clock may be off
LONGEST = 8192  # characters of a token
_CLIENT_CLAIMS = ("client_id", "azp", "appid")  # RFC 9068; Keycloak, Auth0 and Google; Azure

Jwk = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claims:
    client_id: str
    scopes: frozenset[str]


def key_named_by(token: str) -> str | None:
    """The `kid` of the token's header; None when it names none. Raises BadToken, also for an algorithm we refuse."""
    if len(token) > LONGEST:
        raise BadToken("The token is too long")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise BadToken("This is not a token of an issuer we know") from None
    if header.get("alg") not in ALGORITHMS:
        raise BadToken("The token's algorithm is refused")
    kid: str | None = header.get("kid")
    return kid


def read(token: str, key: Jwk, *, issuer: str, audience: str) -> Claims:
    """Raises BadToken unless this key signed it, for this audience, and it is valid now.

    A key that names its algorithm verifies no other one.
    """
    try:
        algorithm = jwt.get_unverified_header(token)["alg"]
        if algorithm not in ALGORITHMS or key.get("alg", algorithm) != algorithm or key.get("kty") not in KEY_TYPES:
            raise BadToken("The token's algorithm is refused")
        found = jwt.decode(
            token,
            PyJWK.from_dict(dict(key), algorithm=algorithm),
            algorithms=[algorithm],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iss", "aud"]},
        )
    except jwt.ExpiredSignatureError:
        raise BadToken("The token has expired") from None
    except jwt.PyJWTError as error:
        raise BadToken(f"The token is not valid ({type(error).__name__})") from None
    return Claims(_client_of(found), _scopes_of(found))


def _client_of(found: Mapping[str, Any]) -> str:
    """Never `sub`: it may be a person, who could be called like a client."""
    for name in _CLIENT_CLAIMS:
        if isinstance(value := found.get(name), str) and value:
            return value
    raise BadToken("The token names no client")


def _scopes_of(found: Mapping[str, Any]) -> frozenset[str]:
    """`scope` in one text (RFC 9068), or `scp` as some issuers write it, a text or a list."""
    given = found.get("scope", found.get("scp", ""))
    parts = given if isinstance(given, list) else str(given).split()
    return frozenset(str(part) for part in parts)
