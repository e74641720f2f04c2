"""The opened knowledge base: the build that is live; another one goes live while it serves."""

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

from knowledge.article import Article
from knowledge.decision import Context, Decision
from knowledge.flow import Flow
from knowledge.lexicon import Numbers
from knowledge.opened import Opened
from knowledge.store import Build, Store
from settings import Settings

log = logging.getLogger(__name__)


class NotBuilt(Exception):
    """There is no index for this model: `python -m knowledge.build` makes it."""


class Shelf:
    def __init__(self, settings: Settings) -> None:
        """Loads build and model. Raises `NotBuilt`."""
        self.folder = self.folder_of(settings)
        self._store = Store(self.folder)
        self._version = self._store.version()
        try:
            self._opened = Opened.load(self._store)
        except FileNotFoundError as error:
            raise NotBuilt(f"no index in {self.folder}: run python -m knowledge.build") from error
        self._loading: asyncio.Task[None] | None = None

    @staticmethod
    def folder_of(settings: Settings) -> Path:
        return settings.firstline_state / "knowledge"

    @property
    def live(self) -> Build:
        return self._opened.build

    @property
    def built_at(self) -> datetime:
        """When the newest build went live."""
        return datetime.fromtimestamp(self._store.version() / 1e9, UTC)

    @property
    def opened(self) -> Opened:
        return self._opened

    async def decide(self, said: str, context: Context) -> Decision:
        self._look_for_another_build()
        return await self._opened.decide(said, context)

    async def vector(self, text: str) -> Numbers:
        return await self._opened.encoder.vector(text)

    def article(self, article_id: str, language: str) -> Article:
        return self._opened.article(article_id, language)

    def flow(self, flow_id: str, language: str) -> Flow:
        return self._opened.flow(flow_id, language)

    def close(self) -> None:
        self._opened.close()

    def _look_for_another_build(self) -> None:
        """Load it beside the live one, in a thread; questions go on being answered from the old one meanwhile."""
        version = self._store.version()
        if version in (0, self._version) or (self._loading and not self._loading.done()):
            return
        self._version = version
        self._loading = asyncio.create_task(self._take_over())

    async def _take_over(self) -> None:
        try:
            new = await asyncio.to_thread(Opened.load, self._store)
        except (OSError, ValueError, KeyError):
            log.exception("the new knowledge index is not readable: the last one stays live")
            return
        if new.build.model == self._opened.build.model:
            new.close()
            new = Opened(new.build, self._opened.encoder)  # this one remembers what was asked before
        self._opened = new
        log.info("knowledge index %s is live", new.build.name)
