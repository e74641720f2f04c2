"""Who is signed in: a random cookie, its person in Redis, and the brake on guessing passwords."""

import hashlib
import secrets

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from escalation.client import Person

COOKIE = "firstline_console"
SESSION_S = 12 * 3600  # a long shift; then sign in again
WINDOW_S = 15 * 60  # failed sign-ins are counted over this long

TRIES_PER_NAME_AND_ADDRESS = 5
TRIES_PER_NAME = 20  # from anywhere: slows many addresses down without letting one lock a colleague out
TRIES_PER_ADDRESS = 60  # an office shares one address


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


class SignInBrake:
    """Counts tries before the password is looked at, so that parallel guesses count too."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def allows(self, username: str, address: str) -> bool:
        """Count this try; False when a limit is passed."""
        allowed = True
        for key, limit in _limits(username, address):
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(key, 0, ex=WINDOW_S, nx=True)
                pipe.incr(key)
                _, tries = await pipe.execute()
            allowed = allowed and tries <= limit
        return allowed

    async def forget(self, username: str, address: str) -> None:
        """After a successful sign-in this person starts afresh; the address keeps its count."""
        await self._redis.delete(*[key for key, _ in _limits(username, address)[:2]])


def _limits(username: str, address: str) -> list[tuple[str, int]]:
    name = _hash(username.strip().casefold())
    return [
        (f"console:sign-in:both:{name}:{_hash(address)}", TRIES_PER_NAME_AND_ADDRESS),
        (f"console:sign-in:name:{name}", TRIES_PER_NAME),
        (f"console:sign-in:address:{_hash(address)}", TRIES_PER_ADDRESS),
    ]


def _key(session_id: str) -> str:
    return f"console:session:{_hash(session_id)}"


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
