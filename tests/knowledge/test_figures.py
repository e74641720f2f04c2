"""What was done with texts whose right treatment is known, in numbers."""

import pytest

from knowledge import figures
from tests.knowledge.decided import answered, asked_back, handed_over

TOPICS = {"slow": "broadband", "down": "broadband", "black": "tv", "puk": "sim"}


def test_questions_with_an_article() -> None:
    cases = [
        answered("slow", "slow"),
        answered("down", "slow", "puk", ranked=("down", "slow")),
        asked_back(("black", "puk"), "puk"),
        asked_back(("black", "slow"), "puk", ranked=("black", "slow", "down", "puk")),
        handed_over("article", "puk", with_article="puk", ranked=("puk",)),
        handed_over("no_answer", "black", ranked=("slow", "down", "black")),
        handed_over("off_topic", "black"),
        answered("puk", "puk"),
    ]

    shown = figures.by_article(cases, TOPICS)["with_article"]

    assert shown == {
        "count": 8,
        "first": 3 / 8,
        "first_three": 6 / 8,
        "answered": 4 / 8,
        "answered_right": 3 / 4,
        "wrong_answers": 1 / 8,
        "asked_back": 2 / 8,
        "among_choices": 1 / 2,
        "handed_over": 2 / 8,
    }


def test_questions_without_an_article_are_counted_apart_and_those_for_a_person_not_at_all() -> None:
    cases = [
        answered("slow"),
        asked_back(("slow", "down")),
        handed_over("no_answer"),
        handed_over("off_topic"),
        handed_over("person", action="person"),
        answered("slow", "slow"),
    ]

    shown = figures.by_article(cases, TOPICS)

    assert shown["questions"] == 6
    assert shown["with_article"]["count"] == 1
    assert shown["no_article"] == {"count": 4, "answered": 0.25, "asked_back": 0.25, "handed_over": 0.25}
    assert shown["answers"] == {"right": 0.5}


def test_each_topic_is_told_and_what_is_taken_for_what() -> None:
    cases = [
        answered("down", "slow", ranked=("down", "slow")),
        answered("down", "slow", ranked=("down", "puk")),
        answered("black", "black"),
        answered("slow", "gone", ranked=("slow",)),
    ]

    shown = figures.by_article(cases, TOPICS)

    assert {topic: some["count"] for topic, some in shown["topics"].items()} == {
        "broadband": 2,
        "tv": 1,
        "not there": 1,
    }
    assert shown["topics"]["broadband"]["first"] == 0
    assert shown["confused"] == ["2 x slow -> down", "1 x gone -> slow"]


def test_real_texts_are_judged_by_their_topics() -> None:
    broadband, sim = frozenset({"broadband"}), frozenset({"sim", "device"})
    cases = [
        answered("slow", topics=broadband),
        answered("black", topics=broadband),
        asked_back(("black", "down"), topics=broadband),
        handed_over("no_answer", topics=broadband),
        answered("puk", topics=sim, action="account"),
        answered("slow", action="none"),
        handed_over("off_topic", action="none"),
        handed_over("person", action="person"),
        handed_over("no_answer", action="person"),
        answered("slow", action="person"),
        handed_over("off_topic", action="person"),
    ]

    shown = figures.by_topics(cases, TOPICS)

    assert shown["answer"] == {
        "count": 4,
        "answered_or_asked_back_right": 0.5,
        "wrong_answers": 0.25,
        "asked_back": 0.25,
        "handed_over": 0.25,
    }
    assert shown["account"]["answered_or_asked_back_right"] == 1
    assert shown["none"] == {"count": 2, "answered": 0.5}
    assert shown["person"] == {"count": 4, "handed_over": 0.5, "handed_over_at_once": 0.25}


def test_an_answer_is_wrong_whose_topic_is_not_acceptable_and_one_that_nobody_should_have_got() -> None:
    broadband, sim = frozenset({"broadband"}), frozenset({"sim", "device"})
    cases = [
        answered("slow", text="right", topics=broadband),
        answered("black", text="another topic", topics=broadband, sure=0.7),
        asked_back(("black", "puk"), text="asked back", topics=broadband),
        handed_over("article", text="right too", with_article="puk", topics=sim, action="account"),
        answered("slow", text="another topic too", topics=sim, action="account"),
        answered("slow", text="off topic", action="none"),
        handed_over("off_topic", text="refused", action="none"),
        answered("slow", text="for a person", topics=broadband, action="person"),
        handed_over("person", text="reached one", with_article="slow", action="person"),
    ]

    wrong = figures.wrong_by_topics(cases, TOPICS)

    assert [(answer["text"], answer["right"]) for answer in wrong] == [
        ("another topic", ["broadband"]),
        ("another topic too", ["device", "sim"]),
        ("off topic", []),
        ("for a person", []),
    ]
    assert wrong[0] == {
        "text": "another topic",
        "confidence": 0.7,
        "answer": "black",
        "right": ["broadband"],
        "action": "answer",
    }


def test_an_answer_by_another_article_is_wrong() -> None:
    cases = [answered("slow", "slow"), answered("slow", "down", "puk"), asked_back(("slow",), "down"), answered("slow")]

    assert [answer["right"] for answer in figures.wrong_by_article(cases)] == [["down", "puk"], []]


def test_texts_for_a_person_are_counted_by_their_kind() -> None:
    cases = [
        handed_over("safety", kind="danger"),
        handed_over("person", kind="dispute"),
        handed_over("article", kind="dispute", with_article="puk"),
        handed_over("no_answer", kind="dispute"),
        answered("puk", kind="dispute"),
    ]

    assert figures.for_a_person(cases) == {"count": 5, "handed_over": 0.6, "danger": 1.0, "dispute": 0.5}


def test_off_topic_texts_that_got_an_answer_are_listed() -> None:
    cases = [
        answered("puk", text="a joke"),
        asked_back(("puk", "slow")),
        handed_over("off_topic"),
        handed_over("person"),
    ]

    assert figures.off_topic(cases) == {
        "count": 4,
        "answered": 0.25,
        "asked_back": 0.25,
        "handed_over": 0.25,
        "answers": ["a joke -> puk"],
    }


def test_reliability_compares_what_was_stated_with_what_is_true_band_by_band() -> None:
    cases = [
        answered("slow", "slow", sure=0.92),
        answered("slow", "down", sure=0.98),
        asked_back(("slow", "down"), "down", sure=0.55),
        handed_over("no_answer", "down"),
        answered("slow", "slow", sure=1.0),
    ]

    bands = figures.reliability(cases)

    assert [count for *_, count in bands] == [1, 3]
    assert bands[0][:2] == pytest.approx((0.55, 1.0))
    assert bands[1][:2] == pytest.approx(((0.92 + 0.98 + 1.0) / 3, 2 / 3))
    assert figures.calibration_error(cases) == pytest.approx((0.45 + 3 * abs(2.9 / 3 - 2 / 3)) / 4)


def test_who_says_nothing_false_has_no_calibration_error() -> None:
    right = [answered("slow", "slow", sure=0.75)] * 3 + [answered("slow", "down", sure=0.75)]

    assert figures.calibration_error(right) == pytest.approx(0)


def test_of_no_texts_at_all_there_are_figures_too() -> None:
    shown = figures.by_article([], {})

    assert shown["with_article"]["count"] == 0
    assert shown["calibration_error"] == 0
    assert shown["latency_ms"] == {}
    assert figures.by_topics([], {})["texts"] == 0
    assert figures.for_a_person([]) == {"count": 0, "handed_over": 0.0}


def test_times_are_told_in_milliseconds() -> None:
    cases = [answered("slow", ms=float(number)) for number in range(1, 102)]

    assert figures.latency(cases) == {"p50": 51.0, "p95": 96.0}
