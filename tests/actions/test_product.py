"""actions.product: a follow-up is about the product of the answer before it; nothing else is."""

import pytest

from tests.actions.world import Talk, answers


async def asked_after(article_id: str, follow_up: str) -> str | None:
    """The product that the knowledge base is told when `follow_up` comes after the article."""
    talk = Talk(decisions=answers(article_id))
    await talk.hears("action_question", f"my {article_id.split('-', maxsplit=1)[0]} problem")
    await talk.hears("action_choose", follow_up)
    return talk.knowledge.asked[-1][1].product


@pytest.mark.parametrize(
    "follow_up", ["and it is still slow", "it's doing that again", "still the same", "it doesn't work"]
)
async def test_a_few_words_that_point_back_mean_the_product_of_the_answer(follow_up: str) -> None:
    assert await asked_after("wifi-password-find-change", follow_up) == "broadband"


@pytest.mark.parametrize(
    "follow_up",
    [
        "and it is still slow on my mobile",
        "my phone says no signal again",
        "the TV does that too, it is black",
        "wifi is still slow",
        "I can't call anyone with it",
        "why is my bill higher",
        "nothing works",
        "it has been like this since we moved to the new house in september",
    ],
)
async def test_words_that_name_something_or_point_nowhere_are_held_to_nothing(follow_up: str) -> None:
    assert await asked_after("wifi-password-find-change", follow_up) is None


async def test_an_answer_about_no_product_leaves_none() -> None:
    assert await asked_after("payment-direct-debit", "and it is still wrong") is None


async def test_another_question_in_between_ends_it() -> None:
    talk = Talk(decisions=answers("wifi-password-find-change"))
    await talk.hears("action_question", "my wifi password")
    await talk.hears("action_choose", "who won the cup final")

    await talk.hears("action_question", "and it is still slow")

    assert talk.knowledge.asked[-1][1].product is None
