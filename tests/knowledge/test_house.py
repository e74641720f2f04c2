"""The house's own knowledge base, as the running product serves it."""

from collections.abc import Iterator

import numpy as np
import pytest

from knowledge.cases import DANGERS, OFF_TOPIC, PEOPLE, decide_all, lines_of
from knowledge.encoder import BUNDLED, Encoder, FullModel
from knowledge.light import is_light
from knowledge.opened import Opened
from knowledge.store import Store
from ops.product import Product


@pytest.fixture(scope="module")
def house(product: Product) -> Iterator[Opened]:
    opened = Opened.load(Store(product.state / "knowledge"))
    yield opened
    opened.close()


@pytest.mark.product
def test_off_topic_texts_get_no_invented_answer(house: Opened) -> None:
    cases = decide_all(house, lines_of(OFF_TOPIC))

    answered = [case.text for case in cases if case.answered]

    assert len(cases) >= 200
    assert answered == []


@pytest.mark.product
def test_whoever_needs_a_person_gets_one_at_once(house: Opened) -> None:
    cases = decide_all(house, lines_of(PEOPLE))

    left_alone = [case.text for case in cases if not case.at_once]

    assert len(cases) >= 100
    assert len(left_alone) <= 0.05 * len(cases)


@pytest.mark.product
def test_nobody_in_danger_is_left_with_the_assistant(house: Opened) -> None:
    cases = [case for case in decide_all(house, lines_of(PEOPLE)) if case.kind in DANGERS]

    left_alone = [case.text for case in cases if not case.at_once]

    assert len(cases) >= 30
    assert left_alone == []


@pytest.mark.product
async def test_the_light_model_gives_the_same_vectors(product: Product) -> None:
    folder = Store(product.state / "knowledge").model_folder(BUNDLED)
    light = Encoder.load(BUNDLED, folder)
    texts = ["puk", "my internet is slow", "nothing works since yesterday " * 60]

    vectors = [await light.vector(text) for text in texts]
    light.close()

    assert is_light(folder)
    assert (np.stack(vectors) * FullModel().encode(texts)).sum(axis=1).min() > 0.9999
