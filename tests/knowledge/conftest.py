"""A small knowledge base of its own, built once with the real model."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import answer, build
from knowledge.shelf import Shelf
from settings import Settings

ARTICLES = Path(__file__).with_name("articles")


def library_settings(state: Path) -> Settings:
    return Settings(_env_file=None, firstline_state=state, firstline_internal_token="test-internal-token")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a state folder with the index of `tests/knowledge/articles`."""
    settings = library_settings(tmp_path_factory.mktemp("knowledge"))
    build.build(settings, ARTICLES, light=False)
    return settings


@pytest.fixture
def house(built: Settings, tmp_path: Path) -> tuple[Settings, Path]:
    """A copy of the built state, and a copy of the articles that may be edited."""
    shutil.copytree(built.firstline_state, tmp_path / "state")
    shutil.copytree(ARTICLES, tmp_path / "articles")
    return built.model_copy(update={"firstline_state": tmp_path / "state"}), tmp_path / "articles"


@pytest.fixture
def shelf(built: Settings) -> Iterator[Shelf]:
    yield answer.open(built)
    answer.close()
