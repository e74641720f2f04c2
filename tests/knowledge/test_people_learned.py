"""Who needs a person is learned from examples of each kind, and hardly an ordinary question is taken for one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import people
from knowledge.article import HandOverHints
from knowledge.lexicon import Numbers
from knowledge.people import Examples, Kind, People, Recogniser, learn, threshold
from knowledge.source import Broken

DISPUTE = Kind("dispute", "person", HandOverHints("bill-dispute", "billing", when="always"))
DANGER = Kind("danger", "safety", HandOverHints("general", "frontline", when="always", safety=True))
EXAMPLES = Examples(((DISPUTE, ("text",) * 40), (DANGER, ("text",) * 40)), ("text",) * 20)
GOOD = """\
dispute:
  reason: person
  hints: {category: bill-dispute, department: billing, when: always}
  examples:
    - I want my money back
near_misses:
  - how do I pay
"""


def cloud(place: int, count: int, seed: int, spread: float = 0.25) -> Numbers:
    """Vectors of length 1 around one direction."""
    found = np.random.default_rng(seed).normal(scale=spread, size=(count, 8))
    found[:, place] += 1
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


ORDINARY = cloud(0, 500, 1)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return learn(EXAMPLES, [cloud(1, 40, 2), cloud(2, 40, 3)], ORDINARY)


@pytest.mark.parametrize(("place", "kind"), [(1, DISPUTE), (2, DANGER)])
def test_each_kind_is_recognised(recogniser: Recogniser, place: int, kind: Kind) -> None:
    found = [recogniser.kind(vector) for vector in cloud(place, 100, 9)]

    assert np.mean([bool(one and one[0] == kind) for one in found]) > 0.95


def test_at_most_one_in_a_hundred_ordinary_questions_is_passed_on(recogniser: Recogniser) -> None:
    assert np.mean([recogniser.kind(vector) is not None for vector in ORDINARY]) <= 0.01


def test_hardly_more_even_where_some_ordinary_questions_look_the_same() -> None:
    alike = np.concatenate([cloud(1, 15, 4), cloud(2, 15, 5), ORDINARY])

    recogniser = learn(EXAMPLES, [cloud(1, 40, 2), cloud(2, 40, 3)], alike)

    reasons = [found[0].reason for vector in alike if (found := recogniser.kind(vector))]
    for reason in people.REASONS:
        assert recogniser.thresholds[reason] > people._LEAST_CHANCE[reason]
        assert reasons.count(reason) / len(alike) <= 2 * people._PASSED_ON[reason]


@given(
    st.lists(st.sampled_from([0.1, 0.2, 0.5, 0.9]) | st.floats(0, 1), min_size=1), st.sampled_from([0.01, 0.03, 0.29])
)
@pytest.mark.parametrize("width", [np.float32, np.float64])
def test_no_more_than_the_share_reaches_a_threshold_and_no_lower_one_would_do(
    width: type[np.floating[Any]], chances: list[float], share: float
) -> None:
    measured = np.asarray(chances, dtype=width)

    found = threshold(measured, share)

    assert np.mean(measured >= found) <= share
    assert np.mean(measured >= measured[measured < found].max()) > share


def test_a_share_that_is_no_whole_number_is_not_rounded_up() -> None:
    twenty = np.linspace(0.05, 1, 20)

    assert (twenty >= threshold(twenty, 0.03)).sum() == 0
    assert (twenty >= threshold(twenty, 0.05)).sum() == 1
    assert (twenty >= threshold(twenty, 0.09)).sum() == 1


def test_danger_is_called_danger_even_where_another_kind_is_likelier(recogniser: Recogniser) -> None:
    between = 0.55 * cloud(1, 1, 5, spread=0.01)[0] + 0.45 * cloud(2, 1, 5, spread=0.01)[0]

    found = recogniser.kind(between)

    assert found is not None
    assert found[0] == DANGER


def test_how_sure_it_is_reaches_the_threshold(recogniser: Recogniser) -> None:
    found = recogniser.kind(cloud(2, 1, 5, spread=0.01)[0])

    assert found is not None
    assert recogniser.thresholds["safety"] <= found[1] <= 1


def test_a_language_without_examples_recognises_nobody(recogniser: Recogniser) -> None:
    everyone = People({"en": recogniser})

    assert everyone.kind(cloud(1, 1, 5, spread=0.01)[0], "de") is None
    assert everyone.kind(cloud(1, 1, 5, spread=0.01)[0], "en") is not None


def test_what_was_learned_is_read_as_it_was_written(recogniser: Recogniser, tmp_path: Path) -> None:
    People({"en": recogniser}).write(tmp_path)

    assert People.read(tmp_path) == People({"en": recogniser})


def test_a_language_without_a_file_has_no_examples() -> None:
    assert Examples.of("xx") == Examples((), ())


def test_english_has_examples_of_both_reasons() -> None:
    english = Examples.of("en")

    assert {kind.reason for kind, _ in english.kinds} == {"person", "safety"}
    assert all(len(texts) >= 20 for _, texts in english.kinds)
    assert english.near_misses


def test_a_good_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "FOLDER", tmp_path)
    (tmp_path / "xx.people.yml").write_text(GOOD)

    ((kind, texts),) = Examples.of("xx").kinds

    assert (kind.name, kind.reason, kind.hints.department) == ("dispute", "person", "billing")
    assert texts == ("I want my money back",)


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("reason: person", "reason: mood", 2, "is 'mood'"),
        ("department: billing", "department: nobody", 3, "is 'nobody'"),
        ("  examples:\n    - I want my money back\n", "", 1, "'examples' is missing"),
        ("    - I want my money back", "    - [a list]", 5, "must be a text"),
        ("near_misses:\n  - how do I pay\n", "", 1, "'near_misses' is missing"),
        ("near_misses:\n  - how do I pay", "near_misses: none", 6, "must be a list"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, line: int, said: str
) -> None:
    monkeypatch.setattr(people, "FOLDER", tmp_path)
    assert before in GOOD
    (tmp_path / "xx.people.yml").write_text(GOOD.replace(before, after))

    with pytest.raises(Broken) as broken:
        Examples.of("xx")

    assert any(problem.line == line and said in problem.message for problem in broken.value.problems), str(broken.value)
