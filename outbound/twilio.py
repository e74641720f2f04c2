"""Our account at Twilio: its REST API, from the number that customers see."""

from collections.abc import Mapping

import httpx
from pydantic import BaseModel, ValidationError

from settings import Settings

TWILIO = "https://api.twilio.com"
TIMEOUT_S = 10.0  # Twilio usually answers in under a second
_OUR_ACCOUNT = frozenset({401, 403})  # a wrong token or no credit: somebody will mend it
LATER = frozenset({408, 425, 429}) | _OUR_ACCOUNT


class _Error(BaseModel):
    code: int = 0


class TwilioAccount:
    def __init__(self, http: httpx.AsyncClient, *, account_sid: str, token: str, sender: str) -> None:
        """`http` has Twilio's base URL; an empty account, token or sender = not set up."""
        self._http = http
        self._account_sid = account_sid
        self._token = token
        self._sender = sender

    @classmethod
    def connect(cls, settings: Settings) -> "TwilioAccount":
        return cls(
            httpx.AsyncClient(base_url=settings.twilio_api_base or TWILIO, timeout=TIMEOUT_S),
            account_sid=settings.twilio_account_sid,
            token=settings.twilio_token,
            sender=settings.twilio_from_number,
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    @property
    def is_set_up(self) -> bool:
        return bool(self._account_sid and self._token and self._sender)

    async def create(self, resource: str, to: str, fields: Mapping[str, str]) -> httpx.Response:
        """`resource`: "Messages" or "Calls"; `to`: E.164. Raises httpx.HTTPError; every status is returned."""
        return await self._http.post(
            f"/2010-04-01/Accounts/{self._account_sid}/{resource}.json",
            data={"To": to, "From": self._sender, **fields},
            auth=(self._account_sid, self._token),
        )


def error_code(reply: httpx.Response) -> int:
    """Twilio's own number of what is wrong; 0 if it tells none."""
    try:
        return _Error.model_validate_json(reply.content).code
    except ValidationError:
        return 0
