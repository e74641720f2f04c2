"""The table of attachments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class AttachmentRecord(Record):
    """The file itself is here, cleaned, so that it is deleted, copied and guarded with its contact.

    It belongs to the contact; a ticket has those of its contact. `key` makes keeping it happen once.
    """

    __tablename__ = "attachments"
    __table_args__ = (UniqueConstraint("contact_id", "key"), Index("attachments_contact", "contact_id", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"))
    key: Mapped[str]
    sent_by: Mapped[str | None]  # the person of ours who sent it; None: the customer
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    at: Mapped[datetime]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # a small JPEG, of pictures
