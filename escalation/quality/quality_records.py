"""The tables of quality checks: each week's draw, the conversations it chose, and their marks."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class DrawRecord(Record):
    """One a week. `population`: [subject, how many conversations it was drawn from]."""

    __tablename__ = "quality_draws"

    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday
    seed: Mapped[str]
    drawn_at: Mapped[datetime]
    population: Mapped[list[Any]]


class ReviewRecord(Record):
    __tablename__ = "quality_reviews"
    __table_args__ = (
        UniqueConstraint("week", "subject", "contact_id"),
        Index("quality_reviews_subject", "subject", "week"),
        Index("quality_reviews_contact", "contact_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    week: Mapped[date] = mapped_column(ForeignKey("quality_draws.week"))
    subject: Mapped[str]  # a username, or quality_file.BOT
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"))
    scored_by: Mapped[str | None]
    scored_at: Mapped[datetime | None]
    score_pct: Mapped[float | None]
    comment: Mapped[str]


class MarkRecord(Record):
    """A criterion as it was worded and weighed when the mark was given."""

    __tablename__ = "quality_marks"

    review_id: Mapped[int] = mapped_column(ForeignKey("quality_reviews.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    weight: Mapped[float]
    mark: Mapped[int | None] = mapped_column(SmallInteger)  # None: it did not apply
    share_pct: Mapped[float | None]
    comment: Mapped[str]
