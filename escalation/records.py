"""The tables of escalation, as SQLAlchemy sees them; escalation/migrations/ makes them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

Json = dict[str, Any]
MOVED = "what IN ('hand_up', 'hand_back') OR what LIKE 'moved up:%'"  # between tiers, as the audit says it


class Record(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        Json: JSONB,
        list[Any]: JSONB,
        float: Float,
    }


class ContactRecord(Record):
    """One conversation or call. `started` is False until its front door reported it."""

    __tablename__ = "contacts"
    __table_args__ = (Index("board_contacts_ended", "ended_at"), Index("board_contacts_started", "started_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str]
    language: Mapped[str]
    caller: Mapped[str | None]
    started: Mapped[bool]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    satisfaction: Mapped[int | None] = mapped_column(SmallInteger)  # 1 to 5, as the customer said


class TurnRecord(Record):
    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("contact_id", "turn_id"),
        Index("board_turns_missed", "at", postgresql_where=text("about ? 'miss'")),
        Index("board_turns_decided", "contact_id", "at", postgresql_where=text("about ? 'decision'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"))
    turn_id: Mapped[str]
    author: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    choices: Mapped[list[Any]]
    about: Mapped[Json]


class TicketRecord(Record):
    """`version` counts moves: a move made on an old version is refused."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index(  # the queue in its order; what it is filtered by is read in the index alone
            "tickets_open",
            "next_due_at",
            "created_at",
            "id",
            postgresql_where=text("closed_at IS NULL AND deleted_at IS NULL"),
            postgresql_include=["tier", "department", "status", "assignee", "asked"],
        ),
        Index("tickets_contact", "contact_id"),
        Index("tickets_unconfirmed", "resolved_at", postgresql_where=text("status = 'resolved'")),
        Index("tickets_created", text("created_at DESC"), "id", postgresql_where=text("deleted_at IS NULL")),
        Index("tickets_kind", "kind", "created_at"),
        Index("board_tickets_waited", "waited_from", postgresql_where=text("waited_from IS NOT NULL")),
        Index("board_tickets_accepted", "accepted_at"),
        Index("board_tickets_resolved", "resolved_at"),
        Index("board_tickets_closed", "closed_at"),
        Index("tickets_filed_by", "filed_by"),
        Index("tickets_status", "status", text("created_at DESC"), "id", postgresql_where=text("deleted_at IS NULL")),
        Index("tickets_customer", "customer_id", postgresql_where=text("customer_id IS NOT NULL")),
        Index("tickets_category", text("lower(category)")),
        *(  # apart, so that a search among the open ones does not read a year of closed ones
            Index(
                f"tickets_words_{name}",
                text("to_tsvector('simple', problem)"),
                postgresql_using="gin",
                postgresql_where=text(f"closed_at IS {which}"),
            )
            for name, which in (("open", "NULL"), ("closed", "NOT NULL"))
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contacts.id"))
    version: Mapped[int]
    status: Mapped[str]
    status_changed_at: Mapped[datetime]
    status_reason: Mapped[str]
    priority: Mapped[str]
    tier: Mapped[int] = mapped_column(SmallInteger)
    department: Mapped[str]
    category: Mapped[str]
    kind: Mapped[str]
    form: Mapped[Json]  # of its kind (escalation/form.py)
    system: Mapped[str | None]  # of routing.yml, whose vendor is level 4
    asked: Mapped[str]  # the person who is responsible now
    assignee: Mapped[str | None]  # the person who accepted
    offer_round: Mapped[int] = mapped_column(server_default="1", default=1)  # anew when it is given to a tier
    asked_out_round: Mapped[int | None]  # in which nobody was left to offer it to
    live: Mapped[bool]  # the customer waits or talks in this contact now
    live_since: Mapped[datetime | None]
    waited_from: Mapped[datetime | None]  # when the customer first began to wait for a person
    accepted_at: Mapped[datetime | None]
    reachable: Mapped[str | None]
    customer_id: Mapped[str | None]
    signals: Mapped[Json]
    because: Mapped[list[Any]]
    policy: Mapped[Json]  # frozen when it opened
    problem: Mapped[str]
    unread: Mapped[int]
    last_public_note: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
    excluded: Mapped[list[Any]] = mapped_column(default=list)  # windows that some targets do not count (excluded.py)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    followed_up_at: Mapped[datetime | None]  # the customer was called or written to about the solution
    closed_at: Mapped[datetime | None]  # closed, rejected or cancelled
    deleted_at: Mapped[datetime | None]
    held_because: Mapped[str | None]  # a legal hold: nothing of it is deleted or made anonymous
    erased_at: Mapped[datetime | None]  # when who it is about was taken out
    # TMF621
    name: Mapped[str | None]
    severity: Mapped[str]
    ticket_type: Mapped[str]
    external_id: Mapped[str | None]
    filed_by: Mapped[str | None]  # the machine that filed it (escalation/access.py); None: a contact, or before 0004
    filed: Mapped[Json]  # attributes a client filed that we keep and give back as they came


class OfTicket:
    """Belongs to a ticket. Nothing reads the relationship: through it a flush writes the ticket first."""

    @declared_attr
    def ticket(cls) -> Mapped[TicketRecord]:  # noqa: N805  # SQLAlchemy passes the class
        return relationship(lazy="raise")


class ClockRecord(OfTicket, Record):
    __tablename__ = "clocks"
    __table_args__ = (
        Index("board_clocks_done", "done_at"),
        Index("board_clocks_late", "ticket_id", postgresql_where=text("late AND done_at IS NULL")),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    calendar: Mapped[str]
    target_s: Mapped[float]
    left_s: Mapped[float]
    since: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]  # answered or solved
    late: Mapped[bool]  # the deadline of this round has passed, or had when it was done
    round: Mapped[int]  # how often it has begun
    terms: Mapped[Json | None] = mapped_column(
        JSONB(none_as_null=True)
    )  # of the agreement that binds the tier (terms.py)


class StepRecord(OfTicket, Record):
    """Something that must happen once, at `due_at`, unless the clock stops before."""

    __tablename__ = "clock_steps"
    __table_args__ = (
        Index("steps_due", "due_at", postgresql_where=text("fired_at IS NULL AND due_at IS NOT NULL")),
        Index("board_steps_fired", "fired_at", postgresql_where=text("share_pct = 100 AND fired_at IS NOT NULL")),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    clock: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)  # of its clock
    share_pct: Mapped[int] = mapped_column(primary_key=True)  # of the target; for `accept` the number of the request
    action: Mapped[str]
    due_at: Mapped[datetime | None]
    fired_at: Mapped[datetime | None]
    tier: Mapped[int | None] = mapped_column(SmallInteger)  # that had the ticket when it fired


class HandOverRecord(Record):
    """Makes a hand-over happen once: (contact_id, key) is its identity."""

    __tablename__ = "hand_overs"

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))


class FilingKeyRecord(Record):
    """Makes a filing happen once (escalation/idempotency.py): its ticket, and what was answered, as JSON."""

    __tablename__ = "filing_keys"

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    created_at: Mapped[datetime]
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))
    answer: Mapped[str | None]


class NoteRecord(OfTicket, Record):
    __tablename__ = "notes"
    __table_args__ = (
        Index("notes_ticket", "ticket_id"),
        CheckConstraint("addressee IS NULL OR NOT public", name="whispers_are_internal"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    author: Mapped[str]
    at: Mapped[datetime]
    text: Mapped[str]
    public: Mapped[bool]
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("attachments.id"))
    addressee: Mapped[str | None]  # of a whisper: the person who had the ticket


class AuditRecord(OfTicket, Record):
    """Only ever added to."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("audit_ticket", "ticket_id"),
        Index("board_audit_resolved", "at", postgresql_where=text("status = 'resolved'")),
        Index("board_audit_moves", "ticket_id", "what", postgresql_where=text(MOVED)),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str]
    why: Mapped[str]
    status: Mapped[str | None]  # the state the ticket came into with this
    facts: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))  # what else moved its clocks (reckoning.py)
    was: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))  # before a change that can be undone (undo.py)


class OutboxRecord(Record):
    """An event that commits with the change it tells of."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_waiting", "topic", "id", postgresql_where=text("delivered_at IS NULL")),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    topic: Mapped[str]  # a stream's name, "sms", "fates" or "hub"
    payload: Mapped[Json]
    created_at: Mapped[datetime]
    try_at: Mapped[datetime]
    tries: Mapped[int]
    delivered_at: Mapped[datetime | None]


class AnswerFateRecord(Record):
    """What became of an answer (escalation/fate.py). It outlives the contact's turns, and so refers to nothing."""

    __tablename__ = "answer_fates"
    __table_args__ = (UniqueConstraint("contact_id", "turn_id"), Index("answer_fates_at", "at"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    contact_id: Mapped[UUID]
    turn_id: Mapped[str]
    at: Mapped[datetime]
    channel: Mapped[str]
    language: Mapped[str]
    question: Mapped[str]
    kind: Mapped[str]
    articles: Mapped[list[Any]]
    confidence: Mapped[float]
    picked: Mapped[str | None]
    outcome: Mapped[str]
    helped_by: Mapped[str | None]
    ticket: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))


class PasswordRecord(Record):
    __tablename__ = "passwords"

    username: Mapped[str] = mapped_column(primary_key=True)
    argon2: Mapped[str]
    changed_at: Mapped[datetime]


class HeartbeatRecord(Record):
    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
