"""knowledge.light: texts read in one run are those of about one length, and get the vectors they have alone."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.light import LightModel, of_about_one_length
from ops.product import Product


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


@pytest.mark.product
def test_texts_read_together_have_the_vectors_they_have_alone(product: Product) -> None:
    light = LightModel("", _model_folder(product))
    texts = ["puk", "slow pages", "no sim yet", "I was charged twice", "my internet has been slow since yesterday"]

    together = light.encode(texts)

    alone = np.concatenate([light.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5


def _model_folder(product: Product) -> Path:
    (file,) = (product.state / "knowledge" / "models").glob("*/model.onnx")
    return file.parent
