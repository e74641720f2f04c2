"""What a conversation has proved about who takes part in it."""

from dataclasses import dataclass
from typing import Literal

from subscriber.customers import Customer

Level = Literal["none", "known", "verified", "strong"]
LEVELS: tuple[Level, ...] = ("none", "known", "verified", "strong")  # the later includes the earlier


def reaches(level: Level, needed: Level) -> bool:
    return LEVELS.index(level) >= LEVELS.index(needed)


@dataclass(frozen=True, slots=True)
class Standing:
    """`customer` is who they say they are when `known`, and who they are from `verified` on."""

    level: Level = "none"
    customer: Customer | None = None
    half: bool = False  # an account number was given, one more fact is to come
    by_code: bool = False  # a one-time code is among what was proved
