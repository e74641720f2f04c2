"""What happens when a person accepts a proposal: a question more in an article, or the beginning of a new article."""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.article import QUESTIONS_AT_LEAST, Article
from knowledge.findings import Proposal
from knowledge.identity import traces, vocabulary
from knowledge.library import read_library
from knowledge.manuscript import id_for, outline, with_question
from knowledge.source import Broken
from knowledge.topics import TOPICS

Publish = Callable[[Path], object]
_DRAFTS = "drafts"  # a folder among the articles that the build does not look into


class NotAccepted(Exception):
    """Nothing was changed; the message says what a person has to do."""


def accept(proposal: Proposal, articles: Path, publish: Publish, words: str = "") -> Sequence[str]:
    """Do what it proposes, and tell what was done and what comes next. `words` are asked instead of its own.

    `publish` makes the index of the articles in a folder, here a changed copy, and lets it go live. Raises
    `NotAccepted`, `Broken` when the articles are not in order, and whatever `publish` raises; `articles` are as before
    then.
    """
    if proposal.kind == "example_question":
        return _add_question(proposal, articles, publish, words or proposal.question or "")
    if words:
        raise NotAccepted("Other words can be given for an example question only.")
    if proposal.kind == "missing_article":
        return _write_draft(proposal, articles)
    raise NotAccepted("\n".join(_advice(proposal)))


def _add_question(proposal: Proposal, articles: Path, publish: Publish, question: str) -> Sequence[str]:
    library = read_library(articles)
    if found := traces(question, _public_words(library.articles)):
        raise NotAccepted(
            f"“{question}” holds {', '.join(map(str, found))}. Everybody can read an article: give other words. "
            "What is no name, such as a product, is written in small letters there."
        )
    wanted = (proposal.articles[0], proposal.language)
    article = next((article for article in library.articles if (article.id, article.language) == wanted), None)
    if article is None:
        raise NotAccepted(f"There is no article {wanted[0]!r} in {wanted[1]!r} any more.")
    file = articles / article.file
    with TemporaryDirectory(prefix="articles-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(articles, copy, ignore=shutil.ignore_patterns(_DRAFTS))
        (copy / article.file).write_bytes(_with_question(file, question))
        _check(copy, articles)
        publish(copy)
        # Only now, and in one step: however this program ends, nothing stands in the article that was not published.
        _replace(file, _with_question(file, question))
    return (f"“{question}” is now a question of {file}.",)


def _with_question(file: Path, question: str) -> bytes:
    """What the file would hold, read anew: it may have been edited while the index was made."""
    try:
        return with_question(file.read_bytes().decode(), question).encode()
    except ValueError as error:
        raise NotAccepted(f"{file}: {error}. Add “{question}” there by hand.") from error


def _check(copy: Path, articles: Path) -> None:
    """Raises `Broken`, which names the files in `articles`."""
    try:
        read_library(copy)
    except Broken as broken:
        raise Broken(
            replace(problem, file=problem.file.replace(str(copy), str(articles))) for problem in broken.problems
        ) from broken


def _replace(file: Path, content: bytes) -> None:
    new = file.with_suffix(".new")
    new.write_bytes(content)
    shutil.copymode(file, new)
    os.replace(new, file)


def _write_draft(proposal: Proposal, articles: Path) -> Sequence[str]:
    library = read_library(articles)
    known = _public_words(library.articles)
    clean = [question for question in proposal.examples if not traces(question, known)]
    names = (id_for(proposal.question or ""), proposal.id)
    article_id = next((name for name in names if not _is_taken(articles, name)), None)
    if article_id is None:
        raise NotAccepted(f"There is a draft already: {articles / _DRAFTS / proposal.id}.md")
    begun = outline(article_id, proposal.language, clean, _why(proposal), TOPICS, body=proposal.solution)
    file = articles / _DRAFTS / f"{article_id}.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text(begun, encoding="utf-8")
    told = [f"A draft is in {file}, with {len(clean)} questions; nothing is served from there."]
    if masked := len(proposal.examples) - len(clean):
        told.append(f"{masked} questions are left out, because they may tell who asked.")
    if found := traces(proposal.solution, known):
        told.append(f"What it says holds {', '.join(map(str, found))}: look whether it tells who asked.")
    return (
        *told,
        f"1. Write what is empty, {QUESTIONS_AT_LEAST} questions or more, and below the last line what to do.",
        f"2. Move it up: mv {file} {articles}/",
        "3. python -m knowledge.build",
    )


def _why(proposal: Proposal) -> str:
    if proposal.by:
        return f"Proposed out of {proposal.reference}."
    return (
        f"{proposal.evidence.get('contacts', 0)} customers asked, {proposal.evidence.get('without_answer', 0)} ended "
        "without an answer or with a person."
    )


def _is_taken(articles: Path, name: str) -> bool:
    return any((folder / f"{name}.md").exists() for folder in (articles, articles / _DRAFTS))


def _advice(proposal: Proposal) -> Sequence[str]:
    """What a person has to do about two articles that fight."""
    one, other = proposal.articles
    told = [f"No machine can tell {one} and {other} apart. Move or reword, in their files:"]
    told += [
        f"  “{stray.question}” of {stray.article} lies nearer to {stray.nearer_to}"
        for stray in sorted(proposal.strays, key=lambda stray: (stray.article, stray.question))
    ]
    if not proposal.strays:
        told += [f"  what customers asked and then chose either: “{question}”" for question in proposal.examples]
        told.append("  Give each of these to one of the two, with others like it; or make one article of both.")
    return (*told, "Then: python -m knowledge.build")


def _public_words(articles: Sequence[Article]) -> frozenset[str]:
    return vocabulary(
        [
            text
            for article in articles
            for text in (article.title, article.label, article.screen, article.ear, *article.questions)
        ]
    )
