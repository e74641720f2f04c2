"""The reference a customer reads out or types: `FL-` and eight digits, the last of them Luhn's check digit."""

import re
import secrets
from collections.abc import Mapping

PREFIX = "FL-"
_TOLD = re.compile(r"F[\s\-.,]*L(?:[\s\-.,]*\d){8}(?!\d)")  # as written, or spelled for the ear
_SPOKEN = re.compile(r"[\s\-.,#]+")


def new_reference() -> str:
    """Random, so that one reference says nothing about another."""
    body = f"{secrets.randbelow(9_000_000) + 1_000_000}"
    return f"{PREFIX}{body}{check_digit(body)}"


def check_digit(body: str) -> int:
    """Luhn: finds every single wrong digit and every swap of neighbours except 09/90."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def normalise(written: str) -> str | None:
    """'fl 4831 7264', '48317264' -> 'FL-48317264'; None when it cannot be a reference (form or check digit)."""
    digits = _SPOKEN.sub("", written.upper()).removeprefix("FL")
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit():
        return None
    return f"{PREFIX}{digits}" if check_digit(digits[:-1]) == int(digits[-1]) else None


def told_in(text: str, about: Mapping[str, object]) -> frozenset[str]:
    """The references that a turn tells the customer: named by what it is about, written or spelled in its text."""
    written = [*_TOLD.findall(text), str(about.get("reference", ""))]
    return frozenset(found for one in written if (found := normalise(one)) is not None)
