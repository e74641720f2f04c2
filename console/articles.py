"""Articles that fit a problem, as the knowledge base decides on the customer's own words."""

import asyncio
from dataclasses import dataclass

from console.desk import Library
from escalation.client import TicketDetail
from knowledge.client import Article, AskBack, Context, Decision, KnowledgeUnavailable

AWAY = "The knowledge base does not answer just now."
NOTHING = "No article fits. Your solution could become one."
NO_WORDS = "The customer has not said what the problem is."
WORDS_MAX = 1000
TIMEOUT_S = 3.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    title: str
    screen: str
    topic: str
    confidence: float | None  # None: one of several that may be meant


async def suggestions(library: Library, ticket: TicketDetail) -> tuple[list[Suggestion], str]:
    """What fits, and the remark that stands there instead when nothing does. Never raises for an absent library."""
    question = question_of(ticket)
    return await fitting(library, question) if question else ([], NO_WORDS)


async def fitting(library: Library, question: str) -> tuple[list[Suggestion], str]:
    """As `suggestions`, of a problem in words."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            decision = await library.decide(question, Context())
            return await _read(library, decision), NOTHING
    except (KnowledgeUnavailable, TimeoutError):
        return [], AWAY


def question_of(ticket: TicketDetail) -> str:
    """The problem as collected, else what the customer said last."""
    said = [turn.text for turn in ticket.turns if turn.author == "customer" and turn.text.strip()]
    return (ticket.signals.problem.strip() or (said[-1] if said else ""))[:WORDS_MAX]


async def _read(library: Library, decision: Decision) -> list[Suggestion]:
    if isinstance(decision, AskBack):
        return [_of(await library.article(choice.article_id), None) for choice in decision.choices]
    return [_of(decision.article, decision.confidence)] if decision.article is not None else []


def _of(article: Article, confidence: float | None) -> Suggestion:
    return Suggestion(article.title, article.screen, article.topic, confidence)
