"""The Idempotency-Key of a ticket that is filed: the same request again is the same ticket, and the same answer."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.errors import Conflict, Incomplete, KeyReused
from escalation.office import Office
from escalation.records import FilingKeyRecord, TicketRecord

KEPT = timedelta(hours=24)  # told to clients in README.md
_KEY = re.compile(r"[ -~]{1,255}")


@dataclass(frozen=True, slots=True)
class FilingKey:
    """A key of one caller's; another caller's same key is another one."""

    caller: str
    key: str
    digest: str  # of the body it came with

    @classmethod
    def of(cls, caller: str, key: str, body: Mapping[str, Any]) -> "FilingKey":
        """The body counts as JSON: spaces and the order of its names do not. Raises Incomplete for an unfit key."""
        if not _KEY.fullmatch(key):
            raise Incomplete("Idempotency-Key: 1 to 255 printable ASCII characters")
        return cls(caller, key, hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest())


async def earlier_answer(session: AsyncSession, asked: FilingKey, now: datetime) -> dict[str, Any] | None:
    """None for a new request, whose key is taken with that: another with it waits until this transaction ends.

    Raises KeyReused when the key came with another body, Conflict when its ticket is deleted.
    """
    fresh = {"digest": asked.digest, "created_at": now, "ticket_id": None, "answer": None}
    taken = await session.execute(
        insert(FilingKeyRecord)
        .values(caller=asked.caller, key=asked.key, **fresh)
        .on_conflict_do_update(
            index_elements=[FilingKeyRecord.caller, FilingKeyRecord.key],
            set_=fresh,
            where=FilingKeyRecord.created_at <= now - KEPT,
        )
        .returning(FilingKeyRecord.key)
    )
    if taken.scalar_one_or_none() is not None:
        return None
    kept = await session.get_one(FilingKeyRecord, (asked.caller, asked.key))
    if kept.digest != asked.digest:
        raise KeyReused("This Idempotency-Key was used with another body: take a new key for a new ticket")
    ticket = await session.get_one(TicketRecord, kept.ticket_id)
    if ticket.deleted_at is not None:
        raise Conflict("The ticket that was filed with this Idempotency-Key is deleted")
    answer: dict[str, Any] = json.loads(kept.answer or "")
    return answer


async def keep(session: AsyncSession, asked: FilingKey, ticket_id: UUID, answer: Mapping[str, Any]) -> None:
    """In the transaction that opens the ticket: there is never one without the other."""
    await session.execute(
        update(FilingKeyRecord)
        .where(FilingKeyRecord.caller == asked.caller, FilingKeyRecord.key == asked.key)
        .values(ticket_id=ticket_id, answer=json.dumps(answer))
    )


async def forget(office: Office) -> None:
    """Keys that are too old, with the copies of tickets they hold."""
    async with office.sessions.begin() as session:
        await session.execute(delete(FilingKeyRecord).where(FilingKeyRecord.created_at <= office.now() - KEPT))
