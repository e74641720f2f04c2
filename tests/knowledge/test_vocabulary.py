"""The words that articles are asked for by: telling ones, current ones, in the right language."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.article import Article
from knowledge.library import read_library
from knowledge.vocabulary import vocabulary

TODAY = date(2026, 11, 26)
ARTICLES = Path(__file__).resolve().parents[2] / "knowledge" / "articles"


@pytest.fixture(scope="module")
def articles() -> tuple[Article, ...]:
    return read_library(ARTICLES).articles


def test_what_only_a_telecom_operator_is_asked_for_comes_first(articles: tuple[Article, ...]) -> None:
    words = vocabulary(articles, "en", TODAY, most=300)

    assert len(words) == 300
    assert {"puk", "esim", "apn", "roaming", "voicemail", "pac", "direct debit"} <= set(words)
    assert not {"the", "my", "is", "how do", "my points"} & set(words)


def test_it_is_the_same_every_time(articles: tuple[Article, ...]) -> None:
    assert vocabulary(articles, "en", TODAY, most=50) == vocabulary(tuple(reversed(articles)), "en", TODAY, most=50)


def test_no_article_of_another_language_or_time_has_a_say(articles: tuple[Article, ...]) -> None:
    over = tuple(replace(article, valid_until=date(2026, 1, 1)) for article in articles)

    assert vocabulary(articles, "de", TODAY, most=50) == ()
    assert vocabulary(over, "en", TODAY, most=50) == ()


def test_one_topic_alone_tells_nothing_apart(articles: tuple[Article, ...]) -> None:
    assert vocabulary([article for article in articles if article.topic == "sim"], "en", TODAY, most=50) == ()
