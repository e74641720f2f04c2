"""Searching rows by meaning and by words: only among those kept, the same from disk, and when there are very many."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import rows as rows_module
from knowledge.lexicon import Lexicon
from knowledge.rows import Mask, Rows, Wordings
from tests.knowledge.small_world import unit_vectors

COUNT, WIDTH = 37, 16
KEPT = st.lists(st.booleans(), min_size=COUNT, max_size=COUNT).map(lambda kept: np.asarray(kept, dtype=np.bool_))


def some_rows(count: int) -> tuple[Wordings, Lexicon]:
    """Four rows an owner; every seventh shares a word, and each has one of its own."""
    texts = [f"common{number % 7} own{number}" for number in range(count)]
    lexicon = Lexicon.of(texts)
    owner = np.arange(count, dtype=np.int32) // 4
    return Wordings.of(texts, owner, unit_vectors(count, WIDTH), lexicon), lexicon


ROWS, LEXICON = some_rows(COUNT)


@given(KEPT, st.integers(0, 1000), st.integers(1, 50))
def test_the_nearest_are_the_nearest_of_those_kept(kept: Mask, seed: int, count: int) -> None:
    asked = unit_vectors(1, WIDTH, seed + 1)[0]

    found = ROWS.nearest(asked[None], count, kept)[0]

    by_nearness = np.argsort(-(unit_vectors(COUNT, WIDTH) @ asked))
    assert found.tolist() == [row for row in by_nearness.tolist() if kept[row]][:count]


def test_with_nothing_kept_nothing_is_found() -> None:
    nothing = np.zeros(COUNT, dtype=np.bool_)
    asked = LEXICON.read(["common3 own3"])[0].words

    assert ROWS.nearest(unit_vectors(1, WIDTH), 5, nothing)[0].size == 0
    assert ROWS.sharing_words(asked, 5, nothing).size == 0


@given(KEPT, st.integers(0, COUNT - 1), st.integers(1, 50))
def test_rows_that_share_words_are_those_that_share_most_of_those_kept(kept: Mask, row: int, count: int) -> None:
    text = f"common{row % 7} own{row} unheard"

    found = ROWS.sharing_words(LEXICON.read([text])[0].words, count, kept)

    shared = np.where(kept, ROWS.words @ LEXICON.words([text]).toarray()[0], 0)
    assert np.sort(shared[found]) == pytest.approx(np.sort(shared[shared > 0])[-count:])
    assert len(set(found.tolist())) == len(found)


def test_a_question_of_unknown_words_shares_none() -> None:
    assert ROWS.sharing_words(LEXICON.read(["quite unheard of"])[0].words, 5, None).size == 0


def test_each_owner_s_rows_begin_where_they_begin() -> None:
    assert ROWS.starts.tolist() == [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 37]


def test_what_was_written_is_read_from_disk_where_it_is_needed(tmp_path: Path) -> None:
    ROWS.write(tmp_path / "rows")

    read = Wordings.read(tmp_path / "rows")

    asked, words = unit_vectors(1, WIDTH, 5)[0], LEXICON.read(["common2 own4"])[0].words
    for before, after in zip(_arrays(ROWS), _arrays(read), strict=True):
        assert before.dtype == after.dtype
        assert np.array_equal(before, after)
        assert _is_on_disk(after)
    assert read.owner.tolist() == ROWS.owner.tolist()
    assert read.nearest(asked[None], 9, None)[0].tolist() == ROWS.nearest(asked[None], 9, None)[0].tolist()
    assert read.sharing_words(words, 9, None).tolist() == ROWS.sharing_words(words, 9, None).tolist()


@pytest.fixture(scope="module")
def very_many() -> Rows:
    """Rows that are searched in cells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_module, "_EXACT_UP_TO", 500)
        return some_rows(2000)[0]


@pytest.mark.parametrize("planted", [0, 777, 1999])
def test_among_very_many_rows_the_planted_neighbour_comes_first(very_many: Rows, planted: int) -> None:
    asked = very_many.vectors[planted].astype(np.float32) + 0.05 * unit_vectors(1, WIDTH, 9)[0]

    assert very_many.nearest((asked / np.linalg.norm(asked))[None], 10, None)[0][0] == planted


@pytest.mark.parametrize("planted", [0, 777, 1999])
def test_among_very_many_rows_only_those_kept_are_found(very_many: Rows, planted: int) -> None:
    kept = np.arange(2000) % 3 == planted % 3
    without = kept & (np.arange(2000) != planted)
    asked = very_many.vectors[planted].astype(np.float32)

    assert very_many.nearest(asked[None], 10, kept)[0][0] == planted
    found = very_many.nearest(asked[None], 10, without)[0]
    assert len(found) == 10
    assert without[found].all()


def test_few_of_very_many_rows_are_all_found_exactly_wherever_they_lie(very_many: Rows) -> None:
    asked = unit_vectors(1, WIDTH, 9)[0]
    by_nearness = np.argsort(-(very_many.vectors.astype(np.float32) @ asked))
    kept = np.zeros(2000, dtype=np.bool_)
    kept[by_nearness[-300:]] = True

    assert very_many.nearest(asked[None], 5, kept)[0].tolist() == by_nearness[-300:-295].tolist()
    kept[by_nearness[-297:]] = False
    assert very_many.nearest(asked[None], 5, kept)[0].tolist() == by_nearness[-300:-297].tolist()
    assert very_many.nearest(asked[None], 5, np.zeros(2000, dtype=np.bool_))[0].size == 0


def test_more_rows_than_are_compared_at_once_are_compared_in_parts(
    very_many: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, kept = unit_vectors(1, WIDTH, 9)[0], np.arange(2000) >= 1990
    whole = very_many.nearest(asked[None], 20, kept)[0]

    monkeypatch.setattr(rows_module, "_COMPARED_AT_ONCE", 3)

    assert sorted(whole.tolist()) == list(range(1990, 2000))
    assert very_many.nearest(asked[None], 20, kept)[0].tolist() == whole.tolist()


def test_cells_are_read_as_they_were_written(very_many: Rows, tmp_path: Path) -> None:
    very_many.write(tmp_path / "rows")
    asked = unit_vectors(1, WIDTH, 5)[0]

    [found], [found_again] = (rows.nearest(asked[None], 20, None) for rows in (very_many, Rows.read(tmp_path / "rows")))
    assert found_again.tolist() == found.tolist()


def test_pages_given_back_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "_EXACT_UP_TO", 10)
    rows, _ = some_rows(COUNT)
    rows.write(tmp_path / "rows")
    read = Wordings.read(tmp_path / "rows")

    read.let_go()

    assert all(np.array_equal(before, after) for before, after in zip(_arrays(rows), _arrays(read), strict=True))


def test_rows_in_memory_have_nothing_to_give_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "_EXACT_UP_TO", 10)
    rows, _ = some_rows(COUNT)

    rows.let_go()

    assert np.array_equal(rows.vectors, ROWS.vectors.astype(np.float16))


def _arrays(rows: Wordings) -> list[Any]:
    matrices = (rows.words, rows.chars, rows.postings)
    return [rows.vectors, *(part for matrix in matrices for part in (matrix.data, matrix.indices, matrix.indptr))]


def _is_on_disk(array: Any) -> bool:
    while array is not None and not isinstance(array, np.memmap):
        array = getattr(array, "base", None)
    return array is not None
