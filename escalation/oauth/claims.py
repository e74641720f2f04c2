"""What an access token of a machine client says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from escalation.errors import BadToken

_CLIENT_CLAIMS = ("client_id", "azp", "appid")  # RFC 9068; Keycloak, Auth0 and Google; Azure


@dataclass(frozen=True, slots=True)
class Claims:
    client_id: str
    scopes: frozenset[str]


def read(found: Mapping[str, Any]) -> Claims:
    """Raises BadToken when it names no client."""
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
