"""When each of us last looked at a ticket, to know what its customer has written since."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class LookRecord(Record):
    """The newest only. It is no evidence of a read: that is `read_record.ReadRecord`, which is never changed."""

    __tablename__ = "looks"

    username: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    at: Mapped[datetime]


async def keep(session: AsyncSession, username: str, ticket_id: UUID, now: datetime) -> None:
    row = {"username": username, "ticket_id": ticket_id, "at": now}
    statement = insert(LookRecord).values(row)
    await session.execute(statement.on_conflict_do_update(index_elements=["username", "ticket_id"], set_={"at": now}))
