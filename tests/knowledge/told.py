"""Fates as escalation would tell them, and a world in which a question's first word is its meaning."""

import itertools
from typing import Any

import numpy as np

from knowledge.fate import Fate, Ticket
from knowledge.lexicon import Numbers
from knowledge.nearness import Examples

MEANINGS = ("satellite", "slow", "roaming", "bill", "tv", "joke", "puk", "hello")
_contacts = itertools.count(1)


def fate(question: str, kind: str = "no_answer", outcome: str = "unanswered", **more: Any) -> Fate:
    """Of a contact of its own, unless it is named."""
    contact_id = more.pop("contact_id", f"contact-{next(_contacts)}")
    return Fate(contact_id, question, kind, outcome, **more)


def with_person(question: str, kind: str = "no_answer", *, category: str = "general", done: str = "") -> Fate:
    return fate(question, kind, "handed_over", ticket=Ticket(category, done))


def helped(question: str, article: str, *, offered: tuple[str, ...] = ("slow", "tv"), **more: Any) -> Fate:
    """By a choice that was offered."""
    return fate(question, "ask_back", "helped", articles=offered, picked=article, helped_by=article, **more)


def vector(text: str) -> Numbers:
    """Near those that begin with the same word, at a right angle to all others; "slow+roaming" lies between."""
    first, *rest = text.split()
    found = np.zeros(len(MEANINGS) + 32, dtype=np.float32)
    for meaning in first.split("+"):
        found[MEANINGS.index(meaning)] = 1
    for word in rest:
        found[len(MEANINGS) + sum(map(ord, word)) % 32] += 0.1
    return np.asarray(found / np.linalg.norm(found), dtype=np.float32)


def vectors(*fates: Fate) -> dict[str, Numbers]:
    return {told.question: vector(told.question) for told in fates if told.question}


def examples(**texts: tuple[str, ...]) -> Examples:
    """The example questions of each article."""
    rows = [(article.replace("_", "-"), text) for article, some in texts.items() for text in some]
    return Examples(
        articles=tuple(article for article, _ in rows),
        texts=tuple(text for _, text in rows),
        vectors=np.stack([vector(text) for _, text in rows]),
        titles={article: f"About {article}" for article, _ in rows},
    )


KNOWN = {"en": examples(slow=("slow internet", "slow pages"), roaming=("roaming abroad",), tv=("tv black", "tv off"))}
