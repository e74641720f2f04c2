"""Who is it: facts, codes and PINs that a conversation gives, checked here and kept nowhere."""

import asyncio
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal
from uuid import UUID

from redis.asyncio import Redis

from subscriber import facts
from subscriber.attempts import Attempts
from subscriber.code import OneTimeCodes
from subscriber.customers import CustomerRecord, Customers
from subscriber.errors import SubscriberUnavailable
from subscriber.identity import matches
from subscriber.identity_policy import IdentityPolicy
from subscriber.pins import Pins, pin_in
from subscriber.progress import RUNNING, Progress, ProgressStore, Proof
from subscriber.standing import Level, Standing

ANSWER_AFTER_S = 0.05  # covers what little differs between reading a record and reading an empty list
NOBODY = "0"  # asked for in place of an account that there is not, so that both take as long

# half: an account number was taken. unread: nothing in it was an account number. over: the code is worth nothing.
Outcome = Literal["half", "verified", "strong", "unread", "mismatch", "wrong_code", "over", "locked", "unavailable"]
NoCode = Literal["no_number", "too_many"]
# What a login comes to: how far they are believed now; other: the conversation is another customer's.
Login = Level | Literal["other", "refused"]


class Busy(Exception):
    """The same turn is being checked by another copy."""


@dataclass(frozen=True, slots=True)
class Given:
    outcome: Outcome
    lock_began: bool = False  # true once for every lock: a person is to be told
    customer_id: str = ""  # whose account was guessed at, when a lock began; "" for an account that there is not


@dataclass(frozen=True, slots=True, repr=False)
class NewCode:
    """`code` is None where nothing is sent, which the customer is not told before they are verified."""

    code: str | None
    number: str  # E.164, of the operator's file
    minutes: int


class Verification:
    """Raises SubscriberUnavailable and redis.exceptions.RedisError unless it says otherwise."""

    def __init__(
        self,
        customers: Customers,
        pins: Pins,
        redis: "Redis",
        policy: IdentityPolicy,
        *,
        secret: str,
        country: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`secret` keys the digests, which stand in Redis in place of numbers and codes."""
        if not secret:
            raise ValueError("the secret of verification is empty")
        self._customers = customers
        self._pins = pins
        self._policy = policy
        self._secret = secret.encode()
        self._country = country
        self._now = now
        self._progress = ProgressStore(redis, lifetime_s=policy.proof_minutes * 60)
        self._attempts = Attempts(redis, policy)
        self._codes = OneTimeCodes(redis, policy, self.digest)

    @property
    def lock_minutes(self) -> int:
        return self._policy.lock_minutes

    def needed(self, action: str) -> Level:
        """What the action needs. Raises KeyError for one that the table does not name."""
        return self._policy.levels[action]

    async def standing(self, contact_id: UUID) -> Standing:
        progress = await self._progress.load(contact_id)
        record = await self._customers.get(progress.customer_id) if progress.customer_id else None
        half = progress.awaits == "fact"
        if record is None:
            return Standing(half=half)
        return Standing(progress.level, record.customer, half, "code" in progress.proofs)

    async def recognise(self, contact_id: UUID, number: str) -> None:
        """A caller is known by a number that only one customer has; a number proves nothing more."""
        progress = await self._progress.load(contact_id)
        if progress.customer_id:
            return
        found = await self._customers.by_phone(number)
        if len(found) == 1:
            known = progress.model_copy(update={"customer_id": found[0].customer.customer_id})
            await self._progress.save(contact_id, known)

    async def log_in(self, contact_id: UUID, customer_id: str, *, proves: Literal["known", "verified"]) -> Login:
        """Whom the operator's web login names; what the conversation has of another customer is not given to them."""
        progress = await self._progress.load(contact_id)
        if progress.customer_id and progress.customer_id != customer_id:
            return "other"
        if await self._customers.get(customer_id) is None:
            return "refused"
        if proves == "verified":
            progress = progress.proved(customer_id, "login")
        else:
            progress = progress.model_copy(update={"customer_id": customer_id})
        await self._progress.save(contact_id, progress)
        return progress.level

    async def start_again(self, contact_id: UUID) -> None:
        """From the account number on; what was proved stays proved."""
        progress = await self._progress.load(contact_id)
        await self._codes.withdraw(contact_id)
        again = {"awaits": "account", "account": "", "candidate": ""}
        await self._progress.save(contact_id, progress.model_copy(update=again))

    async def new_code(self, contact_id: UUID) -> NewCode | NoCode:
        """A code for who is known or verified, or for the account that was named; the next six digits are it."""
        progress = await self._progress.load(contact_id)
        customer_id = progress.customer_id or progress.candidate
        record = await self._customers.get(customer_id or NOBODY)
        number = (record.mobile or "") if record else ""
        is_secret = not progress.customer_id  # whether there is such an account
        if not (number or is_secret):
            return "no_number"
        who = customer_id or progress.account
        caller = progress.caller or str(contact_id)
        if not await self._codes.may_send(self._now(), account=who, number=number or who, caller=caller):
            return "too_many"
        code = await self._codes.issue(contact_id, customer_id or NOBODY, self._now())
        await self._progress.save(contact_id, progress.model_copy(update={"awaits": "code"}))
        return NewCode(code if number else None, number, self._policy.code_minutes)

    async def give(
        self, contact_id: UUID, words: str, *, figures: str, turn_id: str, caller: str, keyed: bool = False
    ) -> Given:
        """Check what was typed, said or keyed in. A turn that comes again has the outcome it had.

        `figures` are the words with spoken digits as figures; `caller` says who guesses: a telephone number, an
        address, or nothing where it is withheld. Raises Busy; a system that is away is an outcome.
        """
        before = await self._progress.begin(contact_id, turn_id)
        if before == RUNNING:
            raise Busy
        if before is not None:
            return Given(before)  # type: ignore[arg-type]  # as finish() wrote it
        try:
            given = await self._check(contact_id, words, figures, caller or str(contact_id), keyed=keyed)
        except SubscriberUnavailable:
            given = Given("unavailable")
        except BaseException:
            await self._progress.drop(contact_id, turn_id)
            raise
        await self._progress.finish(contact_id, turn_id, given.outcome)
        return given

    async def _check(self, contact_id: UUID, words: str, figures: str, caller: str, *, keyed: bool) -> Given:
        progress = await self._progress.load(contact_id)
        progress = progress.model_copy(update={"caller": self.digest(caller)})
        started = time.monotonic()
        if progress.awaits == "code":
            given = await self._code(contact_id, progress, figures)
        elif progress.awaits == "fact":
            given = await self._fact(contact_id, progress, (words, figures), keyed=keyed)
        else:
            given = await self._account(contact_id, progress, figures)
        await asyncio.sleep(max(0.0, ANSWER_AFTER_S - (time.monotonic() - started)))
        return given

    async def _account(self, contact_id: UUID, progress: Progress, figures: str) -> Given:
        number, rest = facts.account_in(figures)
        if not number:
            return Given("unread")
        record = await self._customers.by_account(number)
        candidate = record.customer.customer_id if record else ""
        account = self.digest(f"customer {candidate}" if candidate else f"account {number}")
        named = {"awaits": "fact", "account": account, "candidate": candidate}
        progress = progress.model_copy(update=named)
        await self._progress.save(contact_id, progress)
        if any(map(str.isdigit, rest)):
            return await self._fact(contact_id, progress, (rest,), keyed=False)
        return Given("half")

    async def _fact(self, contact_id: UUID, progress: Progress, said: tuple[str, ...], *, keyed: bool) -> Given:
        guess = await self._attempts.take(progress.account, progress.caller, self._now())
        try:
            record = await self._customers.get(progress.candidate or NOBODY)
            right = matches(record, said, self._country) or await self._is_pin(record, said[-1], keyed=keyed)
        except BaseException:
            if guess:
                await self._attempts.give_back(guess)
            raise
        if guess is None:
            return await self._refused(contact_id, progress, "locked", began=False)
        if record is None or not right:
            began = await self._attempts.was_wrong(guess, self._now())
            return await self._refused(contact_id, progress, "locked" if began else "mismatch", began=began)
        await self._attempts.was_right(guess)
        return await self._proved(contact_id, progress, record, "fact")

    async def _is_pin(self, record: CustomerRecord | None, figures: str, *, keyed: bool) -> bool:
        """Only by keys: a PIN is never said aloud. The operator's own system compares it."""
        pin = pin_in(figures) if keyed else None
        return pin is not None and await self._pins.check(record.customer.customer_id if record else NOBODY, pin)

    async def _code(self, contact_id: UUID, progress: Progress, figures: str) -> Given:
        customer_id = progress.customer_id or progress.candidate or NOBODY
        guess = await self._attempts.take(self.digest(f"customer {customer_id}"), progress.caller, self._now())
        if guess is None:
            return Given("locked")
        code = "".join(filter(str.isdigit, figures))
        tried = await self._codes.check(contact_id, customer_id, code, self._now())
        record = await self._customers.get(customer_id) if tried == "right" else None
        if record is None:
            began = await self._attempts.was_wrong(guess, self._now())
            outcome: Outcome = "over" if tried == "over" else "wrong_code"
            return Given("locked" if began else outcome, began, customer_id)
        await self._attempts.was_right(guess)
        return await self._proved(contact_id, progress, record, "code")

    async def _refused(self, contact_id: UUID, progress: Progress, outcome: Outcome, *, began: bool) -> Given:
        again = {"awaits": "account", "account": "", "candidate": ""}
        await self._progress.save(contact_id, progress.model_copy(update=again))
        return Given(outcome, began, progress.candidate)

    async def _proved(self, contact_id: UUID, progress: Progress, record: CustomerRecord, proof: Proof) -> Given:
        proved = progress.proved(record.customer.customer_id, proof)
        await self._progress.save(contact_id, proved)
        return Given("strong" if proved.level == "strong" else "verified")

    def digest(self, text: str) -> str:
        """Stands in Redis in place of what it was made of."""
        return hmac.new(self._secret, text.encode(), sha256).hexdigest()
