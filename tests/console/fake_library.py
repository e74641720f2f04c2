"""A knowledge base in memory: one article, or away."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from knowledge.article import HandOverHints
from knowledge.attempt import State
from knowledge.client import (
    Answer,
    Article,
    Attempt,
    Comparison,
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
        self.attempt: Attempt | None = None
        self.contributed: list[dict[str, str]] = []
        self.rejected: dict[str, dict[str, Any]] = {}

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

    async def proposals(self, fates: Iterable[Mapping[str, Any]]) -> list[Proposal]:
        return self.found_proposals

    async def accept(self, order: Order) -> Attempt:
        self._answer()
        if self.attempt and self.attempt.state == "running":
            raise KnowledgeRefused("Another proposal is being tried: wait for its end")
        self._refuse_decided(order.proposal_id)
        self.attempt = Attempt(order, datetime.now(UTC), "running", ())
        return self.attempt

    async def last_attempt(self) -> Attempt | None:
        self._answer()
        return self.attempt

    async def reject(self, proposal_id: str, kind: str, *, by: str, reason: str, alike: Iterable[str] = ()) -> None:
        self._answer()
        self._refuse_decided(proposal_id)
        self.rejected[proposal_id] = {"kind": kind, "by": by, "reason": reason, "alike": list(alike)}

    async def contribute(self, **contributed: str) -> None:
        """The same question once."""
        self._answer()
        if any(one["question"] == contributed["question"] for one in self.contributed):
            raise KnowledgeRefused("The same question was proposed by dana already")
        self.contributed.append(contributed)

    def becomes(self, state: State, *lines: str, compared: Comparison | None = None) -> None:
        """The attempt goes on."""
        assert self.attempt is not None
        self.attempt = replace(self.attempt, state=state, lines=lines, compared=compared)

    def _refuse_decided(self, proposal_id: str) -> None:
        if ruling := self.rejected.get(proposal_id):
            raise KnowledgeRefused(f"It was rejected by {ruling['by']} on 2026-11-25")

    def _answer(self) -> None:
        if self.away:
            raise KnowledgeUnavailable("/knowledge/v1")
