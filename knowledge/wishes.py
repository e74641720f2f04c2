"""Wishes in, those that mean the same out: embedded by the live encoder, on a scale measured with it."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from knowledge.encoder import Encoder
from knowledge.findings import Match, Wish
from knowledge.lexicon import Numbers
from knowledge.same_wish import WishScale, likely, matches, scale_of
from settings import ROOT

LABELLED = ROOT / "data" / "eval" / "wishes.jsonl"


class WishList:
    """`encoder`: the live one. Another one gets a scale of its own: a cosine means something else in each."""

    def __init__(self, encoder: Callable[[], Encoder]) -> None:
        self._live = encoder
        self._measured_with: Encoder | None = None
        self._scale = WishScale(1.0, 1.0)

    async def same(self, wishes: Sequence[Wish]) -> list[Match]:
        """`wishes` in the order they came; the surest first."""
        encoder = await self._measured()
        vectors = await _vectors(encoder, [wish.text for wish in wishes])
        return await asyncio.to_thread(matches, wishes, vectors, self._scale)

    async def alike(self, text: str, others: Mapping[str, str]) -> list[str]:
        """Keys of the others that likely mean the same, the nearest first."""
        encoder = await self._measured()
        vectors = await _vectors(encoder, [text, *others.values()])
        return [list(others)[place] for place in likely(vectors[0], vectors[1:], self._scale)]

    async def _measured(self) -> Encoder:
        """The live encoder, once the scale is its own."""
        encoder = self._live()
        if self._measured_with is not encoder:
            texts, groups = labelled()
            self._scale = scale_of(await _vectors(encoder, texts), groups)
            self._measured_with = encoder
        return encoder


async def _vectors(encoder: Encoder, texts: Sequence[str]) -> Numbers:
    """One text at a time, so that customers' questions are answered in between."""
    rows = [await encoder.vector(text) for text in texts]
    return np.asarray(np.stack(rows) if rows else np.zeros((0, 0)), dtype=np.float32)


def labelled() -> tuple[list[str], list[str]]:
    """Texts of wishes, and the wish that each means."""
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    return [row["text"] for row in rows], [row["group"] for row in rows]
