"""What happens on a simulated line: what is heard, what is waited for, and how a line that is put through may end."""

from dataclasses import dataclass
from typing import Literal

Wants = Literal["words", "line", "recording", "nothing"]
LineOutcome = Literal["completed", "refused", "mailbox", "busy", "no-answer", "failed", "canceled"]
AGENT_KEYS = {"completed": "1", "refused": "2", "mailbox": ""}  # of whoever answers: what they press at the whisper


class ServiceFailed(Exception):
    """A webhook was not answered as it must be."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happens on the line: `what` is said, rings, plays, is whispered to an agent, pauses, hangs up."""

    what: Literal["says", "rings", "plays", "whispers", "pauses", "hangs up"]
    text: str = ""
