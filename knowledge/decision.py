"""What the knowledge base is asked, and the three things it may decide."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from knowledge.article import Article, HandOverHints

Channel = Literal["chat", "voice"]
Reason = Literal["no_answer", "off_topic", "person", "safety", "article"]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about the conversation besides the question."""

    language: str = "en"
    channel: Channel = "chat"
    offered: frozenset[str] = frozenset()  # ids of articles already offered: never again
    product: str | None = None  # "broadband", "mobile", "tv" or "landline" when the customer is known to mean it


@dataclass(frozen=True, slots=True)
class Answer:
    """This article is right, as sure as the operator asked for."""

    article: Article
    confidence: float  # calibrated: the chance that it is right
    kind: Literal["answer"] = "answer"
    others: tuple[str, ...] = ()  # the customer's words for other problems of the same message, at most two


@dataclass(frozen=True, slots=True)
class Choice:
    article_id: str
    label: str  # in the customer's words


@dataclass(frozen=True, slots=True)
class AskBack:
    """Two or three articles are close: let the customer choose. "None of these" is always offered beside them."""

    choices: tuple[Choice, ...]
    confidence: float  # calibrated: the chance that the right one is among them
    kind: Literal["ask_back"] = "ask_back"
    others: tuple[str, ...] = ()  # the customer's words for other problems of the same message, at most two


@dataclass(frozen=True, slots=True)
class HandOver:
    """A person is needed, or nothing here answers it.

    `off_topic` is not about telecom at all: say what we can help with. `article` is a problem only people can solve;
    `article` then holds what to tell the customer while they are passed on.
    """

    reason: Reason
    category: str  # topic code, or "general"
    confidence: float
    hints: HandOverHints | None = None
    article: Article | None = None
    kind: Literal["hand_over"] = "hand_over"
    others: tuple[str, ...] = ()  # the customer's words for other problems of the same message, at most two


Decision = Answer | AskBack | HandOver

# How contexts and decisions travel as JSON.
CONTEXT: TypeAdapter[Context] = TypeAdapter(Context)
DECISION: TypeAdapter[Decision] = TypeAdapter(Annotated[Decision, Field(discriminator="kind")])
