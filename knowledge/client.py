"""The door over HTTP: the same questions and the same shapes as `knowledge.answer`, for programs without the model."""

from typing import Any

import httpx
from pydantic import TypeAdapter

from knowledge.article import Article
from knowledge.decision import CONTEXT, DECISION, Answer, AskBack, Choice, Context, Decision, HandOver
from settings import Settings

__all__ = [
    "Answer",
    "Article",
    "AskBack",
    "Choice",
    "Context",
    "Decision",
    "HandOver",
    "KnowledgeClient",
    "KnowledgeUnavailable",
]

_TIMEOUT_S = 5.0
_ARTICLE = TypeAdapter(Article)


class KnowledgeUnavailable(Exception):
    """The knowledge base did not answer."""


class KnowledgeClient:
    """Asks `knowledge.app`. The `http` client brings the base URL and the internal token."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    @classmethod
    def connect(cls, settings: Settings) -> "KnowledgeClient":
        token = settings.firstline_internal_token.get_secret_value()
        return cls(
            httpx.AsyncClient(
                base_url=settings.firstline_inner_url,
                headers={"Authorization": f"Bearer {token}"},
                timeout=_TIMEOUT_S,
            )
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def decide(self, question: str, context: Context) -> Decision:
        body = {"question": question, "context": CONTEXT.dump_python(context, mode="json")}
        reply = await self._ask("POST", "/knowledge/v1/decide", json=body)
        return DECISION.validate_json(reply.raise_for_status().content)

    async def article(self, article_id: str, language: str = "en") -> Article:
        """Raises `KeyError` when there is no such article in that language."""
        reply = await self._ask("GET", f"/knowledge/v1/articles/{article_id}", params={"language": language})
        if reply.status_code == httpx.codes.NOT_FOUND:
            raise KeyError(article_id)
        return _ARTICLE.validate_json(reply.raise_for_status().content)

    async def _ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        try:
            reply = await self._http.request(method, path, **content)
        except httpx.TransportError as error:
            raise KnowledgeUnavailable(path) from error
        if reply.is_server_error:
            raise KnowledgeUnavailable(f"{path} answered {reply.status_code}")
        return reply
