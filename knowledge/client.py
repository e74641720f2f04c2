"""The door over HTTP: the same questions and the same shapes as `knowledge.answer`, for programs without the model."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter

from knowledge.article import Article
from knowledge.attempt import Attempt, Order
from knowledge.comparison import Comparison, Moved, Treated
from knowledge.decision import CONTEXT, DECISION, Answer, AskBack, Choice, Context, Decision, HandOver
from knowledge.findings import Gap, Match, Proposal, Wish
from settings import Settings

__all__ = [
    "Answer",
    "Article",
    "AskBack",
    "Attempt",
    "Choice",
    "Comparison",
    "Context",
    "Decision",
    "Gap",
    "HandOver",
    "KnowledgeClient",
    "KnowledgeRefused",
    "KnowledgeUnavailable",
    "Match",
    "Moved",
    "Order",
    "Proposal",
    "Treated",
    "Wish",
]

_TIMEOUT_S = 5.0
_LEARNING_TIMEOUT_S = 120.0  # thousands of questions are embedded, one at a time
_ARTICLE = TypeAdapter(Article)
_ATTEMPT = TypeAdapter(Attempt)
_LAST_ATTEMPT: TypeAdapter[Attempt | None] = TypeAdapter(Attempt | None)
_GAPS = TypeAdapter(list[Gap])
_KEYS = TypeAdapter(list[str])
_MATCHES = TypeAdapter(list[Match])
_PROPOSALS = TypeAdapter(list[Proposal])


class KnowledgeUnavailable(Exception):
    """The knowledge base did not answer."""


class KnowledgeRefused(Exception):
    """It was not done; the message says why, for a person."""


class KnowledgeClient:
    """Asks `knowledge.app`. The `http` client brings the base URL and the internal token."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    @classmethod
    def connect(cls, settings: Settings) -> "KnowledgeClient":
        token = settings.internal_token
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
        reply = await self._ask(
            "GET", f"/knowledge/v1/articles/{quote(article_id, safe='')}", params={"language": language}
        )
        if reply.status_code == httpx.codes.NOT_FOUND:
            raise KeyError(article_id)
        return _ARTICLE.validate_json(reply.raise_for_status().content)

    async def vocabulary(self, language: str, *, most: int) -> list[str]:
        """What articles of the language are asked for by, the most telling first; at most 1000."""
        asked: dict[str, str | int] = {"language": language, "most": most}
        reply = await self._ask("GET", "/knowledge/v1/vocabulary", params=asked)
        return _KEYS.validate_json(reply.raise_for_status().content)

    async def gaps(self, fates: Iterable[Mapping[str, Any]]) -> list[Gap]:
        """What nobody could answer, grouped by meaning. `fates`: escalation's `AnswerFate`s as JSON."""
        return _GAPS.validate_json((await self._learn("gaps", fates)).content)

    async def proposals(self, fates: Iterable[Mapping[str, Any]]) -> list[Proposal]:
        """New example questions, missing articles, articles that fight. `fates` as in `gaps`."""
        return _PROPOSALS.validate_json((await self._learn("proposals", fates)).content)

    async def accept(self, order: Order) -> Attempt:
        """Begin to try and publish a proposal. Raises `KnowledgeRefused` when it is decided, or another is tried."""
        return _ATTEMPT.validate_json((await self._decide("attempts", asdict(order))).content)

    async def last_attempt(self) -> Attempt | None:
        """The one that runs, or ran last."""
        reply = await self._ask("GET", "/knowledge/v1/attempts/last")
        return _LAST_ATTEMPT.validate_json(reply.raise_for_status().content)

    async def reject(self, proposal_id: str, kind: str, *, by: str, reason: str, alike: Iterable[str] = ()) -> None:
        """Never propose it again, in these words or others. Raises `KnowledgeRefused` when it is decided."""
        asked = {"proposal_id": proposal_id, "kind": kind, "by": by, "reason": reason, "alike": list(alike)}
        await self._decide("rulings", asked)

    async def contribute(self, *, question: str, solution: str, language: str, by: str, reference: str) -> None:
        """Propose an article. Raises `KnowledgeRefused` when the question is proposed or decided already."""
        asked = {"question": question, "solution": solution, "language": language, "by": by, "reference": reference}
        await self._decide("contributions", asked)

    async def same_wishes(self, wishes: Iterable[Wish]) -> list[Match]:
        """Which of them mean the same; in the order they came, at most 1000."""
        body = {"wishes": [asdict(wish) for wish in wishes]}
        reply = await self._ask("POST", "/knowledge/v1/same-wishes", json=body, timeout=_LEARNING_TIMEOUT_S)
        return _MATCHES.validate_json(reply.raise_for_status().content)

    async def alike(self, text: str, others: Mapping[str, str]) -> list[str]:
        """Keys of those of the others, at most 200, that likely mean the same as the text; the nearest first."""
        body = {"text": text, "others": dict(others)}
        reply = await self._ask("POST", "/knowledge/v1/alike", json=body)
        return _KEYS.validate_json(reply.raise_for_status().content)

    async def _decide(self, what: str, asked: Mapping[str, Any]) -> httpx.Response:
        reply = await self._ask("POST", f"/knowledge/v1/{what}", json=asked)
        if reply.is_client_error and reply.status_code != httpx.codes.UNAUTHORIZED:
            detail = reply.json().get("detail")
            raise KnowledgeRefused(detail if isinstance(detail, str) else "What was typed cannot be taken")
        return reply.raise_for_status()

    async def _learn(self, what: str, fates: Iterable[Mapping[str, Any]]) -> httpx.Response:
        body = {"fates": list(fates)}
        reply = await self._ask("POST", f"/knowledge/v1/{what}", json=body, timeout=_LEARNING_TIMEOUT_S)
        return reply.raise_for_status()

    async def _ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        try:
            reply = await self._http.request(method, path, **content)
        except httpx.TransportError as error:
            raise KnowledgeUnavailable(path) from error
        if reply.is_server_error:
            raise KnowledgeUnavailable(f"{path} answered {reply.status_code}")
        return reply
