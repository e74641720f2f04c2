"""A stand-in of Twilio's REST API for text messages: takes them, keeps the last ones, sends nothing."""

import secrets
from collections import deque
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import JSONResponse

from subscriber.demo import tmf

MOST_KEPT = 500
# Twilio's own numbers for tests, and what its API answers for them.
REFUSED = {
    "+15005550001": (21211, "Invalid 'To' Phone Number"),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient"),
}


class Messages:
    def __init__(self) -> None:
        self.kept: deque[tmf.Body] = deque(maxlen=MOST_KEPT)

    def twilio(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/2010-04-01/Accounts/{sid}/Messages.json", self.take, methods=["POST"])
        return router

    def reading(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/demo/messages", self.listed, methods=["GET"])
        return router

    async def take(
        self,
        sid: str,
        to: Annotated[str, Form(alias="To")],
        sender: Annotated[str, Form(alias="From")],
        body: Annotated[str, Form(alias="Body", min_length=1, max_length=1600)],
    ) -> JSONResponse:
        if to in REFUSED:
            return refusal(to)
        message = {
            "sid": "SM" + secrets.token_hex(16),
            "account_sid": sid,
            "status": "queued",
            "to": to,
            "from": sender,
            "body": body,
            "date_created": format_datetime(datetime.now(UTC)),
            "error_code": None,
        }
        self.kept.appendleft(message)
        return JSONResponse(message, status_code=201)

    def send(self, to: str, body: str) -> None:
        """One of the operator's own systems writes, to a telephone number or an e-mail address."""
        self.kept.appendleft({"sid": "OP" + secrets.token_hex(16), "status": "sent", "to": to, "body": body})

    async def listed(self) -> list[tmf.Body]:
        """The newest first."""
        return list(self.kept)


def refusal(to: str) -> JSONResponse:
    code, why = REFUSED[to]
    return JSONResponse({"code": code, "message": why, "more_info": "", "status": 400}, status_code=400)
