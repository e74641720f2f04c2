"""The work list: what nobody could answer, grouped by meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.fate import Fate, Ticket
from knowledge.findings import Gap
from knowledge.gaps import find_gaps, is_gap
from knowledge.nearness import Scale
from tests.knowledge.told import KNOWN, MEANINGS, fate, helped, vectors, with_person


def gaps(*fates: Fate) -> list[Gap]:
    return find_gaps(fates, vectors(*fates), KNOWN, Scale())


def test_questions_of_one_meaning_are_one_gap_with_counts_and_examples() -> None:
    (gap,) = gaps(fate("satellite dish"), fate("satellite internet"), with_person("satellite from you"))

    assert (gap.questions, gap.contacts, gap.without_answer) == (3, 3, 3)
    assert gap.outcomes == {"unanswered": 2, "handed_over": 1}
    assert set(gap.examples) == {"satellite dish", "satellite internet", "satellite from you"}


def test_the_gap_of_most_customers_comes_first() -> None:
    one = fate("bill letter", contact_id="c1")
    again = [fate(f"bill letter {word}", contact_id="c1") for word in ("please", "now")]

    first, second = gaps(one, *again, fate("satellite dish"), fate("satellite tv"))

    assert (first.contacts, first.questions) == (2, 2)
    assert (second.contacts, second.questions) == (1, 3)


def test_the_same_words_are_shown_once() -> None:
    (gap,) = gaps(fate("satellite dish"), fate("satellite  dish"), fate("satellite dish"))

    assert gap.questions == 3
    assert len(gap.examples) == 1


def test_the_nearest_article_is_named_and_how_near_it_is() -> None:
    near, far = gaps(fate("slow upload"), fate("slow game"), fate("satellite dish"))

    assert (near.nearest, near.nearest_title, near.is_near) == ("slow", "About slow", True)
    assert near.nearness > 0.9
    assert (far.is_near, far.nearness) == (False, 0.0)


def test_the_agents_category_and_last_words_are_quoted() -> None:
    (gap,) = gaps(
        with_person("satellite dish", category="plans-offers", done="We do not offer it."),
        with_person("satellite tv", category="plans-offers", done="We do not offer it."),
        with_person("satellite now", category="general"),
    )

    assert gap.categories == {"plans-offers": 2, "general": 1}
    assert gap.done == ("We do not offer it.",)


def test_languages_are_not_mixed() -> None:
    found = gaps(fate("satellite dish"), fate("satellite bitte", language="de"))

    assert {gap.language for gap in found} == {"en", "de"}
    assert next(gap for gap in found if gap.language == "de").nearest is None


def test_junk_that_no_person_took_counts_for_nothing_missing() -> None:
    (gap,) = gaps(fate("joke please", "off_topic"), fate("joke now", "off_topic"), with_person("joke", "off_topic"))

    assert (gap.contacts, gap.without_answer) == (3, 1)


@pytest.mark.parametrize(
    ("told", "is_one"),
    [
        (fate("slow internet", "no_answer", "unanswered"), True),
        (fate("slow internet", "off_topic", "unanswered"), True),
        (fate("slow internet", "ask_back", "unanswered"), True),
        (fate("slow internet", "answer", "not_helped"), True),
        (fate("slow internet", "answer", "handed_over"), True),
        (fate("slow internet", "answer", "unconfirmed"), False),
        (fate("slow internet", "ask_back", "picked"), False),
        (fate("slow internet", "person", "handed_over"), False),
        (fate("slow internet", "safety", "handed_over"), False),
        (fate("slow internet", "article", "handed_over"), False),
        (fate("slow internet", "ask_back", "unanswered", helped_by="slow"), False),
        (fate("slow internet", "answer", "handed_over", ticket=Ticket("broadband", reason="outage")), False),
        (helped("slow internet", "slow"), False),
        (fate("", "no_answer", "unanswered"), False),
        (fate("??", "no_answer", "unanswered"), False),
    ],
)
def test_what_nobody_could_answer(told: Fate, is_one: bool) -> None:
    assert is_gap(told) is is_one


def test_nothing_asked_is_nothing_to_do() -> None:
    assert gaps() == []


QUESTIONS = st.builds("{} {}".format, st.sampled_from(MEANINGS), st.sampled_from(["a", "bb", "ccc"]))


@given(st.lists(st.tuples(QUESTIONS, st.sampled_from("xyz")), max_size=20))
def test_every_question_is_in_exactly_one_gap_and_its_order_does_not_matter(asked: list[tuple[str, str]]) -> None:
    fates = [fate(question, contact_id=contact) for question, contact in asked]

    found = gaps(*fates)

    assert sum(gap.questions for gap in found) == len(fates)
    assert len(found) == len({question.split()[0] for question, _ in asked})
    assert gaps(*reversed(fates)) == found
