"""Our access to the other system: an OAuth2 token by client credentials, fetched anew before it runs out."""

import time
from collections.abc import Callable

import httpx

from escalation.mirror.system import SystemUnavailable

RENEWED_BEFORE_S = 30.0


class AccessToken:
    """`clock` is in seconds, and only ever goes forward."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        client_id: str,
        secret: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._url = url
        self._basic = httpx.BasicAuth(client_id, secret)
        self._clock = clock
        self._token = ""
        self._good_until_s = 0.0

    async def get(self) -> str:
        """Raises SystemUnavailable."""
        if not self._token or self._clock() >= self._good_until_s:
            await self._fetch()
        return self._token

    def forget(self) -> None:
        """It was refused: the next one is new."""
        self._token = ""

    async def _fetch(self) -> None:
        try:
            reply = await self._http.post(self._url, data={"grant_type": "client_credentials"}, auth=self._basic)
        except httpx.TransportError as error:
            raise SystemUnavailable(f"no token: no connection ({type(error).__name__})") from None
        if reply.status_code != httpx.codes.OK:
            raise SystemUnavailable(f"no token: answered {reply.status_code}")
        try:
            given = reply.json()
            self._token = str(given["access_token"])
            self._good_until_s = self._clock() + float(given.get("expires_in", 60)) - RENEWED_BEFORE_S
        except (ValueError, KeyError, TypeError, AttributeError):
            self._token = ""
            raise SystemUnavailable("no token: the answer has none") from None
