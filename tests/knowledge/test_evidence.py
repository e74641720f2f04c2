"""What speaks for an article, in a small world whose vectors are made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import evidence as evidence_module
from knowledge.evidence import FOR_ARTICLE, FOR_BEST, FOR_SCOPE, Evidence, for_best, gather
from knowledge.index import Index
from knowledge.lexicon import Numbers
from tests.knowledge.small_world import PUK, ROAMING, SAID, SLOW, TV, WORDINGS, small_index, unit_vectors, vectors_of
from tests.knowledge.told import vector

EVERYONE = np.ones(len(WORDINGS), dtype=np.bool_)
BY_MEANING = ("nearest", "near_three", "near_ten", "leaning", "centre", "classifier")


def asked(text: str, index: Index | None = None) -> Evidence:
    return gather(index or small_index(), text, vector(text), EVERYONE)


def told(evidence: Evidence, name: str) -> Numbers:
    return evidence.speaks[:, FOR_ARTICLE.index(name)]


def scope(evidence: Evidence, name: str) -> float:
    return float(evidence.scope[FOR_SCOPE.index(name)])


@pytest.mark.parametrize("name", BY_MEANING)
@pytest.mark.parametrize(
    ("said", "owner"), [("slow game", SLOW), ("roaming cruise", ROAMING), ("tv flickers", TV), ("puk again", PUK)]
)
def test_by_meaning_most_speaks_for_the_right_owner(said: str, owner: int, name: str) -> None:
    evidence = asked(said)

    assert evidence.owners[told(evidence, name).argmax()] == owner


def test_by_words_and_letters_too() -> None:
    evidence = gather(small_index(), "spain", vector("tv"), EVERYONE)

    for name in ("words", "chars"):
        assert evidence.owners[told(evidence, name).argmax()] == ROAMING


def test_a_misspelt_word_still_shares_letters() -> None:
    evidence = gather(small_index(), "spainn", vector("tv"), EVERYONE)

    assert told(evidence, "words").max() == 0
    assert evidence.owners[told(evidence, "chars").argmax()] == ROAMING


def test_an_owner_without_wordings_is_found_by_what_its_article_says() -> None:
    index = small_index(passages=True)
    rows = np.arange(len(WORDINGS[SLOW]))

    evidence = asked("slow router restart it", index.without(rows, WORDINGS[SLOW]))

    assert evidence.owners[told(evidence, "passage").argmax()] == SLOW
    assert evidence.owners[told(evidence, "passage_words").argmax()] == SLOW
    assert scope(evidence, "passage") == pytest.approx(1, abs=1e-3)


def test_an_index_of_questions_only_has_no_say_of_sentences() -> None:
    evidence = asked(SAID[SLOW][0])

    assert told(evidence, "passage").max() == 0
    assert scope(evidence, "passage") == 0


def test_nothing_speaks_for_what_may_not_be_offered() -> None:
    evidence = gather(small_index(passages=True), "slow game", vector("slow game"), np.arange(4) > SLOW)

    assert SLOW not in evidence.owners


def test_when_nothing_may_be_offered_there_are_no_owners() -> None:
    evidence = gather(small_index(passages=True), "slow game", vector("slow game"), ~EVERYONE)

    assert evidence.owners.size == 0
    assert evidence.speaks.shape == (0, len(FOR_ARTICLE))
    assert np.isfinite(evidence.scope).all()


def test_what_nothing_answers_is_near_what_nothing_answered() -> None:
    joke, slow = asked("joke about dogs"), asked("slow game")

    assert scope(joke, "nothing") > scope(slow, "nothing")
    assert scope(joke, "nearest") < scope(slow, "nearest")
    assert scope(joke, "classifier") < scope(slow, "classifier")
    assert scope(joke, "known") < scope(asked("slow internet pages"), "known") == pytest.approx(1)


def test_a_base_without_texts_about_nothing_knows_no_such_nearness() -> None:
    index = Index.of(WORDINGS, vectors_of(sum(WORDINGS, ())), np.zeros((0, 40), dtype=np.float32))

    assert scope(asked("joke about dogs", index), "nothing_most") == 0


def test_the_best_article_s_evidence_says_how_far_it_leads() -> None:
    evidence = asked("slow game")
    scores = np.asarray([3.0, 1.0, 0.5, 0.0], dtype=np.float32)

    best = dict(zip(FOR_BEST, for_best(evidence, scores).tolist(), strict=True))

    assert (best["score"], best["lead"], best["lead_of_three"]) == (3, 2, 3)
    assert best["share"] == pytest.approx(np.exp(3) / np.exp(scores).sum(), rel=1e-5)
    assert best["nearest"] == pytest.approx(float(evidence.speaks[0, 0]))


def test_a_single_article_leads_by_what_nobody_disputes() -> None:
    evidence = gather(small_index(), "tv flickers", vector("tv flickers"), np.arange(4) == TV)

    best = dict(zip(FOR_BEST, for_best(evidence, np.asarray([1.0], dtype=np.float32)).tolist(), strict=True))

    assert best["share"] == 1
    assert best["spread"] == pytest.approx(0)
    assert best["lead"] > 1


@given(st.integers(0, 10_000), st.integers(1, 20), st.integers(1, 5))
def test_the_leaning_is_the_whole_kernel_ridge_regression(seed: int, count: int, owner_count: int) -> None:
    """The same as solving for every owner's "is this owner's" and applying all of them to the question."""
    owner = np.sort(np.arange(count) % owner_count)
    vectors, question = unit_vectors(count, 6, seed), unit_vectors(1, 6, seed + 1)[0]
    kept = np.random.default_rng(seed).permutation(count)[: max(1, count - 2)]
    owners = np.unique(owner[kept])
    known = vectors[kept]

    leaning = evidence_module._leaning(known, known @ question, np.searchsorted(owners, owner[kept]), len(owners))

    alike = np.exp(evidence_module._NARROW * (known.astype(float) @ known.T - 1))
    targets = (owner[kept][:, None] == owners[None]).astype(float)
    learned = np.linalg.solve(alike + evidence_module._HELD * np.eye(len(kept)), targets)
    expected = np.exp(evidence_module._NARROW * (known @ question - 1)) @ learned
    assert leaning == pytest.approx(expected, abs=1e-3)


@given(
    st.lists(st.tuples(st.sampled_from([2, 3, 5, 8]), st.floats(-1, 1, width=32)), max_size=30),
    st.integers(1, 10),
    st.floats(-1, 1, width=32),
)
def test_the_mean_of_the_best_fills_up_with_the_least(found: list[tuple[int, float]], count: int, least: float) -> None:
    owners = np.asarray([2, 3, 5, 8])
    owner = np.asarray([one for one, _ in found], dtype=np.int64)
    values = np.asarray([value for _, value in found], dtype=np.float32)

    means = evidence_module._mean_of_best(owners, owner, values, count, least)

    for place, one in enumerate(owners):
        own = sorted((value for whose, value in found if whose == one), reverse=True)[:count]
        assert means[place] == pytest.approx((sum(own) + least * (count - len(own))) / count, abs=1e-5)
