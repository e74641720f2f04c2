"""Texts whose right treatment is known, and what the knowledge base decided about them."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import settings as all_settings
from knowledge.decide import Question, ask
from knowledge.decision import AskBack, Context, Decision
from knowledge.opened import Opened

FOLDER = all_settings.ROOT / "data" / "eval"
QUESTIONS = FOLDER / "questions.jsonl"
OFF_TOPIC = FOLDER / "off_topic_test.jsonl"
PEOPLE = FOLDER / "for_a_person.jsonl"
DANGERS = frozenset({"safety", "self-harm", "violence"})  # kinds of them


@dataclass(frozen=True, slots=True)
class Case:
    """A text, what was decided, and what would have been right."""

    text: str
    decision: Decision
    ms: float
    ranked: tuple[str, ...]  # ids of the articles looked at, best first
    right: frozenset[str] = frozenset()  # ids of the articles that answer it; none = nothing here does
    topics: frozenset[str] = frozenset()  # acceptable ones
    action: str = "answer"  # answer, account, person or none
    kind: str = ""

    @property
    def offered(self) -> tuple[str, ...]:
        """The article given, or those in the choices."""
        if isinstance(self.decision, AskBack):
            return tuple(choice.article_id for choice in self.decision.choices)
        return (self.decision.article.id,) if self.decision.article else ()

    @property
    def answered(self) -> bool:
        """One article was given, be it as an answer or while handing over."""
        return not isinstance(self.decision, AskBack) and self.decision.article is not None

    @property
    def answered_right(self) -> bool:
        return self.answered and self.offered[0] in self.right

    @property
    def asked_back(self) -> bool:
        return self.decision.kind == "ask_back"

    @property
    def handed_over(self) -> bool:
        """To a person, with or without an article."""
        return self.decision.kind == "hand_over" and self.decision.reason != "off_topic"

    @property
    def at_once(self) -> bool:
        """Given to a person because it needs one, not because nothing was found."""
        return self.decision.kind == "hand_over" and self.decision.reason in {"person", "safety", "article"}

    def found(self, first: int) -> bool:
        return bool(self.right & set(self.ranked[:first]))


def decide_all(opened: Opened, lines: Iterable[dict[str, Any]]) -> list[Case]:
    context = Context()
    cases = []
    for line in lines:
        began = time.perf_counter()
        decision = opened.decide_now(line["text"], context)
        ms = (time.perf_counter() - began) * 1000
        cases.append(
            Case(
                text=line["text"],
                decision=decision,
                ms=ms,
                ranked=_ranked(opened, line["text"], context),
                right=frozenset(line.get("articles", ())),
                topics=frozenset(line.get("topics", ())),
                action=line.get("action", "answer"),
                kind=line.get("kind", ""),
            )
        )
    return cases


def _ranked(opened: Opened, said: str, context: Context) -> tuple[str, ...]:
    text = ask(said, context.language)
    if not text:
        return ()
    ranking = opened.rank(Question(text, opened.encoder.vector_now(text)), context)
    return tuple(opened.build.catalogue.article(place).id for place in ranking.places[:10])


def lines_of(file: Path) -> list[dict[str, Any]]:
    """Raises `ValueError` that names the line which is not as it should be."""
    lines = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{file}:{number}: not JSON: {error.msg}") from error
        if not isinstance(value, dict) or not isinstance(value.get("text"), str):
            raise ValueError(f'{file}:{number}: expected an object with a "text"')
        lines.append(value)
    return lines
