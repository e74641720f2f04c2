"""All article and flow files together: read, and checked against each other."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from knowledge.article import Article, read_article
from knowledge.flow import Flow, read_flow
from knowledge.source import Broken, Problem
from knowledge.words import plain

_Item = TypeVar("_Item", Article, Flow)


@dataclass(frozen=True, slots=True)
class Library:
    articles: tuple[Article, ...]
    flows: tuple[Flow, ...]


def files(folder: Path) -> list[Path]:
    """Every article and flow file, always in the same order."""
    return sorted((*folder.glob("*.md"), *folder.glob("*.flow.yml")))


def read_library(folder: Path) -> Library:
    """Raises `Broken` with the problems of all files."""
    problems: list[Problem] = []
    articles = _read_all(sorted(folder.glob("*.md")), read_article, problems)
    flows = _read_all(sorted(folder.glob("*.flow.yml")), read_flow, problems)
    if not articles and not problems:
        problems.append(Problem(str(folder), 1, "there is no article"))
    if not problems:
        problems += _disagreements(folder, articles, flows)
    if problems:
        raise Broken(problems)
    return Library(tuple(articles), tuple(flows))


def _read_all(paths: Iterable[Path], read: Callable[[Path], _Item], problems: list[Problem]) -> list[_Item]:
    items = []
    for path in paths:
        try:
            items.append(read(path))
        except Broken as broken:
            problems += broken.problems
        except UnicodeDecodeError:
            problems.append(Problem(str(path), 1, "not readable as UTF-8"))
    return items


def _disagreements(folder: Path, articles: Sequence[Article], flows: Sequence[Flow]) -> list[Problem]:
    """Links that lead nowhere, ids there twice, and a question that two articles claim."""
    problems: list[Problem] = []
    article_ids = {(article.id, article.language) for article in articles}
    flow_ids = {(flow.id, flow.language) for flow in flows}
    asked: dict[tuple[str, str], str] = {}
    for article in articles:
        file = str(folder / article.file)
        if article.flow is not None and (article.flow, article.language) not in flow_ids:
            problems.append(Problem(file, _line(file, f"flow: {article.flow}"), f"there is no flow {article.flow!r}"))
        for question in article.questions:
            other = asked.setdefault((plain(question), article.language), article.id)
            if other != article.id:
                problems.append(Problem(file, _line(file, question), f"{question!r} is also a question of {other!r}"))
    for flow in flows:
        for end in flow.ends:
            if end.article is not None and (end.article, flow.language) not in article_ids:
                file = next(str(path) for path in folder.glob(f"{flow.id}*.flow.yml"))
                problems.append(
                    Problem(file, _line(file, f"article: {end.article}"), f"there is no article {end.article!r}")
                )
    problems += _twice(folder, [*articles]) + _twice(folder, [*flows])
    return problems


def _twice(folder: Path, items: Sequence[Article | Flow]) -> list[Problem]:
    ids = [(item.id, item.language) for item in items]
    return [
        Problem(str(folder), 1, f"id {name!r} is there twice") for name, _ in {key for key in ids if ids.count(key) > 1}
    ]


def _line(file: str, text: str) -> int:
    """Where the text stands in the file."""
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if text in line), 1)
