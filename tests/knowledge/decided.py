"""Cases by hand: a text, what was decided about it, and what would have been right."""

from typing import Any

from knowledge.cases import Case
from knowledge.decision import Answer, AskBack, Choice, HandOver, Reason
from tests.knowledge.small_world import article


def answered(with_article: str, *right: str, sure: float = 0.9, **more: Any) -> Case:
    more = {"ranked": (with_article,)} | more
    return _case(Answer(article(with_article), sure), right, **more)


def asked_back(choices: tuple[str, ...], *right: str, sure: float = 0.5, **more: Any) -> Case:
    more = {"ranked": choices} | more
    return _case(AskBack(tuple(Choice(choice, choice) for choice in choices), sure), right, **more)


def handed_over(reason: Reason, *right: str, with_article: str = "", **more: Any) -> Case:
    found = article(with_article) if with_article else None
    return _case(HandOver(reason, "general", 0.5, article=found), right, **more)


def _case(decision: Answer | AskBack | HandOver, right: tuple[str, ...], **more: Any) -> Case:
    fields: dict[str, Any] = {"text": "something", "ms": 10.0, "ranked": ()} | more
    return Case(decision=decision, right=frozenset(right), **fields)
