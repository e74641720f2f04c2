"""Two matching facts: who says the account number and one fact of it is its customer."""

import asyncio
import hmac
import secrets
import time
from datetime import date
from hashlib import sha256

from subscriber import facts
from subscriber.attempts import Attempts
from subscriber.customers import Customer, CustomerRecord, Customers

ANSWER_AFTER_S = 0.05  # covers what little differs between reading a record and reading an empty list
SLOTS = 8  # facts compared for every account: postcode, date of birth, up to six numbers
GUESSES = 5  # readings of what was said: one number, two dates, two postcodes


class Verifier:
    def __init__(self, customers: Customers, *, country: str, attempts: Attempts | None = None) -> None:
        self._customers = customers
        self._country = country
        self._attempts = attempts or Attempts()

    async def verify(self, account_text: str, fact_text: str) -> Customer | None:
        """One search and the same comparisons, whether the account exists, is locked or neither.

        Raises SubscriberUnavailable; that does not count as a wrong guess.
        """
        started = time.monotonic()
        account = facts.account_number(account_text)
        allowed = self._attempts.take(account)
        try:
            record = await self._customers.by_account(account or "0")
        except BaseException:
            if allowed:
                self._attempts.give_back(account)
            raise
        right = self._matches(record, fact_text)
        await asyncio.sleep(max(0.0, ANSWER_AFTER_S - (time.monotonic() - started)))
        if record is None or not (right and allowed):
            return None
        self._attempts.was_right(account)
        return record.customer

    def _matches(self, record: CustomerRecord | None, fact_text: str) -> bool:
        known = _padded(_known(record, self._country) if record else [], SLOTS)
        said = _padded(_said(fact_text, self._country), GUESSES)
        return sum(hmac.compare_digest(one, other) for one in known for other in said) > 0


def _known(record: CustomerRecord, country: str) -> list[str]:
    written = [f"postcode {code}" for code in facts.postcodes(record.customer.postcode, country)]
    if record.born_on:
        written.append(f"born {record.born_on.isoformat()}")
    return written + [f"phone {number}" for number in record.phones]


def _said(text: str, country: str) -> list[str]:
    """The few readings that one fact can have; a text with a list of facts is a list of guesses and has none."""
    text = text[:200]  # patterns over a long text take long
    number = facts.phone_number(text, country)
    days = facts.dates(text, country, today=date.today())
    codes = facts.postcodes(text, country)
    if len(days) > 2 or len(codes) > 2:
        return []
    return [
        *([f"phone {number}"] if number else []),
        *sorted(f"born {day.isoformat()}" for day in days),
        *sorted(f"postcode {code}" for code in codes),
    ]


def _padded(written: list[str], size: int) -> list[bytes]:
    """Exactly `size` digests of one length; those that fill up match nothing."""
    filled = written[:size] + [secrets.token_hex(16) for _ in range(size - len(written))]
    return [sha256(fact.encode()).digest() for fact in filled]
