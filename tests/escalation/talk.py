"""A conversation as its turns: what the customer says, and what the assistant's messages tell in their `about`."""

import itertools
from datetime import timedelta
from typing import Any
from uuid import UUID

from escalation.fate import Fate, Opened, TicketEnd, fates_of
from escalation.wire import Turn
from tests.escalation.shift import MONDAY_10

CONTACT = UUID("7f9c24e5-0d4c-4c9f-9a55-3b1f4f3f0c11")
END = TicketEnd(
    reference="FL-48317264",
    status="resolved",
    category="billing",
    reason="no_answer",
    department="billing",
    tier=2,
    role="agent",
    done="Refunded.",
)


class Talk:
    """Turns in the order they are said: the customer's are t1, t2, ..., the assistant's b1, b2, ..."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self._customer, self._bot = itertools.count(1), itertools.count(1)

    def customer(self, text: str) -> "Talk":
        return self._add("customer", f"t{next(self._customer)}", text, {})

    def bot(self, **about: Any) -> "Talk":
        return self._add("bot", f"b{next(self._bot)}", "...", about)

    def decides(self, kind: str, *articles: str, turn: str = "t1", **more: Any) -> "Talk":
        return self.bot(decision={"kind": kind, "articles": list(articles), "turn": turn, **more})

    def fates(self, *tickets: Opened) -> list[Fate]:
        return fates_of(self.turns, tickets)

    def _add(self, author: Any, turn_id: str, text: str, about: dict[str, Any]) -> "Talk":
        at = MONDAY_10 + timedelta(seconds=len(self.turns))
        self.turns.append(Turn(contact_id=CONTACT, turn_id=turn_id, author=author, text=text, at=at, about=about))
        return self


def asked(text: str = "my internet is slow") -> Talk:
    return Talk().customer(text)
