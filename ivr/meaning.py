"""What the telephone network reports about one prompt, and what it may mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

MOST_CHARS = 4000
NO_KEY = re.compile("[^0-9*#A-D]")


def number_in(text: str, most: int) -> int:
    """Of a field that ought to be a whole number, written in any length; 0 where it is none."""
    if not (text.isascii() and text.isdigit()):
        return 0
    return min(int(text), most) if len(text) <= len(str(most)) else most


@dataclass(frozen=True, slots=True)
class Heard:
    """What the telephone network reports about one prompt."""

    keys: str = ""
    speech: str = ""
    confidence: float | None = None
    key_pressed: bool = False  # the caller pressed #, with or without keys before it
    language: str = ""  # that was spoken, where the network tells languages apart

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        try:
            confidence = float(form.get("Confidence", "") or 0) or None
        except ValueError:
            confidence = None
        return cls(
            keys=NO_KEY.sub("", form.get("Digits", ""))[:64],
            speech=form.get("SpeechResult", "").strip()[:MOST_CHARS],
            confidence=confidence,
            key_pressed=form.get("FinishedOnKey", "") == "#",
        )


@dataclass(frozen=True, slots=True)
class Say:
    """Words for the assistant. `shown` is what the record of the call keeps instead."""

    text: str
    shown: str
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Open:
    level: str


@dataclass(frozen=True, slots=True)
class Speak:
    """The language that the caller wants to be answered in."""

    language: str


@dataclass(frozen=True, slots=True)
class Number:
    """The number to call back, or that the caller would rather not give one."""

    e164: str | None


@dataclass(frozen=True, slots=True)
class Unsure:
    """Probably this, but the caller is asked whether it is right. Every number to call back is read back."""

    meaning: Say | Number


@dataclass(frozen=True, slots=True)
class Rating:
    stars: int  # 1 to 5, 5 = very satisfied


Command = Literal[
    "silence",
    "no_match",
    "person",
    "repeat",
    "back",
    "go_on",
    "more_choices",
    "ready",
    "text_me",
    "right",
    "wrong",
    "call_back",
    "leave_message",
    "keep_waiting",
    "to_chat",
    "news",
]
Spoken = Literal["go_on", "text_me", "news", "ready", "person", "repeat", "back"]
Meaning = Say | Open | Speak | Number | Unsure | Rating | Command
