"""Fates in, work list out: what customers asked is embedded by the live encoder and compared with the live articles."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from knowledge.contribution import Contributions
from knowledge.fate import Fate
from knowledge.findings import Gap, Proposal
from knowledge.gaps import find_gaps, has_words
from knowledge.index import flat
from knowledge.lexicon import Numbers
from knowledge.nearness import Examples, Scale, scale_of
from knowledge.proposals import propose
from knowledge.rulings import Rulings
from knowledge.shelf import Shelf

log = logging.getLogger(__name__)

QUESTIONS_AT_MOST = 4000  # different ones; the comparison grows with the square


async def gaps(shelf: Shelf, fates: Sequence[Fate]) -> list[Gap]:
    """What nobody could answer, asked by most customers first."""
    fates, vectors = await _embedded(shelf, fates)
    return await asyncio.to_thread(_gaps, shelf, fates, vectors)


async def proposals(shelf: Shelf, fates: Sequence[Fate]) -> list[Proposal]:
    """What people propose; what could be done about what was asked, and about articles that fight.

    Without what somebody has decided already.
    """
    fates, vectors = await _embedded(shelf, fates)
    found = {one.proposal.id: one.proposal for one in Contributions(shelf.folder).all()}
    for proposal in await asyncio.to_thread(_proposals, shelf, fates, vectors):
        found.setdefault(proposal.id, proposal)
    decided = Rulings(shelf.folder).ids()
    return [proposal for proposal in found.values() if proposal.id not in decided]


def _gaps(shelf: Shelf, fates: Sequence[Fate], vectors: dict[str, Numbers]) -> list[Gap]:
    examples, scale = _measured(shelf)
    return find_gaps(_in_a_language(fates, examples), vectors, examples, scale)


def _proposals(shelf: Shelf, fates: Sequence[Fate], vectors: dict[str, Numbers]) -> list[Proposal]:
    examples, scale = _measured(shelf)
    fates = _in_a_language(fates, examples)
    return propose(fates, find_gaps(fates, vectors, examples, scale), vectors, examples, scale)


async def _embedded(shelf: Shelf, fates: Sequence[Fate]) -> tuple[list[Fate], dict[str, Numbers]]:
    """One text at a time, so that customers' questions are answered in between; the newest, when there are too many."""
    questions = list(dict.fromkeys(fate.question for fate in reversed(fates) if has_words(fate)))
    if len(questions) > QUESTIONS_AT_MOST:
        log.warning("of %d questions only the newest %d are looked at", len(questions), QUESTIONS_AT_MOST)
    vectors = {question: await shelf.vector(question) for question in questions[:QUESTIONS_AT_MOST]}
    return [fate for fate in fates if fate.question in vectors], vectors


def examples_of(shelf: Shelf) -> dict[str, Examples]:
    """Of each language of the live build: the wordings its articles are found by, with their vectors."""
    articles = shelf.live.catalogue.articles()
    rows = shelf.live.index.wordings
    texts, owner = flat([(*article.questions, article.label) for article in articles])
    if not np.array_equal(owner, rows.owner):
        raise ValueError("the index has other wordings than the articles")
    found: dict[str, Examples] = {}
    for language in sorted({article.language for article in articles}):
        places = [place for place, number in enumerate(owner) if articles[number].language == language]
        found[language] = Examples(
            articles=tuple(articles[owner[place]].id for place in places),
            texts=tuple(texts[place] for place in places),
            vectors=rows.vectors_of(np.asarray(places)),
            titles={article.id: article.title for article in articles if article.language == language},
        )
    return found


def _measured(shelf: Shelf) -> tuple[dict[str, Examples], Scale]:
    """By language, the one with most examples first; there the scale is measured."""
    found = examples_of(shelf)
    examples = dict(sorted(found.items(), key=lambda entry: -len(entry[1].articles)))
    return examples, scale_of(next(iter(examples.values())))


def _in_a_language(fates: Sequence[Fate], examples: Mapping[str, Examples]) -> list[Fate]:
    """A contact whose start was never reported has none: it is taken to speak the one most articles are in."""
    most = next(iter(examples))
    return [fate if fate.language else replace(fate, language=most) for fate in fates]
