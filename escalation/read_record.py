"""The table of reads of personal data: only ever added to, and the database itself sees to that."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DDL, BigInteger, Index, Text, Uuid, event
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record

LEAST_KEPT = timedelta(days=90)  # as the trigger below says it

# A row is never changed. It is deleted only when retention says up to when (the setting lasts for its transaction),
# and never before 90 days have passed, whoever asks.
_GUARD = """
CREATE FUNCTION reads_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '90 days'
        AND OLD.at < nullif(current_setting('firstline.reads_until', true), '')::timestamptz THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'reads are only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER reads_only_grow BEFORE UPDATE OR DELETE ON reads FOR EACH ROW EXECUTE FUNCTION reads_only_grow();
CREATE TRIGGER reads_stay BEFORE TRUNCATE ON reads FOR EACH STATEMENT EXECUTE FUNCTION reads_only_grow();
"""


class ReadRecord(Record):
    """It refers to nothing, so that it outlives what was read; and it holds none of it."""

    __tablename__ = "reads"
    __table_args__ = (
        Index("reads_reader", "reader", "at"),
        Index("reads_at", "at"),
        Index("reads_tickets", "tickets", postgresql_using="gin"),
        Index("reads_contacts", "contacts", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    reader: Mapped[str]  # a username, `client:` and a machine's id, the name of a static token, or `customer`
    what: Mapped[str]  # the page or resource (escalation/reading.py)
    tickets: Mapped[list[str]] = mapped_column(ARRAY(Text))  # references
    contacts: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))  # of a ticket; empty: all that the page or resource has
    masked: Mapped[bool]
    address: Mapped[str]  # from where, "" when it is not known
    why: Mapped[str]  # as the reader gave it


event.listen(ReadRecord.__table__, "after_create", DDL(_GUARD))  # type: ignore[no-untyped-call]  # SQLAlchemy's own
