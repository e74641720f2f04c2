"""A knowledge base in memory: one article, or away."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from knowledge.article import HandOverHints
from knowledge.client import (
    Answer,
    Article,
    Attempt,
    Context,
    Decision,
    Gap,
    KnowledgeRefused,
    KnowledgeUnavailable,
    Match,
    Order,
    Proposal,
    Wish,
)

SLOW = Article(
    id="broadband-slow-evening",
    topic="broadband-slow",
    title="Slow broadband in the evening",
    language="en",
    label="My internet is slow",
    questions=(),
    screen="Check by cable first. If the speed by cable is low as well, the line needs a test.",
    ear="Check by cable first.",
    if_not_helped="A person can test the line.",
    hand_over=HandOverHints(category="broadband-slow", department="fixed-access"),
    owner="knowledge",
    reviewed=date(2026, 11, 1),
)


class FakeLibrary:
    def __init__(self) -> None:
        self.away = False
        self.nearness = 0.9
        self.found_gaps: list[Gap] = []
        self.found_proposals: list[Proposal] = []
        self.learned_from: list[Mapping[str, Any]] = []
        self.refuses = ""
        self.attempt: Attempt | None = None
        self.ordered: list[Order] = []
        self.rejected: list[tuple[str, str, str, str, tuple[str, ...]]] = []

    async def decide(self, question: str, context: Context) -> Decision:
        if self.away:
            raise KnowledgeUnavailable("/knowledge/v1/decide")
        return Answer(article=SLOW, confidence=0.91)

    async def same_wishes(self, wishes: Iterable[Wish]) -> list[Match]:
        """Each is the same as the first, as `nearness` says."""
        if self.away:
            raise KnowledgeUnavailable("/knowledge/v1/same-wishes")
        first, *others = wishes
        return [Match(one.reference, first.reference, self.nearness, self.nearness > 0.6) for one in others]

    async def alike(self, text: str, others: Mapping[str, str]) -> list[str]:
        """Those that share a word of five letters or more."""
        if self.away:
            raise KnowledgeUnavailable("/knowledge/v1/alike")
        words = {word for word in text.casefold().split() if len(word) > 4}
        return [key for key, other in others.items() if words & set(other.casefold().split())]

    async def article(self, article_id: str, language: str = "en") -> Article:
        return SLOW

    async def gaps(self, fates: Iterable[Mapping[str, Any]]) -> list[Gap]:
        if self.away:
            raise KnowledgeUnavailable("/knowledge/v1/gaps")
        self.learned_from = list(fates)
        return self.found_gaps

    async def accept(self, order: Order) -> Attempt:
        if self.refuses:
            raise KnowledgeRefused(self.refuses)
        self.ordered.append(order)
        self.attempt = Attempt(order, datetime(2026, 11, 25, 9, tzinfo=UTC), "running", ())
        return self.attempt

    async def last_attempt(self) -> Attempt | None:
        if self.away:
            raise KnowledgeUnavailable("/knowledge/v1/attempts/last")
        return self.attempt

    async def reject(self, proposal_id: str, kind: str, *, by: str, reason: str, alike: Iterable[str] = ()) -> None:
        if self.refuses:
            raise KnowledgeRefused(self.refuses)
        self.rejected.append((proposal_id, kind, by, reason, tuple(alike)))

    async def proposals(self, fates: Iterable[Mapping[str, Any]]) -> list[Proposal]:
        return self.found_proposals
