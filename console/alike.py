"""Tickets that are like another problem: of the same customer, or about the same topic in words that mean the same."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from console.desk import Desk, Library
from escalation.client import EscalationRefused, EscalationUnavailable, TicketRow
from knowledge.client import KnowledgeUnavailable

TIMEOUT_S = 3.0  # of a page that waits for it
COMPARED = 60  # tickets of a topic whose words are compared
SHOWN = 5
TEXT_MAX = 1000

Why = Literal["customer", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """`but`: the reference of the ticket that is looked at."""

    words: str
    topic: str = ""
    customer_id: str = ""
    but: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    ticket: TicketRow
    why: Why


async def open_tickets(desk: Desk, library: Library, person: str, search: Search) -> list[Alike]:
    """At most `SHOWN`, those of the same customer first; none when nobody answers in time."""
    return await _found(desk, library, person, search, statuses=(None,))


async def solved_tickets(desk: Desk, library: Library, person: str, search: Search) -> list[Alike]:
    """Of tickets about the topic that were solved, with what the customers were told last."""
    of_topic = Search(words=search.words, topic=search.topic, but=search.but)
    return await _found(desk, library, person, of_topic, statuses=("resolved", "closed"))


async def _found(
    desk: Desk, library: Library, person: str, search: Search, *, statuses: Sequence[str | None]
) -> list[Alike]:
    found: dict[str, Alike] = {}
    try:
        async with asyncio.timeout(TIMEOUT_S):
            if search.customer_id:
                rows = await _rows(desk, person, search.customer_id, statuses)
                found |= {row.reference: Alike(row, "customer") for row in rows if row.reference != search.but}
            if search.topic and search.words:
                rows = await _rows(desk, person, search.topic, statuses)
                near = await _near(library, search, rows)
                found |= {row.reference: Alike(row, "words") for row in near if row.reference not in found}
    except (EscalationUnavailable, EscalationRefused, KnowledgeUnavailable, TimeoutError):
        pass  # what was found until then is shown
    return list(found.values())[:SHOWN]


async def _rows(desk: Desk, person: str, search: str, statuses: Sequence[str | None]) -> list[TicketRow]:
    return [
        row
        for status in statuses
        for row in await desk.queue(person, view="all", search=search, status=status, limit=COMPARED)
    ]


async def _near(library: Library, search: Search, rows: Sequence[TicketRow]) -> list[TicketRow]:
    """Those whose words mean the same, the nearest first."""
    readable = {row.reference: row for row in rows if row.problem.strip() and row.reference != search.but}
    if not readable:
        return []
    texts = {reference: row.problem[:TEXT_MAX] for reference, row in readable.items()}
    return [readable[reference] for reference in await library.alike(search.words[:TEXT_MAX], texts)]
