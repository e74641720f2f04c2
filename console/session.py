"""Who is signed in: a random cookie, and its person in Redis."""

import hashlib
import secrets

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from escalation.client import Person

COOKIE = "firstline_console"
SESSION_S = 12 * 3600  # a long shift; then sign in again


class Session(BaseModel):
    """One signed-in browser."""

    model_config = ConfigDict(frozen=True)

    person: Person

    @property
    def username(self) -> str:
        return self.person.username


class Sessions:
    """`console:session:<hash of the cookie>`; the cookie itself is never stored, so a copy of Redis opens nothing."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def open(self, person: Person) -> str:
        """A new session; the returned id belongs in the cookie and nowhere else."""
        session_id = secrets.token_urlsafe(32)
        await self._redis.set(_key(session_id), Session(person=person).model_dump_json(), ex=SESSION_S)
        return session_id

    async def find(self, session_id: str | None) -> Session | None:
        if not session_id:
            return None
        stored = await self._redis.get(_key(session_id))
        return Session.model_validate_json(stored) if stored else None

    async def close(self, session_id: str | None) -> None:
        if session_id:
            await self._redis.delete(_key(session_id))


def _key(session_id: str) -> str:
    return f"console:session:{_hash(session_id)}"


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
