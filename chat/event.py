"""What passes through a conversation: the events its pages are told, and the messages waiting for an answer."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Event:
    """What a page is told: one entry of the conversation's stream."""

    kind: Literal["message", "status", "ticket", "expiring"]
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """An event with its place in the stream."""

    id: str
    event: Event


class Item(BaseModel):
    """Something to answer: the customer's message, the start of the conversation, or a login while facts are asked."""

    kind: Literal["start", "text", "file", "login"]
    message_id: str
    text: str = ""
    cut: bool = False  # it was longer than a message may be
    event_id: str = ""
    attachment: dict[str, Any] | None = None  # of a file: what pages and people are told of it
    trace: dict[str, str] = {}  # of the request that brought it (tracing.py)

    @property
    def about(self) -> dict[str, Any]:
        return {"attachment": self.attachment} if self.attachment else {}

    @property
    def turn_id(self) -> str:
        return f"c-{self.message_id}"
