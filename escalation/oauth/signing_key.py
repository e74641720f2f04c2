"""The keys our own issuer signs with: in PostgreSQL for every copy alike, encrypted, replaced every 30 days."""

import asyncio
import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from escalation.database import Sessions
from escalation.records import Record
from signed_token import Jwk

ALGORITHM = "ES256"
SIGNS_FOR = timedelta(days=30)
KNOWN_FOR = SIGNS_FOR + timedelta(days=1)  # a day longer than any token that it signed
READ_AGAIN = timedelta(seconds=60)
UNKNOWN_AGAIN = timedelta(seconds=2)  # for a key we have not heard of, which another copy may just have made
_LOCK = 621_0041  # one copy makes the next key


class SigningKeyRecord(Record):
    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(primary_key=True)
    pem: Mapped[str]  # PKCS 8, encrypted
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class SigningKey:
    kid: str
    private: ec.EllipticCurvePrivateKey
    created_at: datetime

    @property
    def public(self) -> Jwk:
        known: dict[str, Any] = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**known, "kid": self.kid, "alg": ALGORITHM, "use": "sig"}


class KeyRing:
    """The first of `secrets` encrypts the keys in the database, so that a copy of it signs nothing.

    Each of them opens keys; those that another secret encrypted are passed over.
    """

    def __init__(self, sessions: Sessions, secrets: Sequence[str], now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._secrets = [hashlib.sha256(b"firstline signing key\0" + secret.encode()).digest() for secret in secrets]
        self._now = now
        self._keys: dict[str, SigningKey] = {}
        self._read_at: datetime | None = None
        self._lock = asyncio.Lock()

    async def signing(self) -> SigningKey:
        """The newest key; made now when there is none young enough."""
        await self._read(READ_AGAIN)
        return self._young() or await self._make()

    async def known(self) -> list[SigningKey]:
        await self._read(READ_AGAIN)
        return list(self._keys.values())

    async def find(self, kid: str) -> SigningKey | None:
        await self._read(READ_AGAIN if kid in self._keys else UNKNOWN_AGAIN)
        return self._keys.get(kid)

    def _young(self) -> SigningKey | None:
        newest = max(self._keys.values(), key=lambda key: key.created_at, default=None)
        return newest if newest is not None and self._now() - newest.created_at < SIGNS_FOR else None

    async def _read(self, at_most: timedelta) -> None:
        async with self._lock:
            now = self._now()
            if self._read_at is not None and now - self._read_at < at_most:
                return
            async with self._sessions() as session:
                query = select(SigningKeyRecord).where(SigningKeyRecord.created_at > now - KNOWN_FOR)
                records = list(await session.scalars(query))
            opened = [self._keys.get(record.kid) or await asyncio.to_thread(self._open, record) for record in records]
            self._keys = {key.kid: key for key in opened if key is not None}
            self._read_at = now

    async def _make(self) -> SigningKey:
        async with self._sessions.begin() as session:
            await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            await self._read(timedelta())
            if (made_by_another := self._young()) is not None:
                return made_by_another
            private = ec.generate_private_key(ec.SECP256R1())
            key = SigningKey(_thumbprint(private), private, self._now())
            pem = await asyncio.to_thread(self._close, private)
            session.add(SigningKeyRecord(kid=key.kid, pem=pem, created_at=key.created_at))
        self._keys = {**self._keys, key.kid: key}
        return key

    def _close(self, private: ec.EllipticCurvePrivateKey) -> str:
        encryption = serialization.BestAvailableEncryption(self._secrets[0])
        return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption).decode()

    def _open(self, record: SigningKeyRecord) -> SigningKey | None:
        for secret in self._secrets:
            try:
                private = serialization.load_pem_private_key(record.pem.encode(), secret)
            except ValueError:  # another secret
                continue
            if isinstance(private, ec.EllipticCurvePrivateKey):
                return SigningKey(record.kid, private, record.created_at)
        return None


def _thumbprint(private: ec.EllipticCurvePrivateKey) -> str:
    """RFC 7638: the same key has the same name everywhere."""
    known: dict[str, Any] = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    needed = json.dumps({name: known[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return urlsafe_b64encode(hashlib.sha256(needed.encode()).digest()).rstrip(b"=").decode()
