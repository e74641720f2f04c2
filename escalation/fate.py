"""The fate of an answer: what became of each decision of the assistant, as a contact's turns and tickets tell it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue, ValidationError

from escalation.masking import without_identity
from escalation.storable import Wire
from escalation.wire import Short, Turn

Kind = Literal["answer", "ask_back", "no_answer", "off_topic", "person", "safety", "article"]
# `picked`: a choice was taken, `unconfirmed`: an article was shown, and the customer said nothing more about it.
# `unanswered`: nothing was shown, and no person took it.
FateOutcome = Literal["helped", "not_helped", "handed_over", "picked", "unconfirmed", "unanswered"]

TOLD = frozenset({"decision", "picked", "helped", "outcome"})  # what of a turn's `about` changes a fate
QUESTION_CHARS = 600
DONE_CHARS = 200

# Fates outlive the transcript: what could tell who asked is taken out of their texts.
_MASKED = re.compile(r"\s*\[[^\]]*\]\s*")  # a turn that its front door masked


class TicketEnd(Wire):
    """The ticket a question led to: where it stands, and in whose hands it ended."""

    reference: str
    status: str  # a TMF621 state
    category: str
    reason: str  # why the assistant handed over
    department: str
    tier: int = Field(ge=1, le=4)
    role: str = ""  # agent or supervisor, of who ended it; empty while it is open, or when a machine did
    done: str = ""  # the agent's last words about it, without identities, at most 200 characters


class Fate(Wire):
    turn_id: str  # of the turn that carried the decision out
    at: AwareDatetime
    question: str  # the customer's words without identities; empty when they were masked
    kind: Kind
    articles: tuple[Short, ...] = ()  # shown, or offered as choices
    confidence: float = 0.0
    picked: str | None = None  # the article of the choice taken
    outcome: FateOutcome
    helped_by: str | None = None  # the article that helped in the end, be it after other words or another try
    ticket: TicketEnd | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket of the contact, and the customer's turn at which its hand-over began."""

    key: str
    at: datetime
    end: TicketEnd


class _Decision(Wire):
    """What actions/decision.py tells of a decision in a turn's `about`."""

    kind: Kind
    articles: tuple[Short, ...] = ()
    confidence: float = 0.0
    turn: str = ""  # the customer's turn in which it was made
    again: bool = False  # the same problem as before: in other words, or another try
    same: bool = False  # in the same words as before
    question: str = ""  # the words, when they are not those of the turn


@dataclass(slots=True)
class _Course:
    """A decision while the conversation goes on."""

    turn: Turn
    decision: _Decision
    question: str
    problem: int  # decisions about the same problem have the same number
    asked_at: int  # the place of the customer's turn
    flow: JsonValue = None
    picked: str | None = None
    helped: bool | None = None
    helped_by: str | None = None
    ticket: TicketEnd | None = None

    @property
    def shown(self) -> str | None:
        is_shown = self.decision.kind in {"answer", "article", "safety"} and self.decision.articles
        return self.picked or (self.decision.articles[0] if is_shown else None)

    @property
    def outcome(self) -> FateOutcome:
        if self.helped is not None:
            return "helped" if self.helped else "not_helped"
        if self.ticket is not None:
            return "handed_over"
        if self.picked:
            return "picked"
        return "unconfirmed" if self.shown else "unanswered"


def fates_of(turns: Sequence[Turn], tickets: Sequence[Opened]) -> list[Fate]:
    """One for each decision, in the order of the turns; both as they stand now, so it can be asked again later."""
    places = {turn.turn_id: place for place, turn in enumerate(turns)}
    courses: list[_Course] = []
    for place, turn in enumerate(turns):
        if turn.author == "bot":
            _mark(courses, turn.about)
            if decision := _decision_in(turn.about):
                courses.append(_begun(decision, turns[: place + 1], courses, places))
    for ticket in sorted(tickets, key=lambda opened: opened.at):
        _hand_over(courses, ticket, places)
    return [
        Fate(
            turn_id=course.turn.turn_id,
            at=course.turn.at,
            question=course.question,
            kind=course.decision.kind,
            articles=course.decision.articles,
            confidence=course.decision.confidence,
            picked=course.picked,
            outcome=course.outcome,
            helped_by=course.helped_by,
            ticket=course.ticket,
        )
        for course in courses
    ]


def _decision_in(about: Mapping[str, JsonValue]) -> _Decision | None:
    """None also for one of another version, which cannot be read."""
    try:
        return _Decision.model_validate(about["decision"])
    except (KeyError, ValidationError):
        return None


def _begun(decision: _Decision, turns: Sequence[Turn], before: Sequence[_Course], places: Mapping[str, int]) -> _Course:
    """`turns` end with the one that carried it out."""
    last = before[-1] if before else None
    heard = next((place for place in reversed(range(len(turns))) if turns[place].author == "customer"), 0)
    asked_at = min(places.get(decision.turn, heard), len(turns) - 1)
    number = last.problem + (not decision.again) if last else 0
    words = last.question if last and decision.same else _words(decision, turns, asked_at)
    return _Course(turns[-1], decision, words, number, asked_at, flow=turns[-1].about.get("flow"))


def _words(decision: _Decision, turns: Sequence[Turn], asked_at: int) -> str:
    """Never any that the transcript does not show."""
    said = [turn.text for turn in turns if turn.author == "customer"]
    if decision.question and any(_plain(decision.question) in _plain(text) for text in said):
        words = decision.question
    else:
        words = turns[asked_at].text if turns[asked_at].author == "customer" else ""
    return "" if _MASKED.fullmatch(words) else without_identity(words)[:QUESTION_CHARS]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _mark(courses: Sequence[_Course], about: Mapping[str, JsonValue]) -> None:
    """What a turn says about a decision before it."""
    if not courses:
        return
    if picked := about.get("picked"):
        courses[-1].picked = str(picked)
        courses[-1].flow = about.get("flow")
    if about.get("helped") is False:
        courses[-1].helped = False
    if about.get("outcome") == "confirmed_solved":
        _confirm(courses, about)


def _confirm(courses: Sequence[_Course], about: Mapping[str, JsonValue]) -> None:
    """To the decision whose article or steps were confirmed, else to the last; those before it learn by what."""
    course = next((course for course in reversed(courses) if _is_about(course, about)), courses[-1])
    if course.shown is None or course.helped is not None:
        return
    course.helped = True
    course.helped_by = str(about.get("article") or course.shown)
    for other in _of_problem(courses, course.problem):
        other.helped_by = course.helped_by


def _is_about(course: _Course, about: Mapping[str, JsonValue]) -> bool:
    flow, article = about.get("flow"), about.get("article")
    return (flow is not None and course.flow == flow) or (article is not None and course.shown == article)


def _hand_over(courses: Sequence[_Course], ticket: Opened, places: Mapping[str, int]) -> None:
    """To the decisions about the problem that was last when the hand-over began, unless that one is solved."""
    began = places.get(ticket.key)
    before = [
        course for course in courses if (course.asked_at <= began if began is not None else course.turn.at <= ticket.at)
    ]
    if not before or before[-1].helped:
        return
    for course in _of_problem(courses, before[-1].problem):
        course.ticket = ticket.end


def _of_problem(courses: Sequence[_Course], number: int) -> Iterator[_Course]:
    return (course for course in courses if course.problem == number)
