"""The opened knowledge base: the build that is live and the encoder; another build goes live while it serves."""

import asyncio
import logging
from datetime import date
from pathlib import Path

from knowledge.article import Article
from knowledge.decide import Question, ask, decide, for_a_person, nothing_said
from knowledge.decision import Context, Decision
from knowledge.encoder import Encoder
from knowledge.flow import Flow
from knowledge.lexicon import Numbers
from knowledge.store import Build, Store
from settings import Settings

log = logging.getLogger(__name__)


class NotBuilt(Exception):
    """There is no index for this model: `python -m knowledge.build` makes it."""


class Shelf:
    def __init__(self, settings: Settings) -> None:
        """Loads build and model, and encodes once, so that the first customer does not wait for it."""
        self.folder = self.folder_of(settings)
        self._store = Store(self.folder)
        self._version = self._store.version()
        try:
            self._put(self._store.load())
        except FileNotFoundError as error:
            raise NotBuilt(f"no index in {self.folder}: run python -m knowledge.build") from error
        self._encoder = Encoder.load(settings.knowledge_model, self._store.model_folder(settings.knowledge_model))
        if self._live.model != self._encoder.name:
            self.close()
            raise NotBuilt(f"the index was made for the model {self._live.model}: run python -m knowledge.build")
        self._encoder.warm_up()
        self._loading: asyncio.Task[None] | None = None

    @staticmethod
    def folder_of(settings: Settings) -> Path:
        return settings.firstline_state / "knowledge"

    @property
    def live(self) -> Build:
        return self._live

    async def decide(self, said: str, context: Context) -> Decision:
        self._look_for_another_build()
        if for_person := for_a_person(said, context):
            return for_person
        text = ask(said, context.language)
        if not text:
            return nothing_said()
        question = Question(text, await self.vector(text))
        return decide(self._live.index, self._live.judge, question, context, date.today())

    async def vector(self, text: str) -> Numbers:
        return await self._encoder.vector(text)

    def article(self, article_id: str, language: str) -> Article:
        return self._articles[article_id, language]

    def flow(self, flow_id: str, language: str) -> Flow:
        return self._flows[flow_id, language]

    def close(self) -> None:
        self._encoder.close()

    def _put(self, build: Build) -> None:
        self._live = build
        self._articles = {(article.id, article.language): article for article in build.index.articles}
        self._flows = {(flow.id, flow.language): flow for flow in build.flows}

    def _look_for_another_build(self) -> None:
        """Load it beside the live one, in a thread; questions go on being answered from the old one meanwhile."""
        version = self._store.version()
        if version in (0, self._version) or (self._loading and not self._loading.done()):
            return
        self._version = version
        self._loading = asyncio.create_task(self._take_over())

    async def _take_over(self) -> None:
        try:
            build = await asyncio.to_thread(self._store.load)
        except (OSError, ValueError, KeyError):
            log.exception("the new knowledge index is not readable: the last one stays live")
            return
        if build.model != self._encoder.name:
            log.error("knowledge index %s is for another model: the last one stays live", build.name)
            return
        self._put(build)
        log.info("knowledge index %s is live", build.name)
