"""An article of the knowledge base: what it holds, and what makes one fit to be served."""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

from knowledge.source import Source, read_front_matter
from knowledge.topics import DEPARTMENTS, TOPICS

Impact = Literal["one", "several", "many"]
Service = Literal["down", "degraded", "ok"]
When = Literal["never", "not_helped", "always"]

IMPACTS = ("one", "several", "many")
SERVICES = ("down", "degraded", "ok")
WHENS = ("never", "not_helped", "always")
QUESTIONS_AT_LEAST = 8
EAR_WORDS_AT_MOST = 60

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2}")
_UNSPEAKABLE = re.compile(r"https?:|www\.|[^\w\s.,;:!?'’()\"“”–-]|_")
_REQUIRED = ("id", "topic", "title", "label", "language", "owner", "reviewed", "questions", "ear", "if_not_helped")
_OPTIONAL = ("valid_from", "valid_until", "flow", "hand_over")
_HINTS = ("category", "department", "impact", "service", "when", "safety")


@dataclass(frozen=True, slots=True)
class HandOverHints:
    """What a ticket about this article's problem is likely to need. Signals only: the priority is derived elsewhere."""

    category: str
    department: str
    impact: Impact = "one"
    service: Service = "ok"
    when: When = "not_helped"
    safety: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One problem and what to do about it, for the screen and for the ear."""

    id: str
    topic: str
    title: str
    language: str
    label: str  # how a choice names it, in the customer's words
    questions: tuple[str, ...]  # differently worded ways to ask for it
    screen: str  # Markdown
    ear: str  # at most 60 words, nothing that cannot be spoken
    if_not_helped: str
    hand_over: HandOverHints
    owner: str
    reviewed: date
    flow: str | None = None  # the guided flow that begins here
    valid_from: date | None = None
    valid_until: date | None = None  # the last day it is offered
    file: str = field(default="", compare=False)  # where it was read, for messages

    def is_current(self, today: date) -> bool:
        """Whether it may be offered on that day; both ends are included."""
        begun = self.valid_from is None or self.valid_from <= today
        return begun and (self.valid_until is None or today <= self.valid_until)


def read_article(file: Path) -> Article:
    """Parse and check one file. Raises `Broken` with every problem found, each with its line."""
    source, body = read_front_matter(file)
    source.fields(required=_REQUIRED, optional=_OPTIONAL)
    source.stop_if_broken()
    _check_identity(source, file)
    questions = _questions(source)
    check_ear(source, "ear")
    if not body.strip():
        source.problem("the text for the screen is missing below the front matter")
    hints = _hints(source)
    begins, ends = source.day("valid_from"), source.day("valid_until")
    if begins and ends and ends < begins:
        source.problem("valid_until lies before valid_from", "valid_until")
    reviewed = source.day("reviewed")
    texts = {
        name: source.text(name) for name in ("id", "topic", "title", "label", "language", "owner", "if_not_helped")
    }
    flow = source.text("flow") if source.has("flow") else None
    source.stop_if_broken()
    return Article(
        **cast(dict[str, Any], texts),
        questions=questions,
        screen=body.strip(),
        ear=source.text("ear"),
        hand_over=hints,
        reviewed=cast(date, reviewed),
        flow=flow,
        valid_from=begins,
        valid_until=ends,
        file=file.name,
    )


def check_ear(source: Source, *path: str | int) -> None:
    """A text for the ear is short and holds nothing that cannot be spoken."""
    text = source.text(*path)
    if len(text.split()) > EAR_WORDS_AT_MOST:
        source.problem(f"{len(text.split())} words for the ear, at most {EAR_WORDS_AT_MOST}", *path)
    if found := _UNSPEAKABLE.search(text):
        source.problem(f"{found.group()!r} cannot be spoken", *path)


def check_identity(source: Source, file: Path, *, suffix: str) -> None:
    """The id, the language and the file name agree: `<id><suffix>`, or `<id>.<language><suffix>`."""
    identity, language = source.text("id"), source.text("language")
    if not _ID.fullmatch(identity):
        source.problem(f"id {identity!r}: small letters, digits and single hyphens", "id")
    if not _LANGUAGE.fullmatch(language):
        source.problem(f"language {language!r}: two small letters, such as en", "language")
    if file.name not in (f"{identity}{suffix}", f"{identity}.{language}{suffix}"):
        source.problem(f"id {identity!r} does not agree with the file name {file.name}", "id")
    source.one_of(TOPICS, "topic")


def _check_identity(source: Source, file: Path) -> None:
    check_identity(source, file, suffix=".md")


def _questions(source: Source) -> tuple[str, ...]:
    questions = source.texts("questions")
    if len(questions) < QUESTIONS_AT_LEAST:
        source.problem(f"{len(questions)} questions, at least {QUESTIONS_AT_LEAST}", "questions")
    seen: set[str] = set()
    for place, question in enumerate(questions):
        if question.casefold() in seen:
            source.problem(f"the question {question!r} is there twice", "questions", place)
        seen.add(question.casefold())
    return questions


def _hints(source: Source) -> HandOverHints:
    if not source.has("hand_over"):
        return HandOverHints(category=source.text("topic"), department="frontline")
    source.fields("hand_over", required=("category", "department"), optional=_HINTS)
    return hints_at(source, "hand_over")


def hints_at(source: Source, *path: str | int) -> HandOverHints:
    """The hand-over hints written at that place; what is left out has the default."""
    category = source.one_of((*TOPICS, "general"), *path, "category")
    department = source.one_of(DEPARTMENTS, *path, "department")
    return HandOverHints(
        category=category,
        department=department,
        impact=cast(Impact, source.one_of(IMPACTS, *path, "impact", default="one")),
        service=cast(Service, source.one_of(SERVICES, *path, "service", default="ok")),
        when=cast(When, source.one_of(WHENS, *path, "when", default="not_helped")),
        safety=source.flag(*path, "safety"),
    )
