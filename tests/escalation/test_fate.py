"""What became of each decision, read out of a contact's turns and tickets."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.fate import Fate, Opened, TicketEnd
from tests.escalation.shift import MONDAY_10
from tests.escalation.talk import END, Talk, asked


def handed_over(key: str, *, after_s: int = 60, end: TicketEnd = END) -> Opened:
    return Opened(key=key, at=MONDAY_10 + timedelta(seconds=after_s), end=end)


def outcomes(fates: Sequence[Fate]) -> list[str]:
    return [fate.outcome for fate in fates]


def test_an_article_the_customer_says_nothing_about_is_unconfirmed() -> None:
    (fate,) = asked().decides("answer", "slow", confidence=0.97).fates()

    assert (fate.turn_id, fate.question, fate.kind, fate.articles) == ("b1", "my internet is slow", "answer", ("slow",))
    assert (fate.outcome, fate.helped_by, fate.confidence) == ("unconfirmed", None, 0.97)


def test_a_confirmed_article_helped() -> None:
    talk = asked().decides("answer", "slow").customer("Yes, that helped")

    (fate,) = talk.bot(article="slow", outcome="confirmed_solved").fates()

    assert (fate.outcome, fate.helped_by) == ("helped", "slow")


def test_solved_steps_are_the_article_that_began_them() -> None:
    talk = asked().bot(flow="slow-steps", decision={"kind": "answer", "articles": ["slow"], "turn": "t1"})
    talk.customer("what does roaming cost").decides("answer", "roaming", turn="t2").customer("thanks, back please")

    fates = talk.bot(flow="slow-steps", outcome="confirmed_solved").fates()

    assert outcomes(fates) == ["helped", "unconfirmed"]


def test_an_article_that_did_not_help_says_so_and_the_next_one_gets_the_credit() -> None:
    talk = asked().decides("answer", "slow").customer("No, it didn't help").bot(helped=False)
    talk.decides("answer", "wifi", turn="t2", same=True, again=True).customer("yes")

    first, second = talk.bot(article="wifi", outcome="confirmed_solved").fates()

    assert (first.outcome, first.helped_by) == ("not_helped", "wifi")
    assert (second.outcome, second.question) == ("helped", "my internet is slow")


def test_on_the_phone_one_turn_tells_of_both() -> None:
    talk = asked().decides("answer", "slow").customer("no")
    decision = {"kind": "answer", "articles": ["wifi"], "turn": "t2", "same": True, "again": True}

    fates = talk.bot(helped=False, decision=decision).fates()

    assert outcomes(fates) == ["not_helped", "unconfirmed"]


def test_a_choice_taken_is_kept_with_what_was_offered() -> None:
    talk = asked("internet").decides("ask_back", "slow", "down").customer("My internet is down")

    (fate,) = talk.bot(article="down", picked="down").fates()

    assert (fate.outcome, fate.picked, fate.articles) == ("picked", "down", ("slow", "down"))


def test_a_choice_that_helped() -> None:
    talk = asked("internet").decides("ask_back", "slow", "down").customer("My internet is down")
    talk.bot(article="down", picked="down").customer("yes")

    (fate,) = talk.bot(article="down", outcome="confirmed_solved").fates()

    assert (fate.outcome, fate.picked, fate.helped_by) == ("helped", "down", "down")


@pytest.mark.parametrize("kind", ["ask_back", "no_answer", "off_topic"])
def test_a_question_to_which_nothing_was_shown_is_unanswered(kind: str) -> None:
    articles = ("slow", "down") if kind == "ask_back" else ()

    assert outcomes(asked().decides(kind, *articles).customer("bye").fates()) == ["unanswered"]


def test_words_that_found_nothing_learn_what_helped_after_other_words() -> None:
    talk = asked("netflix keeps spinning").decides("ask_back", "tv", "app").customer("None of these").bot()
    talk.customer("everything is slow").decides("answer", "slow", turn="t3", again=True).customer("yes")

    first, second = talk.bot(article="slow", outcome="confirmed_solved").fates()

    assert (first.outcome, first.helped_by) == ("unanswered", "slow")
    assert (second.outcome, second.question) == ("helped", "everything is slow")


def test_another_problem_learns_nothing_from_it() -> None:
    talk = asked("netflix keeps spinning").decides("ask_back", "tv", "app")
    talk.customer("what is my bill").decides("answer", "bill", turn="t2").customer("yes")

    first, _ = talk.bot(article="bill", outcome="confirmed_solved").fates()

    assert (first.outcome, first.helped_by) == ("unanswered", None)


def test_a_ticket_belongs_to_the_problem_that_was_last_when_it_began() -> None:
    talk = asked().decides("answer", "slow").customer("satellite?").decides("no_answer", turn="t2")
    talk.customer("07700 900123").bot(reference=END.reference, outcome="handed_over")

    first, second = talk.fates(handed_over("t2"))

    assert (first.outcome, first.ticket) == ("unconfirmed", None)
    assert (second.outcome, second.ticket) == ("handed_over", END)


def test_every_try_at_the_problem_was_handed_over_with_it() -> None:
    talk = asked().decides("off_topic").customer("the dish").decides("no_answer", turn="t2", again=True)

    assert outcomes(talk.fates(handed_over("t2"))) == ["handed_over", "handed_over"]


def test_what_did_not_help_stays_so_when_a_person_takes_over() -> None:
    talk = asked().decides("answer", "slow").customer("no").bot(helped=False)

    (fate,) = talk.fates(handed_over("t2"))

    assert (fate.outcome, fate.ticket) == ("not_helped", END)


def test_a_ticket_after_a_solved_problem_is_about_something_else() -> None:
    talk = asked().decides("answer", "slow").customer("yes").bot(article="slow", outcome="confirmed_solved")
    talk.customer("a person please").bot()

    (fate,) = talk.fates(handed_over("t3"))

    assert (fate.outcome, fate.ticket) == ("helped", None)


def test_a_ticket_whose_turn_is_unknown_is_placed_by_its_time() -> None:
    talk = asked().decides("no_answer").customer("and tv?").decides("answer", "tv", turn="t2")

    assert outcomes(talk.fates(handed_over("lost", after_s=1))) == ["handed_over", "unconfirmed"]


def test_a_masked_turn_stays_masked() -> None:
    (fate,) = asked("[account fact]").decides("no_answer").fates()

    assert fate.question == ""


def test_a_problem_mentioned_before_is_known_by_its_own_words() -> None:
    talk = asked("My TV is black\nand my bill  is wrong").decides("answer", "tv").customer("yes")

    *_, fate = talk.decides("answer", "bill", turn="t2", question="my bill is wrong").fates()

    assert fate.question == "my bill is wrong"


def test_words_that_the_transcript_does_not_show_are_not_kept() -> None:
    (fate,) = asked("[account fact]").decides("answer", "bill", question="I am Jo Smith of Leeds").fates()

    assert fate.question == ""


def test_a_decision_of_another_version_is_passed_over() -> None:
    assert asked().bot(decision={"kind": "oracle"}).bot(decision="yes").fates() == []


TOLD = st.fixed_dictionaries(
    {},
    optional={
        "decision": st.fixed_dictionaries(
            {"kind": st.sampled_from(["answer", "ask_back", "no_answer", "off_topic", "person", "safety", "article"])},
            optional={
                "articles": st.lists(st.sampled_from("abc"), max_size=3),
                "turn": st.sampled_from(["t1", "t2", "t9"]),
                "again": st.booleans(),
                "same": st.booleans(),
            },
        ),
        "picked": st.sampled_from("abc"),
        "helped": st.just(False),
        "outcome": st.sampled_from(["confirmed_solved", "handed_over", "unconfirmed"]),
        "article": st.sampled_from("abc"),
        "flow": st.sampled_from("xy"),
    },
)


@given(st.lists(st.one_of(st.just(None), TOLD), max_size=12), st.lists(st.sampled_from(["t1", "t3", "?"]), max_size=2))
def test_every_decision_has_exactly_one_fate_whatever_was_said(told: list[Any], keys: list[str]) -> None:
    talk = Talk()
    for about in told:
        talk.customer("hello") if about is None else talk.bot(**about)

    fates = talk.fates(*(handed_over(key) for key in keys))

    assert [fate.turn_id for fate in fates] == [turn.turn_id for turn in talk.turns if "decision" in turn.about]
    assert all(fate.helped_by for fate in fates if fate.outcome == "helped")
    assert all(fate.ticket for fate in fates if fate.outcome == "handed_over")
