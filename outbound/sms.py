"""Text messages through Twilio's REST API."""

import httpx
from pydantic import BaseModel, ValidationError

from outbound.carrier import Tried
from outbound.message import Kind, as_sms
from outbound.twilio import LATER, TwilioAccount, error_code

OPTED_OUT = 21610  # Twilio's error for a recipient who replied STOP


class _Taken(BaseModel):
    sid: str


class TwilioSms:
    def __init__(self, account: TwilioAccount) -> None:
        self._account = account

    @property
    def is_set_up(self) -> bool:
        return self._account.is_set_up

    async def carry(self, message_id: str, kind: Kind, to: str, text: str) -> Tried:  # noqa: ARG002 - the e-mail carrier uses them
        """At least once: an answer lost on the way back means a second message, because Twilio takes no key of ours."""
        if not self.is_set_up:
            return Tried("waiting", "text messages are not set up")
        try:
            reply = await self._account.create("Messages", to, {"Body": as_sms(text)})
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
