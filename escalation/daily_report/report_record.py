"""That a day's report was sent: what makes it once."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class ReportRecord(Record):
    __tablename__ = "daily_reports"

    day: Mapped[date] = mapped_column(primary_key=True)  # that it tells of
    sent_at: Mapped[datetime]
