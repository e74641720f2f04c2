"""New passwords and PINs of the demo operator: made here, and sent by its own message to the address on file."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Header, HTTPException, Query
from pydantic import BaseModel, Field

from subscriber.demo import tmf
from subscriber.demo.book import Book, Customer
from subscriber.demo.messages import Messages
from subscriber.demo.pins import PinBook
from subscriber.demo.sims import MOBILE

PATH = "/operator/v1/customers/{customer_id}/credential-reset"
LINK_MINUTES = 30
QUIET_DAYS = 7  # nothing is sent to a number or address that was changed within them
MOST, WITHIN = 3, timedelta(hours=1)

Kind = Literal["webPassword", "accountPin"]


class Wanted(BaseModel):
    kind: Kind = Field(alias="credential")
    external_id: str = Field(alias="externalId", min_length=1, max_length=200)


@dataclass(slots=True)
class Issuer:
    """What was asked for is kept while the program runs; what was sent stands in the message alone."""

    book: Book
    pins: PinBook
    messages: Messages
    _told: dict[str, tmf.Body] = field(default_factory=dict)  # by key
    _sent: dict[tuple[str, Kind], list[datetime]] = field(default_factory=dict)

    def possible(self, customer_id: str, kind: Kind) -> tmf.Body:
        """Raises 404 for a stranger."""
        found = self.book.customers_for(customer_id)
        if not found:
            raise HTTPException(404, "there is no such customer")
        about = {"customerId": customer_id, "credential": kind}
        if reason := self._reason(found[0], kind):
            return {**about, "state": "refused", "reason": reason}
        to, form = _address(found[0], kind), "link" if kind == "webPassword" else "pin"
        medium = "email" if "@" in to else "sms"
        return {**about, "state": "possible", "form": form, "sentTo": {"mediumType": medium, "value": to}}

    def renew(self, customer_id: str, wanted: Wanted, key: str) -> tmf.Body:
        """The same for the same key. Raises 404 for a stranger."""
        if key not in self._told:
            told = self.possible(customer_id, wanted.kind)
            if told["state"] == "possible":
                told |= self._send(customer_id, wanted.kind, told["sentTo"]["value"])
            self._told[key] = {**told, "externalId": wanted.external_id}
        return self._told[key]

    def _reason(self, customer: Customer, kind: Kind) -> str:
        """ "" when it may be sent."""
        earliest = datetime.now(UTC) - WITHIN
        if kind == "webPassword" and not customer.has_web_login:
            return "noCredential"
        if customer.login_locked:
            return "locked"
        if customer.contact_changed_days_ago is not None and customer.contact_changed_days_ago < QUIET_DAYS:
            return "contactChanged"
        if not _address(customer, kind):
            return "noContact"
        return "tooMany" if sum(at > earliest for at in self._sent.get((customer.id, kind), ())) >= MOST else ""

    def _send(self, customer_id: str, kind: Kind, to: str) -> tmf.Body:
        now = datetime.now(UTC)
        self._sent.setdefault((customer_id, kind), []).append(now)
        told = {"state": "sent", "sentAt": now.isoformat()}
        if kind == "accountPin":
            self.messages.send(to, f"The new PIN of your account is {self.pins.renew(customer_id)}.")
            return told
        link = f"https://login.example.com/new-password#{secrets.token_urlsafe(24)}"
        self.messages.send(to, f"Choose a new password, within {LINK_MINUTES} minutes: {link}")
        return {**told, "validUntil": (now + timedelta(minutes=LINK_MINUTES)).isoformat()}


def _address(customer: Customer, kind: Kind) -> str:
    """A link goes by e-mail where there is an address, a PIN by text message; "" when there is neither."""
    mobile = next((phone for phone in customer.phones if phone.startswith(MOBILE)), "")
    return mobile or customer.email if kind == "accountPin" else customer.email or mobile


def credentials(issuer: Issuer) -> APIRouter:
    router = APIRouter()

    @router.get(PATH)
    async def possible(customer_id: str, kind: Annotated[Kind, Query(alias="credential")]) -> tmf.Body:
        return issuer.possible(customer_id, kind)

    @router.post(PATH)
    async def renew(
        customer_id: str, wanted: Wanted, idempotency_key: Annotated[str, Header(min_length=1, max_length=200)]
    ) -> tmf.Body:
        return issuer.renew(customer_id, wanted, idempotency_key)

    return router
