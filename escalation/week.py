"""A week as policy files write it: blocks of wall time by weekday."""

import re
from collections.abc import Mapping
from datetime import time
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from escalation.calendar import Block

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _block(written: Any) -> Block:
    match = re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", written) if isinstance(written, str) else None
    if match is None:
        raise ValueError("a block is written like 09:00-17:30")
    opens, closes = time(int(match[1]), int(match[2])), time(int(match[3]) % 24, int(match[4]))
    if closes != time() and closes <= opens:
        raise ValueError(f"{written} ends before it begins; use 24:00 for midnight and go on the next day")
    return opens, closes


Week = Mapping[Weekday, tuple[Annotated[Block, BeforeValidator(_block)], ...]]


def check_week(week: Week) -> None:
    """Raises ValueError, which names the day."""
    for day, blocks in week.items():
        for earlier, later in pairwise(blocks):
            if earlier[1] == time() or later[0] < earlier[1]:
                raise ValueError(f"{day}: blocks must be in order and must not overlap")
