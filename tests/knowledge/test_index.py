"""An index forgets texts as if they had never been written, knows who may be looked at, and is the same from disk."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.evidence import gather
from knowledge.index import Index, flat
from tests.knowledge.small_world import NOTHING, PUK, ROAMING, SAID, SLOW, TV, WORDINGS, small_index, vectors_of
from tests.knowledge.told import vector

EVERYONE = np.ones(len(WORDINGS), dtype=np.bool_)
TEXTS, OWNER = flat(WORDINGS)


def row_of(text: str) -> int:
    return TEXTS.index(text)


def forgetting(*texts: str) -> Index:
    return small_index().without(np.asarray([row_of(text) for text in texts]), texts)


def test_a_word_that_only_a_forgotten_text_had_is_not_known() -> None:
    assert small_index().lexicon.read(["pages"])[0].known == 1

    assert forgetting("slow pages").lexicon.read(["pages"])[0].known == 0


def test_a_word_that_another_text_has_stays_known() -> None:
    assert forgetting("slow pages").lexicon.read(["slow"])[0].known == 1


def test_a_forgotten_text_is_found_neither_by_meaning_nor_by_words() -> None:
    index = forgetting("slow pages", "tv off")
    words = index.lexicon.read(["slow pages"])[0].words
    kept = index.allowed_rows(index.wordings, EVERYONE)

    [near] = index.wordings.nearest(vector("slow pages")[None], 50, kept)
    sharing = index.wordings.sharing_words(words, 50, kept)

    assert set(near.tolist()) == set(range(len(TEXTS))) - {row_of("slow pages"), row_of("tv off")}
    assert set(sharing.tolist()) == {row_of(text) for text in WORDINGS[SLOW]} - {row_of("slow pages")}


def test_forgetting_leaves_the_centre_of_what_is_left() -> None:
    left = vectors_of(("slow internet", "slow film at night", "slow download")).sum(axis=0)

    index = forgetting("slow pages")

    assert index.centres_of(SLOW) == pytest.approx(left / np.linalg.norm(left), abs=1e-3)
    assert index.centres_of(TV) == pytest.approx(small_index().centres_of(TV), abs=1e-6)


def test_an_owner_whose_texts_are_all_forgotten_has_no_centre() -> None:
    index = forgetting(*WORDINGS[PUK])

    assert np.linalg.norm(index.centres_of(PUK)) < 0.1


def test_an_index_that_forgot_weighs_words_as_one_that_never_knew() -> None:
    forgotten = {"slow pages", "roaming abroad", "puk lost"}
    left = [[text for text in texts if text not in forgotten] for texts in WORDINGS]
    never_knew = Index.of(left, vectors_of(tuple(flat(left)[0])), vectors_of(NOTHING))

    index = forgetting(*forgotten)

    assert index.lexicon.texts == never_knew.lexicon.texts
    assert np.array_equal(index.lexicon.with_word, never_knew.lexicon.with_word)
    assert np.array_equal(index.lexicon.with_chars, never_knew.lexicon.with_chars)


def test_the_index_itself_forgets_nothing_by_that() -> None:
    index = small_index()

    index.without(np.asarray([0]), TEXTS[:1])

    assert index.kept is None
    assert index.lexicon.read(["internet"])[0].known == 1
    every = np.arange(index.count)
    assert index.centres_of(every) == pytest.approx(small_index().centres_of(every))


def test_the_classifier_of_an_index_that_forgot_never_saw_the_text() -> None:
    left = [[text for text in texts if text != "slow pages"] for texts in WORDINGS]
    never_knew = Index.of(left, vectors_of(tuple(flat(left)[0])), vectors_of(NOTHING)).classifier

    index = forgetting("slow pages")

    assert index.classifier.weights == pytest.approx(never_knew.weights)
    assert not np.allclose(index.classifier.weights, small_index().classifier.weights)


def test_a_classifier_that_never_saw_the_text_may_be_given() -> None:
    index, row = small_index(), np.asarray([row_of("slow pages")])
    never_saw = index.learn_without(np.append(row, row_of("tv off")))

    assert index.without(row, ["slow pages"], never_saw).classifier is never_saw


def test_a_text_that_nothing_answers_can_be_held_back() -> None:
    index = small_index().without_nothing(1)

    assert index.nothing == pytest.approx(vectors_of((NOTHING[0], NOTHING[2])))


def test_only_rows_of_owners_that_may_be_offered_are_allowed() -> None:
    index, may_offer = small_index(passages=True), np.asarray([True, False, True, False])
    assert index.passages is not None

    allowed, said = index.allowed_rows(index.wordings, may_offer), index.allowed_rows(index.passages, may_offer)

    assert allowed is not None
    assert said is not None
    assert set(OWNER[allowed].tolist()) == {SLOW, TV}
    assert said.tolist() == [True, False, True, False]
    assert index.allowed_rows(index.wordings, EVERYONE) is None


def test_forgotten_rows_are_not_allowed_even_for_their_owner() -> None:
    index = forgetting("roaming abroad")

    allowed = index.allowed_rows(index.wordings, np.arange(len(WORDINGS)) == ROAMING)

    assert allowed is not None
    assert [TEXTS[row] for row in np.flatnonzero(allowed)] == ["roaming in spain", "roaming on holiday"]


def test_forgetting_wordings_keeps_the_sentences() -> None:
    index = small_index(passages=True).without(np.asarray([0]), TEXTS[:1])

    assert index.passages is not None
    assert index.allowed_rows(index.passages, EVERYONE) is None


@pytest.mark.parametrize("passages", [True, False])
def test_an_index_from_disk_gives_the_same_evidence(tmp_path: Path, passages: bool) -> None:
    index = small_index(passages=passages)
    index.write(tmp_path)

    read = Index.read(tmp_path)

    before, after = (gather(some, "slow game", vector("slow game"), EVERYONE) for some in (index, read))
    assert after.owners.tolist() == before.owners.tolist()
    assert np.array_equal(after.speaks, before.speaks)
    assert np.array_equal(after.scope, before.scope)
    assert read.count == len(SAID)
