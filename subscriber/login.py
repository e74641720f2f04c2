"""The operator's own web login: a signed token (JWT) that says which customer is at the page."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from settings import Settings
from signed_token import PublishedKeys, Untrusted, claims_of, document, key_named_by

LONGEST_ID = 100  # characters


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """`customer_id` as the operator's customer system knows it."""

    customer_id: str


class WebLogin:
    """Raises KeysUnavailable when the operator's keys cannot be had."""

    def __init__(self, http: httpx.AsyncClient, settings: Settings) -> None:
        self._http = http
        self._url = settings.customer_login_keys_url
        self._issuer = settings.customer_login_issuer
        self._audience = settings.customer_login_audience
        self._claim = settings.customer_login_claim
        self._plain_http = settings.firstline_demo
        self._keys = PublishedKeys(self._fetch)

        self.proves = settings.customer_login_proves

    @property
    def is_set_up(self) -> bool:
        return bool(self._url and self._issuer)

    async def read(self, token: str) -> LoggedIn | None:
        """None for a token that is not believed, whatever the reason: who made it up learns nothing."""
        if not self.is_set_up:
            return None
        try:
            key = await self._keys.key(key_named_by(token))
            if key is None:
                return None
            told = claims_of(token, key, issuer=self._issuer, audience=self._audience).get(self._claim)
        except Untrusted:
            return None
        named = str(told) if isinstance(told, str | int) else ""
        return LoggedIn(named) if 0 < len(named) <= LONGEST_ID else None

    async def _fetch(self) -> Sequence[object]:
        keys: Sequence[object] = (await document(self._http, self._url, plain_http=self._plain_http)).get("keys", [])
        return keys
