"""knowledge.encoder: a message is read once, with its parts, and nothing is read twice."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from knowledge.answer import Context, HandOver
from knowledge.article import HandOverHints
from knowledge.encoder import Encoder
from knowledge.light import Vectors
from knowledge.opened import Opened

SAID = "my tv has no picture and I was charged twice"
PARTS = ["my tv has no picture", "I was charged twice"]
DANGER = SimpleNamespace(reason="safety", hints=HandOverHints(category="equipment", department="frontline"))


class CountingModel:
    """A text as its length and its first letter; remembers what it was asked, call by call."""

    name = "counting"

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[str]]] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.asarray([[len(text), ord(text[0])] for text in texts], dtype=np.float32)

    def read(self, text: str, parts: Sequence[str]) -> Vectors:
        self.calls.append((text, list(parts)))
        return self.encode([text, *parts])


@pytest.fixture
def model() -> CountingModel:
    return CountingModel()


@pytest.fixture
def encoder(model: CountingModel) -> Iterator[Encoder]:
    encoder = Encoder(model)
    yield encoder
    encoder.close()


def opened(encoder: Encoder) -> Opened:
    """Its build holds only what a decision needs that ends with what a text means: somebody is in danger."""
    build: Any = SimpleNamespace(flows=(), judge=None, people=SimpleNamespace(kind=lambda *_: (DANGER, 0.9)))
    return Opened(build, encoder)


async def test_a_message_and_its_parts_are_read_at_once(encoder: Encoder, model: CountingModel) -> None:
    decision = await opened(encoder).decide(SAID, Context())

    assert isinstance(decision, HandOver)
    assert model.calls == [(SAID, PARTS)]


def test_they_are_in_this_thread_too(encoder: Encoder, model: CountingModel) -> None:
    opened(encoder).decide_now(SAID, Context())

    assert model.calls == [(SAID, PARTS)]


async def test_what_was_read_is_remembered_and_a_text_with_its_parts_is_not_the_text_alone(
    encoder: Encoder, model: CountingModel
) -> None:
    alone = await encoder.vector("slow tv")
    with_parts = await encoder.read("slow tv", ["slow", "tv"])

    assert (await encoder.vector("slow tv")).tolist() == alone.tolist() == [7, 115]
    assert (await encoder.read("slow tv", ["slow", "tv"])).tolist() == with_parts.tolist()
    assert with_parts.tolist() == [[7, 115], [4, 115], [2, 116]]
    assert model.calls == [("slow tv", []), ("slow tv", ["slow", "tv"])]
