"""What a message tells of the decision it carries out: so the fate of every answer is known (escalation/fate.py)."""

from typing import Any

from knowledge.answer import Answer, AskBack, Decision


def told(
    decision: Decision, *, turn_id: str, words: str = "", again: bool = False, same: bool = False
) -> dict[str, Any]:
    """Of a decision made in the customer's turn `turn_id`, about the words of that turn.

    `words`: about these instead. `same`: about the words of the decision before. `again`: about its problem.
    """
    articles: tuple[str, ...] = ()
    if isinstance(decision, AskBack):
        articles = tuple(choice.article_id for choice in decision.choices)
    elif decision.article is not None:
        articles = (decision.article.id,)
    return {
        "kind": _kind(decision),
        "articles": list(articles),
        "confidence": round(decision.confidence, 3),
        "turn": turn_id,
        "question": words,
        "again": again or same,
        "same": same,
    }


def _kind(decision: Decision) -> str:
    if isinstance(decision, AskBack):
        return "ask_back"
    if isinstance(decision, Answer):
        hints = decision.article.hand_over
        return "safety" if hints.safety else "article" if hints.when == "always" else "answer"
    return decision.reason
