"""The house's own knowledge base, as the running product serves it."""

import numpy as np
import pytest

from knowledge import answer
from knowledge.decision import Answer, Context
from knowledge.encoder import Encoder, FullModel, is_light
from knowledge.evaluate import OFF_TOPIC, lines_of
from knowledge.store import Store
from ops.product import Product
from settings import Settings


@pytest.mark.product
async def test_off_topic_texts_get_no_invented_answer(product: Product) -> None:
    answer.open(Settings(_env_file=None, firstline_state=product.state))
    decisions = [(line["text"], await answer.decide(line["text"], Context())) for line in lines_of(OFF_TOPIC)]
    answer.close()

    answered = [said for said, decision in decisions if isinstance(decision, Answer)]

    assert len(decisions) >= 75
    assert answered == []


@pytest.mark.product
async def test_the_light_model_gives_the_same_vectors(product: Product) -> None:
    folder = Store(product.state / "knowledge").model_folder("")
    light = Encoder.load("", folder)
    texts = ["puk", "my internet is slow", "nothing works since yesterday " * 60]

    vectors = [await light.vector(text) for text in texts]
    light.close()

    assert is_light(folder)
    assert (np.stack(vectors) * FullModel().encode(texts)).sum(axis=1).min() > 0.9999
