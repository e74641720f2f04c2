"""The demo operator's web login: who is logged in gets a signed token for the chat."""

import time
from typing import Annotated, Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import APIRouter, HTTPException
from jwt.algorithms import ECAlgorithm
from pydantic import BaseModel, Field

from subscriber.demo.book import Book

AUDIENCE, KEY_ID = "firstline-chat", "demo"
LASTS_S = 300


class LoginIn(BaseModel):
    account: Annotated[str, Field(max_length=20)]


class WebLogin:
    """Its key is made at the start and dies with it."""

    def __init__(self, book: Book, issuer: str) -> None:
        self._ids = {customer.account: customer.id for customer in book.customers}
        self._issuer = issuer
        self._key = ec.generate_private_key(ec.SECP256R1())

    def keys(self) -> APIRouter:
        """Open to everybody, as published keys are."""
        router = APIRouter()
        public = {
            **ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True),
            "kid": KEY_ID,
            "use": "sig",
            "alg": "ES256",
        }

        @router.get("/demo/login/keys")
        async def keys() -> dict[str, list[dict[str, Any]]]:
            return {"keys": [public]}

        return router

    def logins(self) -> APIRouter:
        """Stands for the password that a real site asks for: whoever has the operator's token logs in as anybody."""
        router = APIRouter()

        @router.post("/demo/login")
        async def log_in(asked: LoginIn) -> dict[str, str]:
            customer_id = self._ids.get(asked.account)
            if customer_id is None:
                raise HTTPException(404, "no such account")
            now = int(time.time())
            told = {"iss": self._issuer, "aud": AUDIENCE, "sub": customer_id, "iat": now, "exp": now + LASTS_S}
            return {"token": jwt.encode(told, self._key, algorithm="ES256", headers={"kid": KEY_ID})}

        return router
