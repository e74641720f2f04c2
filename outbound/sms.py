"""Text messages through Twilio's REST API."""

import httpx
from pydantic import BaseModel, ValidationError

from outbound.carrier import Tried
from outbound.message import Kind, as_sms
from settings import Settings

TWILIO = "https://api.twilio.com"
TIMEOUT_S = 10.0  # Twilio usually answers in under a second
OPTED_OUT = 21610  # Twilio's error for a recipient who replied STOP
_OUR_ACCOUNT = frozenset({401, 403})  # a wrong token or no credit: somebody will mend it
LATER = frozenset({408, 425, 429}) | _OUR_ACCOUNT


class _Taken(BaseModel):
    sid: str


class _Error(BaseModel):
    code: int = 0


class TwilioSms:
    def __init__(self, http: httpx.AsyncClient, *, account_sid: str, token: str, sender: str) -> None:
        """`http` has Twilio's base URL; an empty account, token or sender = not set up."""
        self._http = http
        self._account_sid = account_sid
        self._token = token
        self._sender = sender

    @classmethod
    def connect(cls, settings: Settings) -> "TwilioSms":
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

    async def carry(self, message_id: str, kind: Kind, to: str, text: str) -> Tried:  # noqa: ARG002 - the e-mail carrier uses them
        """At least once: an answer lost on the way back means a second message, because Twilio takes no key of ours."""
        if not self.is_set_up:
            return Tried("waiting", "text messages are not set up")
        try:
            reply = await self._http.post(
                f"/2010-04-01/Accounts/{self._account_sid}/Messages.json",
                data={"To": to, "From": self._sender, "Body": as_sms(text)},
                auth=(self._account_sid, self._token),
            )
        except httpx.HTTPError:
            return Tried("later", "Twilio did not answer")
        if reply.is_success:
            return Tried("sent") if _is_taken(reply) else Tried("later", "what answered is not Twilio")
        if reply.status_code in LATER or reply.is_server_error:
            return Tried("later", f"Twilio answered {reply.status_code}")
        code = error_code(reply)
        return Tried("opted_out") if code == OPTED_OUT else Tried("refused", f"Twilio refused it (error {code})")


def _is_taken(reply: httpx.Response) -> bool:
    try:
        _Taken.model_validate_json(reply.content)
    except ValidationError:
        return False
    return True


def error_code(reply: httpx.Response) -> int:
    try:
        return _Error.model_validate_json(reply.content).code
    except ValidationError:
        return 0
