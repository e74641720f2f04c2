"""What was embedded before is not embedded again."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedded import Embedded
from knowledge.lexicon import Numbers
from knowledge.store import Store


class CountingModel:
    """Texts as their length and their first letter; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Numbers:
        self.asked += texts
        return np.asarray([[len(text), ord(text[0])] for text in texts], dtype=np.float32).reshape(len(texts), 2)


def embedded(folder: Path, model: CountingModel, name: str = "model") -> Embedded:
    return Embedded(Store(folder), name, model.encode, lambda _: None)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder in which three texts are kept."""
    embed = embedded(tmp_path, CountingModel())
    embed(["slow", "tv black", "puk"])
    embed.keep()
    return tmp_path


def test_one_changed_text_embeds_one_text(kept: Path) -> None:
    model = CountingModel()
    embed = embedded(kept, model)

    vectors = embed(["slow", "tv is black", "puk"])

    assert model.asked == ["tv is black"]
    assert embed.new == 1
    assert vectors.tolist() == CountingModel().encode(["slow", "tv is black", "puk"]).tolist()


def test_a_text_that_comes_twice_is_embedded_once(tmp_path: Path) -> None:
    model = CountingModel()

    vectors = embedded(tmp_path, model)(["slow", "puk", "slow"])

    assert model.asked == ["slow", "puk"]
    assert vectors[0].tolist() == vectors[2].tolist()


def test_another_model_embeds_everything_anew(kept: Path) -> None:
    model = CountingModel()

    embedded(kept, model, "another")(["slow", "puk"])

    assert model.asked == ["slow", "puk"]


def test_what_is_no_longer_used_is_forgotten(kept: Path) -> None:
    embed = embedded(kept, CountingModel())
    embed(["slow"])
    embed.keep()
    model = CountingModel()

    embedded(kept, model)(["slow", "puk"])

    assert model.asked == ["puk"]


def test_very_many_texts_are_embedded_in_turns_and_told(tmp_path: Path) -> None:
    said: list[str] = []
    texts = [f"text {number}" for number in range(4500)]

    vectors = Embedded(Store(tmp_path), "model", CountingModel().encode, said.append)(texts)

    assert vectors.tolist() == CountingModel().encode(texts).tolist()
    assert said[-1] == "Embedded 4500 of 4500 texts."


def test_no_texts_have_no_vectors_but_their_width(tmp_path: Path) -> None:
    assert embedded(tmp_path, CountingModel())([]).shape == (0, 2)
