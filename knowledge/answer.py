"""The door in process: opens the knowledge base once, then decides what to do with a customer's question."""

import tracing
from knowledge.article import Article, HandOverHints
from knowledge.decision import Answer, AskBack, Choice, Context, Decision, HandOver
from knowledge.flow import Branch, Flow, Step
from knowledge.guide import (
    Done,
    FlowState,
    Next,
    NotUnderstood,
    Solved,
    ToArticle,
    ToPerson,
    act_of,
    advance,
    advance_check,
    back,
    pass_over,
    start,
)
from knowledge.shelf import NotBuilt, Shelf
from knowledge.topics import product_of
from knowledge.words import Words
from settings import Settings

__all__ = [
    "Answer",
    "Article",
    "AskBack",
    "Branch",
    "Choice",
    "Context",
    "Decision",
    "Done",
    "Flow",
    "FlowState",
    "HandOver",
    "HandOverHints",
    "Next",
    "NotBuilt",
    "NotUnderstood",
    "Solved",
    "Step",
    "ToArticle",
    "ToPerson",
    "act_of",
    "advance",
    "advance_check",
    "article",
    "back",
    "close",
    "decide",
    "flow",
    "is_urgent",
    "open",
    "pass_over",
    "product_of",
    "start",
]

_opened: dict[str, Shelf] = {}


def open(settings: Settings) -> Shelf:  # noqa: A001  # read as knowledge.answer.open
    """Load the model and the index that `knowledge.build` wrote. Raises `NotBuilt`.

    A second call does nothing, unless it names another state folder.
    """
    shelf = _opened.get("shelf")
    if shelf is None or shelf.folder != Shelf.folder_of(settings):
        close()
        _opened["shelf"] = Shelf(settings)
    return _opened["shelf"]


def close() -> None:
    """Stop the encoder's thread; `open` may be called again."""
    if shelf := _opened.pop("shelf", None):
        shelf.close()


async def decide(question: str, context: Context) -> Answer | AskBack | HandOver:
    """Answer, ask back or hand over; never raises on what the customer wrote."""
    with tracing.span("knowledge.decide"):
        return await _shelf().decide(question, context)


def is_urgent(said: str, language: str) -> bool:
    """Whether words of danger or a legal threat are among them, which come before whatever else was meant."""
    return Words.of(language).is_urgent(said)


def article(article_id: str, language: str = "en") -> Article:
    """Raises `KeyError` when there is no such article in that language."""
    return _shelf().article(article_id, language)


def flow(flow_id: str, language: str = "en") -> Flow:
    """Raises `KeyError` when there is no such flow in that language."""
    return _shelf().flow(flow_id, language)


def _shelf() -> Shelf:
    if "shelf" not in _opened:
        raise RuntimeError("knowledge.answer.open(settings) comes first")
    return _opened["shelf"]
