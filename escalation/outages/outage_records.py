"""The tables of outages and of the reports they are made of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class OutageRecord(Record):
    """Suspected, confirmed, dismissed or over. While it is one of the first two, its place has no other."""

    __tablename__ = "outages"
    __table_args__ = (
        Index(
            "outages_running",
            "area",
            "service",
            unique=True,
            postgresql_where=text("state IN ('suspected', 'confirmed')"),
        ),
        Index("outages_place", "area", "service", "began_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), unique=True)
    area: Mapped[str]  # postcode district
    service: Mapped[str]
    state: Mapped[str]
    began_at: Mapped[datetime]  # the first report
    suspected_at: Mapped[datetime]
    customers: Mapped[int]  # who had reported when it was suspected
    expected: Mapped[float]  # reports that would have been normal in that time
    chance: Mapped[float]  # of so many by chance
    expected_end: Mapped[datetime | None]
    cause: Mapped[str]  # in words for customers; "" while it is not known
    ended_at: Mapped[datetime | None]  # dismissed or over


class FaultReportRecord(Record):
    """A customer said that a service is broken at a place; once per customer and outage."""

    __tablename__ = "fault_reports"
    __table_args__ = (
        Index("fault_reports_place", "area", "service", "at"),
        Index("fault_reports_at", "at"),
        Index("fault_reports_reporter", "reporter", "at"),
        Index("fault_reports_contact", "contact_id"),
        Index(
            "fault_reports_unlinked",
            "outage_id",
            postgresql_where=text("outage_id IS NOT NULL AND linked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    area: Mapped[str]
    service: Mapped[str]
    channel: Mapped[str]
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"))  # the last one it was said in
    reporter: Mapped[str]  # the customer, else the contact
    customer_id: Mapped[str | None]  # when verified
    reachable: Mapped[str | None]
    problem: Mapped[str]
    explained_by: Mapped[str | None]  # what the operator knew already: no sign of anything new
    outage_id: Mapped[UUID | None] = mapped_column(ForeignKey("outages.id"))
    told: Mapped[bool]  # of the outage, in the conversation it was reported in
    linked_at: Mapped[datetime | None]  # looked at, whether it has or needs a ticket below the outage's
