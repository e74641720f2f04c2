"""A stand-in of Twilio's REST API for calls: they ring here until somebody answers, or until nobody has.

Who answers (`scripts/call --answer`) follows the call's documents themselves and reports its end.
"""

import asyncio
import secrets
from collections import deque
from typing import Annotated
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from twilio.request_validator import RequestValidator

from subscriber.demo import tmf
from subscriber.demo.messages import REFUSED, refusal

MOST_KEPT = 500
REPORT_S = 10.0
RINGING, ANSWERED, NO_ANSWER = "ringing", "in-progress", "no-answer"


class CallForm(BaseModel):
    """The part of Twilio's form that is understood here."""

    to: str = Field(alias="To")
    sender: str = Field(alias="From")
    url: str = Field(alias="Url")
    ended: str = Field(alias="StatusCallback")
    ring_s: int = Field(default=60, alias="Timeout", ge=1, le=600)


class Calls:
    """`web_url`: where webhooks are really sent; `public_url`: the address they are signed for."""

    def __init__(self, *, token: str, public_url: str, web_url: str) -> None:
        self.kept: deque[tmf.Body] = deque(maxlen=MOST_KEPT)
        self._signing = RequestValidator(token)
        self._public_url = public_url
        self._web_url = web_url
        self._ringing: set[asyncio.Task[None]] = set()

    def twilio(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/2010-04-01/Accounts/{sid}/Calls.json", self.take, methods=["POST"])
        return router

    def reading(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/demo/calls", self.listed, methods=["GET"])
        router.add_api_route("/demo/calls/{sid}/answered", self.answer, methods=["POST"])
        return router

    async def take(self, sid: str, asked: Annotated[CallForm, Form()]) -> JSONResponse:
        if asked.to in REFUSED:
            return refusal(asked.to)
        call = {"sid": "CA" + secrets.token_hex(16), "account_sid": sid, "status": "queued"}
        call |= {"to": asked.to, "from": asked.sender}
        self.kept.appendleft({**call, "status": RINGING, "url": asked.url, "status_callback": asked.ended})
        ringing = asyncio.create_task(self._ring(self.kept[0], asked.ring_s))
        self._ringing.add(ringing)
        ringing.add_done_callback(self._ringing.discard)
        return JSONResponse(call, status_code=201)

    async def listed(self) -> list[tmf.Body]:
        """The newest first."""
        return list(self.kept)

    async def answer(self, sid: str) -> tmf.Body:
        """Only a call that rings can be answered, and only once."""
        for call in self.kept:
            if call["sid"] == sid and call["status"] == RINGING:
                call["status"] = ANSWERED
                return call
        raise HTTPException(409, "this call does not ring")

    async def _ring(self, call: tmf.Body, ring_s: int) -> None:
        await asyncio.sleep(ring_s)
        if call["status"] != RINGING:
            return
        call["status"] = NO_ANSWER
        form = {
            "CallSid": call["sid"],
            "AccountSid": call["account_sid"],
            "Direction": "outbound-api",
            "CallStatus": NO_ANSWER,
            "From": call["from"],
            "To": call["to"],
        }
        url = call["status_callback"]
        parts = urlsplit(url)
        place = f"{parts.path.removeprefix(urlsplit(self._public_url).path)}?{parts.query}"
        async with httpx.AsyncClient(base_url=self._web_url, timeout=REPORT_S) as http:
            signature = self._signing.compute_signature(url, form)
            await http.post(place, data=form, headers={"X-Twilio-Signature": signature})
