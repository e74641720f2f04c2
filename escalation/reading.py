"""Every read of personal data is recorded before it is answered, and can be looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, cast, exists, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.errors import NotAllowed
from escalation.masking import Mask
from escalation.office import Office
from escalation.read_record import ReadRecord
from escalation.reads_wire import ReadEntry, ReadsAsked
from escalation.sight import one_of_us, role_of
from escalation.storable import storable

CUSTOMER = "customer"
OURS = "internal"  # one of our programs, for nobody it names
TELEPHONE = "telephone"  # a brief told to whoever takes the call
SAME_READ = timedelta(minutes=10)  # a page that refreshes itself is not read anew


class What(StrEnum):
    TICKET = "ticket"
    QUEUE = "queue"
    PHONE = "phone"
    VOICEMAIL = "voicemail"
    BRIEF = "brief"
    BOARD = "board"  # what is behind a figure
    WISHES = "wishes"
    STATUS = "status"
    COPY = "copy"
    TMF_TICKETS = "TMF621 tickets"
    TMF_INTERACTION = "TMF683 interaction"
    READS = "reads"
    SUBJECT = "subject"
    QUALITY = "quality"


# Pages of the console that ask again by themselves.
_REFRESHED = frozenset({What.TICKET, What.QUEUE, What.PHONE, What.BOARD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """`fields` are those of a ticket that were shown; none named means all that the page or resource has."""

    reader: str
    what: What
    tickets: Sequence[str] = ()
    contacts: Sequence[UUID] = ()
    fields: Sequence[str] = ()
    masked: bool = False


async def record(office: Office, session: AsyncSession, read: Read) -> None:
    """In the transaction of the read itself, which the caller commits before it answers.

    A console's page that shows the same to the same reader again within SAME_READ is the same read.
    """
    row: dict[str, ColumnElement[Any]] = {
        "at": literal(office.now()),
        "reader": literal(read.reader),
        "what": literal(str(read.what)),
        "tickets": cast(list(read.tickets), ARRAY(Text)),
        "contacts": cast(list(read.contacts), ARRAY(Uuid)),
        "fields": cast(sorted(read.fields), ARRAY(Text)),
        "masked": literal(read.masked),
        "address": literal(storable(office.origin.address), Text),
        "why": literal(_without_names(office), Text),
    }
    values = select(*row.values())
    if read.what in _REFRESHED:
        same = [getattr(ReadRecord, name) == value for name, value in row.items() if name != "at"]
        values = values.where(~exists().where(ReadRecord.at > office.now() - SAME_READ, *same))
    await session.execute(insert(ReadRecord).from_select(list(row), values))


async def tell(office: Office, read: Read) -> None:
    """The same in a transaction of its own, committed when this returns."""
    async with office.sessions.begin() as session:
        await record(office, session, read)


async def found(office: Office, username: str, asked: ReadsAsked) -> list[ReadEntry]:
    """The newest first. Raises NotAllowed for whoever is no auditor. Looking them up is recorded as well."""
    person = one_of_us(office.policy.people, username)
    if not role_of(person).reads:
        raise NotAllowed("Who read what is open to auditors")
    query = select(ReadRecord).order_by(ReadRecord.at.desc(), ReadRecord.id.desc())
    if asked.ticket is not None:
        query = query.where(ReadRecord.tickets.contains([asked.ticket]))
    if asked.contact is not None:
        query = query.where(ReadRecord.contacts.contains([asked.contact]))
    if asked.person is not None:
        query = query.where(ReadRecord.reader == asked.person)
    if asked.since is not None:
        query = query.where(ReadRecord.at >= asked.since)
    if asked.until is not None:
        query = query.where(ReadRecord.at < asked.until)
    async with office.sessions.begin() as session:
        rows = await session.scalars(query.limit(asked.limit).offset(asked.offset))
        entries = [ReadEntry.model_validate(row, from_attributes=True) for row in rows]
        await record(office, session, Read(reader=username, what=What.READS, tickets=[asked.ticket or ""]))
    return entries


def _without_names(office: Office) -> str:
    """A reason is free text: who it is about stands in the other columns."""
    why = str(storable(office.origin.why))
    if not why:
        return ""
    return Mask.of(office.policy.masking, [why], []).text(why)
