"""knowledge.light: texts read in one run are those of about one length, and get the vectors they have alone; the parts
of a text are read with it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.encoder import FullModel
from knowledge.light import LIGHT, LightModel, of_about_one_length, tokens_within
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


@pytest.mark.slow
def test_the_light_form_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "earlier.onnx").write_bytes(b"")

    assert FullModel().prepare(tmp_path)

    assert [file.name for file in tmp_path.glob("*.onnx")] == [LIGHT]
    assert LightModel("", tmp_path).encode(["slow"])[0] @ FullModel().encode(["slow"])[0] > 0.9999


@pytest.mark.product
def test_texts_read_together_have_the_vectors_they_have_alone(product: Product) -> None:
    light = LightModel("", _model_folder(product))
    texts = ["puk", "slow pages", "no sim yet", "I was charged twice", "my internet has been slow since yesterday"]

    together = light.encode(texts)

    alone = np.concatenate([light.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5


@pytest.mark.product
def test_a_part_is_read_as_the_text_around_it_means_it(product: Product) -> None:
    light = LightModel("", _model_folder(product))
    parts = ["I was charged twice", "nobody told me why"]
    text, other = (f"{parts[0]} {about} and {parts[1]}" for about in ("for the sports channels", "in the Leeds shop"))
    whole, *read = light.read(text, parts)
    elsewhere = light.read(other, parts)[1]

    assert whole @ light.encode([text])[0] > 0.9999
    assert np.allclose(np.linalg.norm(read, axis=1), 1, atol=1e-5)
    assert read[0] @ light.encode(parts)[0] > read[1] @ light.encode(parts)[0]
    assert 0.5 < read[0] @ elsewhere < 0.999


@pytest.mark.product
def test_a_part_beyond_what_is_read_is_read_alone(product: Product) -> None:
    light = LightModel("", _model_folder(product))
    begin, end = "the router was restarted again", "I was charged twice"

    read = light.read(f"{f'{begin} ' * 60}{end}", [begin, end])

    assert read[2] @ light.encode([end])[0] > 0.9999
    assert read[1] @ light.encode([begin])[0] < 0.999


def test_the_tokens_of_each_part_are_found_in_order() -> None:
    offsets = [(0, 0), (0, 4), (5, 7), (7, 8), (9, 13), (14, 18), (19, 21), (0, 0)]  # of "slow", "tv", "?", ...
    parts = ["slow tv", "slow bill", "tv"]

    found = [np.flatnonzero(within).tolist() for within in tokens_within(offsets, "slow tv? slow bill tv", parts)]

    assert found == [[1, 2], [4, 5], [6]]


def _model_folder(product: Product) -> Path:
    (file,) = (product.state / "knowledge" / "models").glob("*/reader.onnx")
    return file.parent
