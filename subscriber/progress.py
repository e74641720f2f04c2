"""How far a conversation is with saying who takes part, kept in Redis: never what was said for it."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from subscriber.standing import Level

Proof = Literal["fact", "code", "login"]
Awaits = Literal["account", "fact", "code"]
RUNNING = "-"
RUNNING_S = 30  # longer than any check takes; a copy that died lets go after this
OUTCOME_S = 3600


class Progress(BaseModel):
    """`customer_id` is who they are by what the conversation proved, or without a proof by a number.

    `account` is a digest. `candidate` is the customer whose account was named; "" while none or nobody was.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    proofs: tuple[Proof, ...] = ()
    customer_id: str = ""
    awaits: Awaits = "account"
    account: str = ""
    candidate: str = ""
    caller: str = ""  # a digest: who guesses

    @property
    def level(self) -> Level:
        """A code and something else together are strong, whichever came first."""
        if "code" in self.proofs and len(self.proofs) > 1:
            return "strong"
        if self.proofs:
            return "verified"
        return "known" if self.customer_id else "none"

    def proved(self, customer_id: str, proof: Proof) -> "Progress":
        """What was proved of another customer counts no more."""
        before = self.proofs if customer_id == self.customer_id else ()
        proofs = before if proof in before else (*before, proof)
        return Progress(proofs=proofs, customer_id=customer_id, caller=self.caller)


class ProgressStore:
    """Raises redis.exceptions.RedisError."""

    def __init__(self, redis: "Redis", *, lifetime_s: int) -> None:
        self._redis = redis
        self._lifetime_s = lifetime_s

    async def load(self, contact_id: UUID) -> Progress:
        kept = await self._redis.get(_key(contact_id))
        return Progress.model_validate_json(kept) if kept else Progress()

    async def save(self, contact_id: UUID, progress: Progress) -> None:
        await self._redis.set(_key(contact_id), progress.model_dump_json(), ex=self._lifetime_s)

    async def begin(self, contact_id: UUID, turn_id: str) -> str | None:
        """None when this turn is ours to check; its outcome, or RUNNING, when it was or is being checked."""
        key = _turn(contact_id, turn_id)
        if await self._redis.set(key, RUNNING, nx=True, ex=RUNNING_S):
            return None
        return str(await self._redis.get(key) or RUNNING)

    async def finish(self, contact_id: UUID, turn_id: str, outcome: str) -> None:
        await self._redis.set(_turn(contact_id, turn_id), outcome, ex=OUTCOME_S)

    async def drop(self, contact_id: UUID, turn_id: str) -> None:
        """It was not checked after all."""
        await self._redis.delete(_turn(contact_id, turn_id))


def _key(contact_id: UUID) -> str:
    return f"subscriber:identity:{contact_id}"


def _turn(contact_id: UUID, turn_id: str) -> str:
    return f"subscriber:given:{contact_id}:{turn_id}"
