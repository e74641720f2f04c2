"""Facts that match: whether what somebody says is a fact of one customer's record."""

import hmac
import secrets
from datetime import date
from hashlib import sha256

from subscriber import facts
from subscriber.customers import CustomerRecord

SLOTS = 8  # facts compared for every account: postcode, date of birth, up to six numbers
GUESSES = 10  # readings of what was said, as it was and with spoken digits as figures


def matches(record: CustomerRecord | None, said: tuple[str, ...], country: str) -> bool:
    """The same comparisons, whether there is such an account or not. `said` is one fact in one or two writings."""
    known = _padded(_known(record, country) if record else [], SLOTS)
    guessed = _padded(sorted({reading for text in said for reading in _said(text, country)}), GUESSES)
    return sum(hmac.compare_digest(one, other) for one in known for other in guessed) > 0


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
