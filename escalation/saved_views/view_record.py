"""The table of saved views."""

from sqlalchemy import BigInteger, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class SavedViewRecord(Record):
    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("username", "name"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    username: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]  # of the queue's address, as the console writes it
    place: Mapped[int] = mapped_column(SmallInteger)  # 0 is the first
