"""The tables of published policy: its versions, which the database itself keeps, and proposals for the next ones."""

from datetime import datetime

from sqlalchemy import DDL, BigInteger, ForeignKey, Index, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Json, Record

# Who published what, and why, is evidence: a row is never changed and never deleted.
_GUARD = """
CREATE FUNCTION policy_versions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'versions of the policy are only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER policy_versions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_versions
FOR EACH STATEMENT EXECUTE FUNCTION policy_versions_stay();
"""


class PolicyProposalRecord(Record):
    """`base`: the text it was written on, which must still be in force when it is accepted."""

    __tablename__ = "policy_proposals"
    __table_args__ = (Index("policy_proposals_open", "file", postgresql_where=text("state = 'open'")),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    file: Mapped[str]
    base: Mapped[str]
    text: Mapped[str]
    why: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    state: Mapped[str]  # open, accepted, rejected, withdrawn
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    because: Mapped[str]  # of the decision
    effect: Mapped[Json | None]  # what it would have changed of the open tickets, when it was accepted (effect.py)


class PolicyVersionRecord(Record):
    """The newest one of a file is in force. Of a file that was never published here there is none.

    The first one is the text that was installed, which nobody proposed.
    """

    __tablename__ = "policy_versions"
    __table_args__ = (UniqueConstraint("file", "number"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    file: Mapped[str]
    number: Mapped[int]
    text: Mapped[str]
    at: Mapped[datetime]
    why: Mapped[str]
    proposed_by: Mapped[str | None]
    decided_by: Mapped[str | None]
    because: Mapped[str]
    alone: Mapped[bool]  # the proposer decided, as an administrator may with a reason
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("policy_proposals.id"))


event.listen(PolicyVersionRecord.__table__, "after_create", DDL(_GUARD))  # type: ignore[no-untyped-call]  # SQLAlchemy's
