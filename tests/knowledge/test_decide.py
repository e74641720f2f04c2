"""Answer, ask back or hand over, with the real model and a small index."""

from dataclasses import replace

import numpy as np
import pytest

from knowledge.decide import Question, ask, decide, rank, rank_parts
from knowledge.decision import Answer, AskBack, Context, Decision, HandOver
from knowledge.judge import Ranking, Thresholds
from knowledge.shelf import Shelf


def offered(decision: Decision) -> list[str]:
    if isinstance(decision, AskBack):
        return [choice.article_id for choice in decision.choices]
    return [decision.article.id] if decision.article else []


@pytest.mark.parametrize(
    ("said", "article_id"),
    [
        ("my internet is really slow tonight", "slow-internet"),
        ("Hello there, my broadband is so slow this evening!!", "slow-internet"),
        ("phone wants a puk code", "puk-code"),
        ("the tv screen stays black", "tv-black"),
    ],
)
async def test_a_clear_question_finds_its_article(shelf: Shelf, said: str, article_id: str) -> None:
    decision = await shelf.decide(said, Context())

    assert offered(decision)[0] == article_id


async def test_an_answer_holds_the_article_and_how_sure_it_is(shelf: Shelf) -> None:
    decision = await shelf.decide("my sim card asks for a puk code", Context())

    assert isinstance(decision, Answer)
    assert decision.article.ear.startswith("Your PUK")
    assert 0.5 < decision.confidence <= 1


async def test_an_article_for_people_hands_over(shelf: Shelf) -> None:
    decision = await shelf.decide("I was charged twice this month", Context())

    assert isinstance(decision, HandOver)
    assert (decision.reason, decision.category) == ("article", "bill-dispute")
    assert decision.hints is not None
    assert decision.hints.department == "billing"


async def test_when_unsure_the_customer_is_asked_back_in_their_own_words(shelf: Shelf) -> None:
    never_sure = replace(shelf.live.judge, thresholds=Thresholds(answer=1.01, ask_back=0))
    question = Question("my internet", await shelf.vector("my internet"))

    decision = decide(never_sure, shelf.opened.rank(question, Context()), shelf.live.catalogue.article)

    assert isinstance(decision, AskBack)
    assert 2 <= len(decision.choices) <= 3
    assert {choice.label for choice in decision.choices} >= {"My internet is slow", "My internet is down"}


async def test_what_is_neither_sure_nor_close_is_not_answered(shelf: Shelf) -> None:
    never = replace(shelf.live.judge, thresholds=Thresholds(answer=1.01, ask_back=1.01))
    question = Question("my internet", await shelf.vector("my internet"))

    decision = decide(never, shelf.opened.rank(question, Context()), shelf.live.catalogue.article)

    assert isinstance(decision, HandOver)
    assert decision.reason == "no_answer"


async def test_a_part_too_far_from_what_the_whole_points_to_is_not_ranked(shelf: Shelf) -> None:
    live, everything = shelf.live, np.ones(shelf.live.index.count, dtype=np.bool_)
    texts = ("what a lovely day", "phone wants a puk code", "my internet is really slow tonight")
    far, puk, slow = [Question(text, await shelf.vector(text)) for text in texts]
    judge = replace(live.judge, thresholds=replace(live.judge.thresholds, nearest=0.6))
    alone = [rank(live.index, judge, question, everything) for question in (puk, slow)]

    def ranked(*pointed_to: int) -> list[Ranking | None]:
        return rank_parts(live.index, judge, [far, puk, slow], everything, pointed_to)

    assert ranked() == [None, None, None]
    assert ranked(alone[0].places[0]) == [None, alone[0], None]
    assert ranked(*(ranking.places[0] for ranking in alone)) == [None, *alone]


async def test_an_article_is_never_offered_twice(shelf: Shelf) -> None:
    said = "my internet is really slow tonight"

    decision = await shelf.decide(said, Context(offered=frozenset({"slow-internet"})))

    assert "slow-internet" not in offered(decision)


async def test_with_everything_offered_a_person_is_left(shelf: Shelf) -> None:
    every = frozenset(article.id for article in shelf.live.catalogue.articles())

    decision = await shelf.decide("my internet is really slow tonight", Context(offered=every))

    assert isinstance(decision, HandOver)
    assert decision.reason == "no_answer"


async def test_an_article_is_not_offered_outside_its_dates(shelf: Shelf) -> None:
    decision = await shelf.decide("what is the christmas offer", Context())

    assert "christmas-offer" not in offered(decision)


async def test_an_article_of_another_language_is_not_offered(shelf: Shelf) -> None:
    in_german = await shelf.decide("wie lautet meine puk", Context(language="de"))
    in_english = await shelf.decide("wie lautet meine puk", Context(language="en"))

    assert all(shelf.article(article_id, "de") for article_id in offered(in_german))
    assert all(shelf.article(article_id, "en") for article_id in offered(in_english))
    assert (await shelf.decide("internet lent", Context(language="fr"))).kind == "hand_over"


async def test_a_customer_known_to_mean_television_is_not_offered_broadband(shelf: Shelf) -> None:
    decision = await shelf.decide("it is really slow tonight", Context(product="tv"))

    assert not {"slow-internet", "no-internet", "roaming-on", "puk-code"} & set(offered(decision))


@pytest.mark.parametrize("said", ["", "   ", "😀😀😀", "...", "\x00", "???!!!"])
async def test_a_text_without_words_is_off_topic(shelf: Shelf, said: str) -> None:
    decision = await shelf.decide(said, Context())

    assert isinstance(decision, HandOver)
    assert decision.reason == "off_topic"


@pytest.mark.parametrize(
    "said",
    ["a" * 5000, "my internet is slow " * 250, "<script>alert(1)</script>", '/intent{"a": 1}', "\u202e\u0000\ud83d"],
)
async def test_no_text_is_too_strange(shelf: Shelf, said: str) -> None:
    assert (await shelf.decide(said, Context())).kind in ("answer", "ask_back", "hand_over")


def test_a_greeting_is_no_part_of_the_question() -> None:
    assert ask("Hi there, good morning! My tv is black", "en") == "My tv is black"
    assert ask("hello", "en") == "hello"
    assert ask("help", "en") == "help"
