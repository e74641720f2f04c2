"""A question customers asked and what became of the answer, as escalation tells it (escalation/fate.py)."""

from dataclasses import dataclass

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Ticket:
    category: str
    done: str = ""  # the agent's last words about it
    reason: str = ""  # why the assistant handed over


@dataclass(frozen=True, slots=True)
class Fate:
    """What is needed of escalation's `AnswerFate`, by the same names."""

    contact_id: str
    question: str  # the customer's words; empty when they are not known
    kind: str  # answer, ask_back, no_answer, off_topic, person, safety or article
    outcome: str  # helped, not_helped, handed_over, picked, unconfirmed or unanswered
    language: str = "en"
    articles: tuple[str, ...] = ()  # shown, or offered as choices
    picked: str | None = None
    helped_by: str | None = None  # the article that helped in the end
    ticket: Ticket | None = None

    @property
    def shown(self) -> str | None:
        """The article the customer saw."""
        return self.picked or (self.articles[0] if self.kind == "answer" and self.articles else None)


# How fates travel as JSON; fields that are not needed are passed over.
FATES: TypeAdapter[tuple[Fate, ...]] = TypeAdapter(tuple[Fate, ...])
