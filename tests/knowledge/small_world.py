"""A few articles without an encoder: a wording's first word is its meaning, as in `told`; and articles by hand."""

from datetime import date
from typing import Any

import numpy as np

from knowledge.article import Article, HandOverHints
from knowledge.index import Index
from knowledge.lexicon import Numbers
from tests.knowledge.told import vector

WORDINGS = (
    ("slow internet", "slow pages", "slow film at night", "slow download"),
    ("roaming abroad", "roaming in spain", "roaming on holiday"),
    ("tv black", "tv off", "tv without picture"),
    ("puk lost", "puk code please", "puk asked for"),
)
SLOW, ROAMING, TV, PUK = range(len(WORDINGS))
SAID = (("slow router restart it",), ("roaming switch in settings",), ("tv cable behind",), ("puk card of the sim",))
NOTHING = ("joke about cats", "joke of the day", "hello robot")


def vectors_of(texts: tuple[str, ...]) -> Numbers:
    return np.stack([vector(text) for text in texts])


def small_index(*, passages: bool = False) -> Index:
    """Owners in the order of WORDINGS; texts that nothing answers are about jokes."""
    said, vectors = (SAID, vectors_of(sum(SAID, ()))) if passages else ((), None)
    return Index.of(WORDINGS, vectors_of(sum(WORDINGS, ())), vectors_of(NOTHING), said, vectors)


def unit_vectors(count: int, width: int, seed: int = 0) -> Numbers:
    """Of length 1, in directions by chance."""
    found = np.random.default_rng(seed).normal(size=(count, width))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


def article(article_id: str, **more: Any) -> Article:
    fields: dict[str, Any] = {
        "topic": "tv",
        "title": f"About {article_id}",
        "language": "en",
        "label": f"My {article_id}",
        "questions": (f"what about {article_id}",),
        "screen": "Look.",
        "ear": "Look.",
        "if_not_helped": "Ask.",
        "hand_over": HandOverHints(category="tv", department="frontline"),
        "owner": "Tests",
        "reviewed": date(2026, 11, 1),
    }
    return Article(id=article_id, **fields | more)
