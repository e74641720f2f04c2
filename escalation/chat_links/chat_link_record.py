"""The table of links on which a call goes on in the chat."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class ChatLinkRecord(Record):
    """The link's token is kept nowhere, only its SHA-256."""

    __tablename__ = "chat_links"

    digest: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"))
    keeps_place: Mapped[bool]  # whoever follows it waits for a person, where they stood in the queue
    expires_at: Mapped[datetime]
    followed_at: Mapped[datetime | None]
