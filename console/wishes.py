"""Wishes that mean the same: the sure ones are linked from time to time, of the others a person is asked.

It is the console that compares them, because it may ask both escalation and knowledge.
"""

import asyncio
import logging

from console.desk import Desk, Library
from escalation.client import EscalationRefused, EscalationUnavailable, WishGroup
from knowledge.client import KnowledgeUnavailable, Match, Wish

log = logging.getLogger(__name__)

FIRST_S, EVERY_S = 60.0, 600.0
TIMEOUT_S = 5.0  # of a page that waits for it
TEXT_MAX = 1000  # characters that are compared


async def join_for_ever(desk: Desk, library: Library) -> None:
    """Several copies do each other no harm: a wish is linked once."""
    await asyncio.sleep(FIRST_S)
    while True:
        try:
            await join(desk, library)
        except (EscalationUnavailable, KnowledgeUnavailable) as error:
            log.warning("wishes are not compared: %s", type(error).__name__)
        await asyncio.sleep(EVERY_S)


async def join(desk: Desk, library: Library) -> int:
    """Link what surely is the same; how many. Raises EscalationUnavailable or KnowledgeUnavailable."""
    joined = 0
    for match in await _matches(desk, library):
        if match.is_sure:
            try:
                await desk.join_wishes(match.reference, match.to, nearness=match.nearness)
                joined += 1
            except EscalationRefused as refusal:  # a person parted them, or was quicker
                log.info("%s stays apart from %s: %s", match.reference, match.to, refusal.status)
    return joined


async def proposal(desk: Desk, library: Library, reference: str) -> tuple[Match, WishGroup] | None:
    """The wish that this one may be the same as; None also when nobody answers in time."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            match = next((one for one in await _matches(desk, library) if one.reference == reference), None)
            if match is None:
                return None
            groups = await desk.wishes(open_only=True)
    except (EscalationUnavailable, KnowledgeUnavailable, TimeoutError):
        return None
    return next(((match, group) for group in groups if group.reference == match.to), None)


async def _matches(desk: Desk, library: Library) -> list[Match]:
    groups = sorted(await desk.wishes(open_only=True), key=lambda group: group.first_at)
    wishes = [Wish(group.reference, group.problem[:TEXT_MAX], group.count) for group in groups if group.problem.strip()]
    return await library.same_wishes(wishes) if len(wishes) > 1 else []
