"""Hints for speech recognition: the menu's words, the choices on offer, and what the articles are asked for by."""

import asyncio
import logging
from typing import Protocol

from ivr import menu
from ivr.call import Prompt
from ivr.speech import written
from ivr.words import Words, languages
from knowledge.client import KnowledgeUnavailable

log = logging.getLogger(__name__)

MOST = 500  # phrases: the network's limit for one <Gather>
MOST_CHARS = 100  # of a phrase
OF_ARTICLES = 300
FRESH_S = 600.0  # an article that is published is known by then
TRY_AGAIN_S = 10.0


class Knowledge(Protocol):
    """The part of `knowledge.client` that is needed here."""

    async def vocabulary(self, language: str, *, most: int) -> list[str]: ...


class Hints:
    """While the knowledge base has not told its words, the menu's are all there are."""

    def __init__(self) -> None:
        self._of_articles: dict[str, tuple[str, ...]] = {}

    def of(self, prompt: Prompt, spoken: Words) -> str:
        """Separated by commas; what is on offer first, since the network may use only the beginning."""
        phrases = (*prompt.offered, *menu.vocabulary(spoken), *self._of_articles.get(spoken.language, ()))
        clean = dict.fromkeys(" ".join(written(phrase).replace(",", " ").split())[:MOST_CHARS] for phrase in phrases)
        return ", ".join([phrase for phrase in clean if phrase][:MOST])

    async def learn_for_ever(self, knowledge: Knowledge) -> None:
        while True:  # noqa: ASYNC110  # nobody tells when an article is published
            await asyncio.sleep(FRESH_S if await self.learn(knowledge) else TRY_AGAIN_S)

    async def learn(self, knowledge: Knowledge) -> bool:
        """Whether every language was told."""
        try:
            for language in languages():
                self._of_articles[language] = tuple(await knowledge.vocabulary(language, most=OF_ARTICLES))
        except KnowledgeUnavailable:
            log.info("the knowledge base has not told its words yet")
            return False
        return True
