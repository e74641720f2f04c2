"""What may go live: no worse than what is live, or published by somebody by name."""

import copy

import pytest

from knowledge import figures
from knowledge.cases import Case
from knowledge.comparison import Treated
from knowledge.figures import Figures
from knowledge.gate import BARS, Bar, judge
from tests.knowledge.decided import answered, asked_back, handed_over

GOOD: Figures = {
    "with_article": {"first": 0.8, "first_three": 0.9, "answered": 0.6, "answered_right": 0.9},
    "answers": {"right": 0.93},
    "no_article": {"answered": 0.1},
    "off_topic": {"answered": 0.0},
    "for_a_person": {"handed_over": 0.97},
    "in_danger": {"handed_over": 1.0},
}


def moved(bar: Bar, by: float) -> Figures:
    """Worse by that much when it is above 0."""
    shown = copy.deepcopy(GOOD)
    shown[bar.group][bar.name] += by if bar.worse_is_more else -by
    return shown


def named(bar: Bar) -> str:
    return f"{bar.group}.{bar.name}"


def test_the_same_index_again_passes_with_nothing_to_tell() -> None:
    verdict = judge((GOOD, []), (GOOD, []))

    assert verdict.broken == ()
    assert sum(line.endswith("  =") for line in verdict.lines) == len(BARS)


@pytest.mark.parametrize("bar", BARS, ids=named)
def test_as_much_worse_as_may_be_is_worse_but_passes(bar: Bar) -> None:
    verdict = judge((GOOD, []), (moved(bar, bar.may_worsen), []))

    assert verdict.broken == ()
    assert sum(line.endswith("  worse") for line in verdict.lines) == (bar.may_worsen > 0)


@pytest.mark.parametrize("bar", BARS, ids=named)
def test_any_more_than_that_breaks_the_bar(bar: Bar) -> None:
    verdict = judge((GOOD, []), (moved(bar, bar.may_worsen + 0.002), []))

    (why,) = verdict.broken
    assert why.startswith(bar.words)
    assert sum(line.endswith("TOO MUCH WORSE") for line in verdict.lines) == 1


@pytest.mark.parametrize("bar", [bar for bar in BARS if bar.name != "answered" or bar.group != "off_topic"], ids=named)
def test_what_is_better_is_called_better_and_passes(bar: Bar) -> None:
    verdict = judge((GOOD, []), (moved(bar, -0.02), []))

    assert verdict.broken == ()
    assert any(line.startswith(f"  {bar.words}:") and line.endswith("  better") for line in verdict.lines)


def test_below_its_limit_a_figure_may_not_fall_at_all_but_may_rise() -> None:
    bar = next(bar for bar in BARS if bar.group == "for_a_person")

    assert bar.is_broken(0.951, 0.949)
    assert not bar.is_broken(0.90, 0.90)
    assert not bar.is_broken(0.90, 0.92)
    assert bar.is_broken(0.92, 0.919)


def test_every_bar_is_about_a_figure_that_is_measured() -> None:
    cases: list[Case] = [answered("slow", "slow"), handed_over("no_answer")]
    shown = figures.by_article(cases, {}) | {
        "off_topic": figures.off_topic(cases),
        "for_a_person": figures.for_a_person(cases),
        "in_danger": figures.in_danger(cases),
    }

    assert all(0 <= bar.of(shown) <= 1 for bar in BARS)


def test_questions_that_are_treated_better_or_worse_are_told() -> None:
    before = [
        answered("slow", "down", text="wrong before"),
        answered("slow", "slow", text="right before"),
        asked_back(("slow", "down"), "slow", text="asked before"),
        handed_over("no_answer", "slow", text="the same"),
    ]
    after = [
        asked_back(("slow", "down"), "down", text="wrong before"),
        handed_over("no_answer", "slow", text="right before"),
        answered("slow", "slow", text="asked before"),
        handed_over("off_topic", "slow", text="the same"),
        answered("slow", "slow", text="new"),
    ]

    verdict = judge((GOOD, before), (GOOD, after))

    assert verdict.compared.worse == (Treated("right before", "slow", "hand over"),)
    assert verdict.lines[-5:] == (
        "  2 questions are treated better:",
        "    'wrong before': slow -> slow, down",
        "    'asked before': slow, down -> slow",
        "  1 questions are treated worse:",
        "    'right before': slow -> hand over",
    )


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (answered("slow", "down"), asked_back(("slow", "puk"), "down")),
        (asked_back(("slow", "puk"), "down"), handed_over("no_answer", "down")),
        (handed_over("no_answer", "down"), asked_back(("slow", "down"), "down")),
        (asked_back(("slow", "down"), "down"), answered("down", "down")),
    ],
)
def test_a_wrong_answer_is_worst_then_choices_in_vain_a_person_the_right_choice_and_a_right_answer(
    worse: Case, better: Case
) -> None:
    assert "  1 questions are treated better:" in judge((GOOD, [worse]), (GOOD, [better])).lines
    assert "  1 questions are treated worse:" in judge((GOOD, [better]), (GOOD, [worse])).lines
