"""What crosses the door about quality checks."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from escalation.storable import Wire
from escalation.wire import Channel, Note, Turn

Comment = Annotated[str, Field(max_length=2000)]
Key = Annotated[str, Field(max_length=40)]


class ReviewRow(Wire):
    """A conversation that was drawn, scored or not; nothing of the customer's words."""

    id: int
    week: date
    subject: str  # a username, or "bot"
    subject_name: str
    channel: Channel
    ended_at: AwareDatetime
    scored_by: str | None  # a name
    scored_at: AwareDatetime | None
    score_pct: float | None


class WeekScore(Wire):
    week: date
    score_pct: float | None  # None: nothing of that week is scored
    count: int


class CriterionScore(Wire):
    criterion: str
    name: str
    score_pct: float
    count: int


class SubjectHistory(Wire):
    subject: str
    name: str
    score_pct: float | None
    scored: int
    waiting: int
    weeks: tuple[WeekScore, ...]  # the oldest first
    criteria: tuple[CriterionScore, ...]


class DrawView(Wire):
    """By the seed, the subject and the ids of the conversations anybody can draw again (escalation/quality/draw.py)."""

    week: date
    seed: str
    drawn_at: AwareDatetime
    population: tuple[tuple[str, int], ...]  # name, and how many conversations there were


class QualityOverview(Wire):
    may_score: bool
    waiting: tuple[ReviewRow, ...]  # the oldest week first
    scored: tuple[ReviewRow, ...]  # the newest first
    history: tuple[SubjectHistory, ...]
    draws: tuple[DrawView, ...]  # the newest first


class Criterion(Wire):
    """One line of the form, with its mark once there is one."""

    key: str
    name: str
    asks: str  # "" when the form no longer has it
    weight: float
    optional: bool
    mark: int | None = None
    comment: str = ""


class Review(Wire):
    row: ReviewRow
    turns: tuple[Turn, ...]
    notes: tuple[Note, ...]  # of the tickets of this conversation
    references: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    least: int
    most: int
    comment: str
    may_score: bool
    masked: bool


class MarkAsked(Wire):
    mark: int | None = Field(default=None, ge=0, le=100)  # None: does not apply
    comment: Comment = ""


class ScoreAsked(Wire):
    marks: Mapping[Key, MarkAsked] = Field(max_length=30)
    comment: Comment = ""
