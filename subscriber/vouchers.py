"""A voucher that a conversation gives: its code goes to the operator and is kept nowhere."""

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from redis.asyncio import Redis

from subscriber.attempts import Attempts, Guess
from subscriber.errors import SubscriberUnavailable
from subscriber.identity_policy import IdentityPolicy
from subscriber.progress import RUNNING, ProgressStore
from subscriber.standing import Standing, reaches
from subscriber.topups import TopUps, VoucherRefused
from subscriber.verification import Busy

CODE = re.compile(r"\d{12,16}")
NEEDS = "action_topup"  # the level of this action

# accepted: taken, and not on the balance yet. unread: no code in it. unsure: used or not, nobody knows. away: nothing
# was sent.
VoucherOutcome = Literal[
    "topped_up", "accepted", "unread", "wrong", "used", "expired", "not_prepaid", "locked", "unsure", "away"
]


@dataclass(frozen=True, slots=True)
class VoucherGiven:
    outcome: VoucherOutcome
    lock_began: bool = False  # true once for every lock: a person is to be told
    customer_id: str = ""


class Vouchers:
    """Wrong codes count by customer, and with all other wrong guesses by whoever guesses."""

    def __init__(
        self,
        topups: TopUps,
        standing: Callable[[UUID], Awaitable[Standing]],
        redis: "Redis",
        policy: IdentityPolicy,
        *,
        digest: Callable[[str], str],
        now: Callable[[], float] = time.time,
    ) -> None:
        """`standing` says who a conversation has proved to be; `digest` keys what stands in Redis."""
        self._topups = topups
        self._standing = standing
        self._level = policy.levels[NEEDS]
        self._turns = ProgressStore(redis, lifetime_s=policy.proof_minutes * 60)
        self._attempts = Attempts(redis, policy)
        self._digest = digest
        self._now = now

    async def give(self, contact_id: UUID, figures: str, *, turn_id: str, caller: str) -> VoucherGiven:
        """`figures` are the words with spoken digits as figures; `caller` says who guesses.

        A turn that comes again has the outcome it had. Raises Busy and redis.exceptions.RedisError; a system that is
        away is an outcome.
        """
        before = await self._turns.begin(contact_id, turn_id)
        if before == RUNNING:
            raise Busy
        if before is not None:
            return VoucherGiven(before)  # type: ignore[arg-type]  # as finish() wrote it
        try:
            given = await self._checked(contact_id, figures, turn_id, caller or str(contact_id))
        except BaseException:
            await self._turns.drop(contact_id, turn_id)
            raise
        await self._turns.finish(contact_id, turn_id, given.outcome)
        return given

    async def _checked(self, contact_id: UUID, figures: str, turn_id: str, caller: str) -> VoucherGiven:
        """Nothing is sent without a code, and for nobody who is not known well enough."""
        code = "".join(filter(str.isdigit, figures))
        try:
            standing = await self._standing(contact_id)
        except SubscriberUnavailable:
            return VoucherGiven("away")
        if standing.customer is None or not reaches(standing.level, self._level):
            return VoucherGiven("away")
        if not CODE.fullmatch(code):
            return VoucherGiven("unread")
        customer_id = standing.customer.customer_id
        guess = await self._attempts.take(self._digest(f"voucher {customer_id}"), self._digest(caller), self._now())
        if guess is None:
            return VoucherGiven("locked")
        return await self._redeem(customer_id, code, f"{contact_id}-{turn_id}", guess)

    async def _redeem(self, customer_id: str, code: str, key: str, guess: Guess) -> VoucherGiven:
        try:
            is_there = await self._topups.redeem(customer_id, code, key=key)
        except VoucherRefused as refused:
            if refused.why == "not_prepaid":
                await self._attempts.give_back(guess)
                return VoucherGiven("not_prepaid")
            began = await self._attempts.was_wrong(guess, self._now())
            return VoucherGiven("locked" if began else refused.why, began, customer_id)
        except SubscriberUnavailable:
            await self._attempts.give_back(guess)
            return VoucherGiven("unsure")
        await self._attempts.was_right(guess)
        return VoucherGiven("topped_up" if is_there else "accepted")
