"""Password and PIN made anew -> Delivery, Sent or NotSent. TM Forum has no API for it; operators offer one call.

`GET /operator/v1/customers/{id}/credential-reset?credential=webPassword` (or accountPin) says how it would be sent:
`{customerId, credential, state}`, "possible" with `form` ("link", "temporary", "pin") and `sentTo {mediumType: "sms" |
"email" | "letter", value}`, or "refused" with a `reason`. `POST` with `{credential, externalId}` and an Idempotency-Key
does it: the same with `externalId`, "sent" instead of "possible", `sentAt` and perhaps `validUntil`.
Whatever else it tells, the password or PIN itself above all, is not read.
"""

from typing import Literal
from urllib.parse import quote

from pydantic import Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.credentials import Channel, Credential, Delivery, Form, NotSent, Sent, masked
from subscriber.errors import SubscriberUnavailable
from subscriber.tmf.wire import Moment, Text, Wire, believed

NAMES: dict[Credential, str] = {"password": "webPassword", "pin": "accountPin"}
FORMS: dict[Credential, frozenset[Form]] = {"password": frozenset({"link", "temporary"}), "pin": frozenset({"pin"})}
REASONS: dict[str, NotSent] = {
    "contactChanged": "contact_changed",
    "noContact": "no_contact",
    "noCredential": "none",
    "locked": "locked",
    "tooMany": "too_many",
}


class _SentTo(Wire):
    channel: Channel = Field(alias="mediumType")
    value: StrictStr = Field(default="", max_length=254, repr=False)


class _Answer(Wire):
    customer_id: Text = Field(alias="customerId")
    credential: Text
    external_id: StrictStr = Field(default="", alias="externalId")
    state: Literal["possible", "sent", "refused"]
    reason: StrictStr = ""
    form: Form | None = None
    sent_to: _SentTo | None = Field(default=None, alias="sentTo")
    sent_at: Moment | None = Field(default=None, alias="sentAt")
    valid_until: Moment | None = Field(default=None, alias="validUntil")


_ANSWER = TypeAdapter(_Answer)


class OperatorCredentials:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def possible(self, customer_id: str, credential: Credential) -> Delivery | NotSent:
        found = await self._connection.get(_path(customer_id), _ANSWER, {"credential": NAMES[credential]})
        if found is None or (found.customer_id, found.credential) != (customer_id, NAMES[credential]):
            raise SubscriberUnavailable("credentials answered something else")
        if found.state == "refused":
            return REASONS.get(found.reason, "other")
        return _delivery(found, credential)

    async def renew(self, customer_id: str, credential: Credential, *, key: str) -> Sent | NotSent:
        """Raises SubscriberUnavailable too when what was done is not what was asked for."""
        body = {"credential": NAMES[credential], "externalId": key}
        found = await self._connection.post(_path(customer_id), _ANSWER, body, key=key)
        asked = (customer_id, NAMES[credential], key)
        if found is None or (found.customer_id, found.credential, found.external_id) != asked:
            raise SubscriberUnavailable("credentials answered something else")
        if found.state == "refused":
            return REASONS.get(found.reason, "other")
        delivery, at = _delivery(found, credential), found.sent_at
        if found.state != "sent" or at is None:
            raise SubscriberUnavailable("credentials does not say that it was sent")
        return believed("credentials", lambda: Sent(delivery, at, found.valid_until))


def _delivery(found: _Answer, credential: Credential) -> Delivery:
    form, to = found.form, found.sent_to
    if form is None or form not in FORMS[credential] or to is None:
        raise SubscriberUnavailable("credentials does not say what is sent, or where")
    return believed("credentials", lambda: Delivery(form, to.channel, masked(to.channel, to.value)))


def _path(customer_id: str) -> str:
    return f"/operator/v1/customers/{quote(customer_id, safe='')}/credential-reset"
