"""How sure an answer must be: enough of those given are right, and hardly any is given to what is off topic."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import calibrate as calibrate_module
from knowledge.calibrate import IN_SCOPE_AT_LEAST, NEVER, HeldOut, answer_threshold, calibrate
from knowledge.evidence import FOR_ARTICLE, FOR_SCOPE, Evidence
from knowledge.samples import Sample

ONE = st.tuples(
    st.integers(0, 2),  # rank of the right article
    st.sampled_from([0.0, 0.2, 0.5, 0.5, 0.8, 0.9, 0.95, 1.0]) | st.floats(0, 1),
    st.sampled_from([0.0, 0.3, 1.0, 4.0]),
    st.integers(0, 15),
)
SEEN = st.lists(ONE, min_size=1, max_size=80).map(lambda ones: held_out(ones))  # noqa: PLW0108  # defined below
TARGETS = st.sampled_from([0.3, 0.6, 0.8, 0.95])


def held_out(ones: list[tuple[int, float, float, int]]) -> HeldOut:
    """Of (rank, sure, weight, group)."""
    rank, sure, weight, groups = (np.asarray(column) for column in zip(*ones, strict=True))
    nothing = np.zeros(len(rank), dtype=np.bool_)
    return HeldOut(rank, sure.astype(float), sure.astype(float), weight.astype(np.float32), groups, ~nothing, nothing)


@given(SEEN, TARGETS, st.sampled_from([0.0, 0.5]))
def test_what_is_promised_of_the_answers_is_true_of_exactly_those(seen: HeldOut, target: float, lowest: float) -> None:
    threshold, precision, at_least = answer_threshold(seen, target, lowest)

    answered = seen.sure >= threshold
    weight = seen.weight[answered]
    right = (weight * (seen.rank[answered] == 0)).sum() / weight.sum() if weight.sum() else 0.0
    assert precision == pytest.approx(right, abs=1e-5)
    assert at_least <= precision + 1e-9
    if at_least >= target:
        assert right >= target - 1e-5
    if answered.any():
        assert threshold >= lowest


@given(SEEN, TARGETS, TARGETS)
def test_a_higher_target_never_answers_more(seen: HeldOut, one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert answer_threshold(seen, high)[0] >= answer_threshold(seen, low)[0]


@given(SEEN, TARGETS)
def test_no_lower_threshold_would_keep_the_promise(seen: HeldOut, target: float) -> None:
    threshold, _, at_least = answer_threshold(seen, target)

    lower = set(seen.sure[seen.sure < threshold].tolist())
    assert all(bound_of(seen, one) < max(target, at_least) + 1e-9 for one in lower)
    assert at_least < target or all(bound_of(seen, one) < target for one in lower)


def bound_of(seen: HeldOut, threshold: float) -> float:
    """Wilson's bound of all answers from that sureness on, for as many trials as they are worth."""
    kept = seen.sure >= threshold
    weight, right = seen.weight[kept].astype(float), seen.rank[kept] == 0
    total, squares = weight.sum(), (weight**2).sum()
    share = (weight * right).sum() / total if total else 0.0
    worth = [len(set(seen.groups[kept].tolist())), total**2 / squares if squares else 0.0]
    if 0 < share < 1:
        worth.append(share * (1 - share) * total**2 / (weight**2 * (right - share) ** 2).sum())
    count = np.asarray([max(min(worth), 1e-9)])
    return float(calibrate_module._lower_bound(np.asarray([share]), count)[0])


def test_heavy_texts_prove_less_than_as_many_light_ones() -> None:
    light = [(0, 0.9, 1.0, group) for group in range(96)] + [(1, 0.9, 1.0, 96 + group) for group in range(4)]
    heavy = [(0, 0.9, 1.0, group) for group in range(96)] + [(1, 0.9, 4.0, 96)]

    _, light_share, light_bound = answer_threshold(held_out(light), 0.9)
    _, heavy_share, heavy_bound = answer_threshold(held_out(heavy), 0.9)

    assert heavy_share == pytest.approx(light_share)
    assert heavy_bound < light_bound - 0.01


def test_of_equally_sure_ones_either_all_are_answered_or_none() -> None:
    sure = [(0, 0.9, 1.0, group) for group in range(50)]
    tied = [(0, 0.7, 1.0, 50 + group) for group in range(10)] + [(1, 0.7, 1.0, 60 + group) for group in range(40)]

    threshold, precision, _ = answer_threshold(held_out(sure + tied), 0.9)

    assert threshold == 0.9
    assert precision == 1


def test_without_any_sample_nothing_is_ever_answered() -> None:
    nothing = held_out([(0, 0.5, 1.0, 1)])

    assert answer_threshold(nothing, 0.9, lowest=0.6) == (NEVER, 0.0, 0.0)


def test_where_the_target_is_out_of_reach_answers_are_as_sure_as_can_be() -> None:
    few = held_out([(0, 0.9, 1.0, 1), (0, 0.8, 1.0, 2), (1, 0.7, 1.0, 3)])

    threshold, precision, at_least = answer_threshold(few, 0.99)

    assert (threshold, precision) == (0.8, 1.0)
    assert at_least < 0.99


def test_the_same_question_asked_often_proves_no_more_than_once() -> None:
    once = held_out([(0, 0.9, 1.0, 1)])
    often = held_out([(0, 0.9, 1.0, 1)] * 30)

    assert answer_threshold(often, 0.9)[2] == pytest.approx(answer_threshold(once, 0.9)[2])


def test_the_more_is_expected_out_of_scope_the_surer_an_answer_must_be() -> None:
    right = [(0, 1 - place / 200, 1.0, place) for place in range(100)]
    wrong = [(1, 1 - place / 100, 1.0, 100 + place) for place in range(40, 100)]
    thresholds = [
        answer_threshold(held_out(right + [(rank, sure, weight, group) for rank, sure, _, group in wrong]), 0.9)[0]
        for weight in (0.1, 0.5, 2.0)
    ]

    assert thresholds[0] < thresholds[1] < thresholds[2]


@pytest.mark.parametrize("count", [100, 101, 150, 333])
@pytest.mark.parametrize("share", [0.01, 0.05])
def test_at_most_the_share_asked_for_passes(count: int, share: float) -> None:
    chance = np.random.default_rng(count).random(count).round(2)  # some are equal

    threshold = calibrate_module._pass_threshold(chance, share)

    assert (chance >= threshold).mean() <= share
    assert (chance >= np.nextafter(threshold, 0)).mean() > share


@pytest.mark.parametrize("count", [0, 3, 500])
def test_what_has_no_chance_at_all_never_passes(count: int) -> None:
    assert calibrate_module._pass_threshold(np.zeros(count), 0.05) > 0


def some_samples(off_topic: int = 150) -> list[Sample]:
    """200 questions among four owners, each also without its own, and texts about nothing known; they overlap."""
    chance = np.random.default_rng(0)
    found = []
    for group in range(200):
        right = group % 4
        speaks = chance.normal(size=(4, len(FOR_ARTICLE))).astype(np.float32)
        speaks[right] += 1.0
        scope = (chance.normal(size=len(FOR_SCOPE)) + 0.7).astype(np.float32)
        found.append(Sample(group, Evidence(np.arange(4), speaks, scope), right))
        others = np.delete(speaks, right, axis=0)
        found.append(Sample(group, Evidence(np.delete(np.arange(4), right), others, scope - 0.3), None))
    for place in range(off_topic):
        speaks = chance.normal(size=(4, len(FOR_ARTICLE))).astype(np.float32)
        scope = (chance.normal(size=len(FOR_SCOPE)) - 0.7).astype(np.float32)
        found.append(Sample(-1 - place, Evidence(np.arange(4), speaks, scope), None, off_topic=True))
    return found


def test_fewer_are_answered_when_more_is_expected_out_of_scope() -> None:
    _, rarely, _ = calibrate(some_samples(), 0.9, 0.05)
    _, often, _ = calibrate(some_samples(), 0.9, 0.6)

    assert often.answered < rarely.answered


def test_off_topic_texts_that_look_right_are_kept_away_by_being_unlikely_in_scope() -> None:
    off_topic = np.arange(500) >= 300
    seen = HeldOut(
        rank=np.where(off_topic, 9, 0),
        sure=np.where(off_topic, 0.95, 0.6),
        close=np.where(off_topic, 0.95, 0.6),
        weight=np.ones(500, dtype=np.float32),
        groups=np.arange(500),
        with_article=~off_topic,
        off_topic=off_topic,
    )

    _, thresholds, measured = calibrate_module._best(seen, np.where(off_topic, 0.65, 0.99), 0.95, IN_SCOPE_AT_LEAST)

    assert (thresholds.in_scope, measured.answered, measured.off_topic_answered) == (0.7, 1.0, 0.0)


def test_the_measured_figures_are_those_of_the_thresholds() -> None:
    judge, measured, seen = calibrate(some_samples(), 0.9)

    answered = seen.sure >= judge.thresholds.answer
    asked = ~answered & (seen.close >= judge.thresholds.ask_back)
    assert measured.questions == 200
    assert measured.answered == pytest.approx(answered[seen.with_article].mean())
    assert measured.asked_back == pytest.approx(asked[seen.with_article].mean())
    assert measured.off_topic_answered == pytest.approx(answered[seen.off_topic].mean())
    assert measured.off_topic_answered <= 0.01
    assert (seen.close[seen.off_topic] >= judge.thresholds.ask_back).mean() <= 0.12
    assert measured.promised == (measured.precision_at_least >= 0.9)


def test_the_expected_mix_is_what_weighs() -> None:
    samples = some_samples()
    *_, seen = calibrate(samples, 0.9, 0.3)

    assert seen.weight[seen.with_article].sum() / seen.weight.sum() == pytest.approx(0.7, abs=1e-4)
    assert seen.weight[seen.off_topic].sum() / seen.weight.sum() == pytest.approx(0.15, abs=1e-4)


def test_nothing_expected_out_of_scope_is_survived() -> None:
    _, measured, _ = calibrate(some_samples(), 0.5, 0.0)

    assert 0.5 <= measured.precision_at_least <= measured.precision <= 1


def test_with_no_off_topic_text_everything_is_in_scope() -> None:
    judge, measured, _ = calibrate([sample for sample in some_samples() if not sample.off_topic], 0.8)

    assert judge.in_scope(some_samples()[-1].evidence) > 0.99
    assert measured.off_topic_answered == 0


def test_questions_without_their_article_are_wrong_however_they_are_ranked() -> None:
    samples = [
        replace(sample, right=None, off_topic=True) if sample.group >= 100 else sample for sample in some_samples()
    ]

    *_, seen = calibrate(samples, 0.9)

    assert (seen.rank[~seen.with_article] > 1000).all()
