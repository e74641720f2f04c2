"""The opened knowledge base: the index that is live, its articles and flows, and the encoder."""

from pathlib import Path

from knowledge.article import Article, read_article
from knowledge.decision import Answer, AskBack, Context, HandOver
from knowledge.flow import Flow, read_flow
from settings import Settings

ARTICLES = Path(__file__).with_name("articles")


class NotBuilt(Exception):
    """There is no index yet: `python -m knowledge.build` makes it."""


class Shelf:
    def __init__(self, settings: Settings) -> None:
        self.folder = settings.firstline_state / "knowledge"
        self._articles = {(item.id, item.language): item for item in map(read_article, ARTICLES.glob("*.md"))}
        self._flows = {(item.id, item.language): item for item in map(read_flow, ARTICLES.glob("*.flow.yml"))}

    def close(self) -> None:
        pass

    async def decide(self, question: str, context: Context) -> Answer | AskBack | HandOver:
        raise NotBuilt

    def article(self, article_id: str, language: str) -> Article:
        return self._articles[article_id, language]

    def flow(self, flow_id: str, language: str) -> Flow:
        return self._flows[flow_id, language]
