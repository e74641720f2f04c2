"""The articles of a build by their place: what decides whether one may be offered in memory, the texts on disk."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from knowledge.article import Article
from knowledge.rows import Mask
from knowledge.topics import PRODUCT_TOPICS, TOPICS

_ARTICLE = TypeAdapter(Article)
_ALWAYS = (date.min.toordinal(), date.max.toordinal())
_TABLE = (
    "CREATE TABLE articles (place INTEGER PRIMARY KEY, id TEXT, language TEXT, article BLOB, UNIQUE (id, language))"
)


@dataclass(frozen=True)
class Catalogue:
    """Closed by being forgotten: it only reads."""

    languages: NDArray[np.str_]
    topics: NDArray[np.int16]  # places in TOPICS
    begins: NDArray[np.int32]  # the first and the last day each may be offered, as ordinals
    ends: NDArray[np.int32]
    _texts: sqlite3.Connection

    @staticmethod
    def write(articles: Iterable[Article], folder: Path) -> None:
        columns: list[tuple[str, int, int, int]] = []
        with sqlite3.connect(folder / "articles.sqlite") as texts:
            texts.execute(_TABLE)
            for place, article in enumerate(articles):
                texts.execute(
                    "INSERT INTO articles VALUES (?, ?, ?, ?)",
                    (place, article.id, article.language, _ARTICLE.dump_json(article)),
                )
                begins = article.valid_from.toordinal() if article.valid_from else _ALWAYS[0]
                ends = article.valid_until.toordinal() if article.valid_until else _ALWAYS[1]
                columns.append((article.language, TOPICS.index(article.topic), begins, ends))
        texts.close()
        languages, topics, first, last = zip(*columns, strict=True)
        np.savez(
            folder / "catalogue.npz",
            languages=np.asarray(languages),
            topics=np.asarray(topics, dtype=np.int16),
            begins=np.asarray(first, dtype=np.int32),
            ends=np.asarray(last, dtype=np.int32),
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        file = folder / "articles.sqlite"
        texts = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        with np.load(folder / "catalogue.npz") as saved:
            return cls(saved["languages"], saved["topics"], saved["begins"], saved["ends"], texts)

    def __len__(self) -> int:
        return len(self.topics)

    def article(self, place: int) -> Article:
        (found,) = self._texts.execute("SELECT article FROM articles WHERE place = ?", (int(place),)).fetchone()
        return _ARTICLE.validate_json(found)

    def place(self, article_id: str, language: str) -> int:
        """Raises `KeyError` when there is no such article in that language."""
        found = self._texts.execute(
            "SELECT place FROM articles WHERE id = ? AND language = ?", (article_id, language)
        ).fetchone()
        if found is None:
            raise KeyError(article_id)
        return int(found[0])

    def articles(self) -> Sequence[Article]:
        """All of them, read from disk."""
        found = self._texts.execute("SELECT article FROM articles ORDER BY place")
        return [_ARTICLE.validate_json(article) for (article,) in found]

    def reviewed_before(self, day: date, *, most: int) -> tuple[int, list[str]]:
        """How many articles nobody has looked at since that day, and the ids of the `most` oldest."""
        rows = self._texts.execute(
            "SELECT id, json_extract(CAST(article AS TEXT), '$.reviewed') AS reviewed FROM articles "
            "WHERE reviewed < ? ORDER BY reviewed, id",
            (day.isoformat(),),
        ).fetchall()
        return len(rows), [str(article_id) for article_id, _ in rows[:most]]

    def offerable(self, language: str, product: str | None, offered: Iterable[str], today: date) -> Mask:
        """Those in the customer's language, current, about their product, not offered before."""
        day = today.toordinal()
        may: Mask = (self.languages == language) & (self.begins <= day) & (day <= self.ends)
        if product in PRODUCT_TOPICS:
            may &= ~self._about_another[product]
        for article_id in offered:
            try:
                may[self.place(article_id, language)] = False
            except KeyError:  # offered by an earlier build
                continue
        return may

    @cached_property
    def _about_another(self) -> dict[str, Mask]:
        """For each product the articles that make sense for another one only."""
        of = {name: np.asarray([topic in topics for topic in TOPICS]) for name, topics in PRODUCT_TOPICS.items()}
        return {name: np.any([rows for other, rows in of.items() if other != name], axis=0)[self.topics] for name in of}
