"""knowledge.opened: the first of two problems is taken; one for a person calls them when its turn comes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from knowledge.answer import Answer, Context, Decision, HandOver
from knowledge.decide import Question
from knowledge.encoder import Encoder
from knowledge.judge import Ranking, Thresholds
from knowledge.light import Vectors
from knowledge.opened import Opened
from tests.actions.world import article

ARTICLES = (article("tv-remote-not-working"), article("bill-charged-twice"))
TV, TWICE = range(len(ARTICLES))
DISPUTE = SimpleNamespace(reason="person", hints=ARTICLES[TWICE].hand_over)
DISPUTED = 1.0  # the first number of such a text's vector


class OneCalls:
    """A model to which "I was charged twice" by itself is a dispute, and nothing else is."""

    name = "one calls"

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.asarray([[DISPUTED * (text == "I was charged twice"), 0] for text in texts], dtype=np.float32)

    def read(self, text: str, parts: Sequence[str]) -> Vectors:
        return self.encode([text, *parts])


class ByWords(Opened):
    """Ranks by words instead of an index: whatever tells of a charge is first about that."""

    def look_up(self, texts: Sequence[str], vectors: Vectors, context: Context) -> list[Question]:
        return [Question(*some) for some in zip(texts, vectors, strict=True)]

    def rank(self, question: Question, context: Context) -> Ranking:
        is_tv = question.text.startswith("my tv")
        return Ranking((TV, TWICE) if is_tv else (TWICE, TV), (0.6, 0.4), 0.9, 1.0, 1.0)

    def rank_parts(self, parts: Sequence[Question], context: Context, whole: Ranking) -> list[Ranking | None]:
        return [self.rank(part, context) for part in parts]


@pytest.fixture
def knowledge() -> Iterator[Opened]:
    build: Any = SimpleNamespace(
        flows=(),
        judge=SimpleNamespace(thresholds=Thresholds(answer=0.8, ask_back=0.4)),
        people=SimpleNamespace(kind=lambda vector, _: (DISPUTE, 0.9) if vector[0] == DISPUTED else None),
        catalogue=SimpleNamespace(article=ARTICLES.__getitem__),
    )
    opened = ByWords(build, Encoder(OneCalls()))
    yield opened
    opened.close()


def found(decision: Decision) -> str | None:
    return decision.article.id if isinstance(decision, Answer | HandOver) and decision.article else None


async def test_a_problem_for_a_person_waits_behind_one_that_has_an_answer(knowledge: Opened) -> None:
    decision = await knowledge.decide("my tv has no picture and I was charged twice", Context())

    assert (found(decision), decision.others) == (ARTICLES[TV].id, ("I was charged twice",))


async def test_it_comes_first_where_it_was_said_first(knowledge: Opened) -> None:
    decision = await knowledge.decide("I was charged twice and my tv has no picture", Context())

    assert (found(decision), decision.others) == (ARTICLES[TWICE].id, ("my tv has no picture",))


async def test_by_itself_it_goes_to_a_person(knowledge: Opened) -> None:
    decision = await knowledge.decide("I was charged twice", Context())

    assert isinstance(decision, HandOver)


class Blurring(OneCalls):
    """What is read in one message blurs: the second number of its vectors."""

    def read(self, text: str, parts: Sequence[str]) -> Vectors:
        vectors = self.encode([text, *parts])
        vectors[:, 1] = len(parts) > 0
        return vectors


class Blurred(ByWords):
    def rank(self, question: Question, context: Context) -> Ranking:
        return replace(super().rank(question, context), right=0.85 if question.vector[1] else 0.97)


@pytest.mark.parametrize(("answer", "others"), [(0.9, ("I was charged twice",)), (0.99, ())])
async def test_parts_that_blur_each_other_are_read_alone(
    knowledge: Opened, answer: float, others: tuple[str, ...]
) -> None:
    knowledge.build.judge.thresholds = Thresholds(answer=answer, ask_back=0.4)  # type: ignore[misc]
    blurred = Blurred(knowledge.build, Encoder(Blurring()))

    decision = await blurred.decide("my tv has no picture and I was charged twice", Context())
    blurred.close()

    assert decision.others == others
    assert (found(decision) == ARTICLES[TV].id) == bool(others)
