"""The house's own knowledge base, as the running product serves it."""

import pytest

from knowledge import answer
from knowledge.decision import Answer, Context
from knowledge.evaluate import OFF_TOPIC, lines_of
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
