"""knowledge.light: texts read in one run are those of about one length; a message in several parts is read quickly."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answer import Context, HandOver
from knowledge.article import HandOverHints
from knowledge.encoder import Encoder, FullModel, likeness
from knowledge.light import LightModel, Vectors, is_light, of_about_one_length
from knowledge.opened import Opened
from ops.product import Product

IN_PARTS = "my tv has no picture and I was charged twice"
SHORT = "my tv has no picture"
DANGER = SimpleNamespace(reason="safety", hints=HandOverHints(category="general", department="frontline"))


class Remembering:
    """Vectors without meaning; what it was asked."""

    name = "remembering"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.ones((len(texts), 2), dtype=np.float32)


@pytest.fixture
def models() -> tuple[Remembering, Remembering]:
    """The one that reads exactly, and the one that reads quickly."""
    return Remembering(), Remembering()


@pytest.fixture
def opened(models: tuple[Remembering, Remembering]) -> Iterator[Opened]:
    build: Any = SimpleNamespace(flows=(), judge=None, people=SimpleNamespace(kind=lambda *_: (DANGER, 0.9)))
    opened = Opened(build, *map(Encoder, models))
    yield opened
    opened.close()


@given(st.lists(st.integers(2, 128), max_size=100))
def test_every_text_is_in_one_run_and_none_is_filled_up_by_more_than_a_run_costs(lengths: list[int]) -> None:
    runs = of_about_one_length(lengths)

    assert sorted(place for run in runs for place in run) == list(range(len(lengths)))
    for run in runs:
        assert lengths[run[0]] == max(lengths[place] for place in run)
        assert lengths[run[0]] - min(lengths[place] for place in run) <= 4
        assert len(run) <= 32


def test_texts_of_about_one_length_share_a_run() -> None:
    assert of_about_one_length([7, 30, 9, 8]) == [[1], [2, 3, 0]]


async def test_a_message_in_several_parts_is_read_quickly(
    opened: Opened, models: tuple[Remembering, Remembering]
) -> None:
    decision = await opened.decide(IN_PARTS, Context())

    assert isinstance(decision, HandOver)
    assert [model.asked for model in models] == [[], [IN_PARTS, SHORT, "I was charged twice"]]


async def test_a_message_in_one_part_is_read_exactly(opened: Opened, models: tuple[Remembering, Remembering]) -> None:
    await opened.decide(SHORT, Context())

    assert [model.asked for model in models] == [[SHORT], []]


def test_a_model_without_a_quick_form_has_no_quick_encoder(tmp_path: Path) -> None:
    assert Encoder.load_quick("any", tmp_path) is None


@pytest.mark.product
def test_texts_read_together_have_the_vectors_they_have_alone(product: Product) -> None:
    light = LightModel("", _model_folder(product))
    texts = ["puk", "slow pages", "no sim yet", "I was charged twice", "my internet has been slow since yesterday"]

    together = light.encode(texts)

    alone = np.concatenate([light.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5


@pytest.mark.product
def test_the_quick_form_differs_a_little(product: Product) -> None:
    folder = _model_folder(product)

    assert is_light(folder)
    assert 0.97 <= likeness(LightModel("", folder, file="quick.onnx"), FullModel()) < 0.9999


def _model_folder(product: Product) -> Path:
    (file,) = (product.state / "knowledge" / "models").glob("*/model.onnx")
    return file.parent
