"""The articles of a build: which may be offered to whom, and each as it was written."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.article import read_article
from knowledge.catalogue import Catalogue
from tests.knowledge.small_world import article

ARTICLES = Path(__file__).with_name("articles")
TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)
KEPT = (
    article("tv-black"),
    article("slow", topic="broadband-slow"),
    article("puk", topic="sim"),
    article("puk", topic="sim", language="de"),
    article("bill", topic="bill-dispute"),
    article("winter", topic="plans-offers", valid_from=TODAY, valid_until=TODAY + 2 * DAY),
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("catalogue")
    Catalogue.write(KEPT, folder)
    return Catalogue.read(folder)


def offered(
    catalogue: Catalogue,
    language: str = "en",
    product: str | None = None,
    before: tuple[str, ...] = (),
    today: date = TODAY,
) -> set[str]:
    may = catalogue.offerable(language, product, before, today)
    return {KEPT[place].id for place in may.nonzero()[0]}


def test_only_articles_in_the_customer_s_language_are_offered(catalogue: Catalogue) -> None:
    assert offered(catalogue, "de") == {"puk"}
    assert offered(catalogue, "fr") == set()
    assert "bill" in offered(catalogue, "en")


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (1, True), (2, True), (3, False)])
def test_both_days_of_an_article_s_dates_are_included(catalogue: Catalogue, days: int, may: bool) -> None:
    assert ("winter" in offered(catalogue, today=TODAY + days * DAY)) is may


@given(st.dates(), st.none() | st.dates(), st.none() | st.dates())
def test_the_dates_mean_what_an_article_says_they_mean(
    tmp_path_factory: pytest.TempPathFactory, today: date, begins: date | None, ends: date | None
) -> None:
    dated = article("dated", valid_from=begins, valid_until=ends)
    folder = tmp_path_factory.mktemp("dated")
    Catalogue.write([dated], folder)

    assert Catalogue.read(folder).offerable("en", None, (), today).tolist() == [dated.is_current(today)]


@pytest.mark.parametrize(
    ("product", "ids"),
    [
        ("tv", {"tv-black", "bill", "winter"}),
        ("broadband", {"slow", "bill", "winter"}),
        ("mobile", {"puk", "bill", "winter"}),
        ("landline", {"bill", "winter"}),
        (None, {"tv-black", "slow", "puk", "bill", "winter"}),
        ("spaceship", {"tv-black", "slow", "puk", "bill", "winter"}),
    ],
)
def test_what_makes_sense_for_another_product_only_is_not_offered(
    catalogue: Catalogue, product: str | None, ids: set[str]
) -> None:
    assert offered(catalogue, product=product) == ids


def test_what_was_offered_before_is_not_offered_again(catalogue: Catalogue) -> None:
    assert offered(catalogue, before=("puk", "bill")) == offered(catalogue) - {"puk", "bill"}
    assert offered(catalogue, before=("of an earlier build",)) == offered(catalogue)


def test_articles_are_read_as_they_were_written(catalogue: Catalogue) -> None:
    assert [catalogue.article(place) for place in range(len(KEPT))] == list(KEPT)
    assert catalogue.articles() == list(KEPT)
    assert len(catalogue) == len(KEPT)


def test_real_articles_too(tmp_path: Path) -> None:
    real = [read_article(file) for file in sorted(ARTICLES.glob("*.md"))]

    Catalogue.write(real, tmp_path)

    assert Catalogue.read(tmp_path).articles() == real


def test_an_article_has_a_place_in_each_of_its_languages(catalogue: Catalogue) -> None:
    assert (catalogue.place("puk", "en"), catalogue.place("puk", "de")) == (2, 3)


@pytest.mark.parametrize(("article_id", "language"), [("unheard-of", "en"), ("slow", "de"), ("", "en")])
def test_an_article_that_is_not_there_is_a_key_error(catalogue: Catalogue, article_id: str, language: str) -> None:
    with pytest.raises(KeyError):
        catalogue.place(article_id, language)
