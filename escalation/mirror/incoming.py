"""Hears what happened to our tickets in the other system: its status, and its public notes.

What is legal here is done; what is not becomes a note for staff, and our own state is told back with the next event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import desk
from escalation.desk import Actor, Deed
from escalation.errors import NotLegal
from escalation.events import tell_staff
from escalation.mirror.enlisted import CALLER, is_on_its_way
from escalation.mirror.mirror_file import MirrorFile
from escalation.mirror.records import MirrorCursorRecord, MirroredRecord
from escalation.mirror.system import Note, Theirs, TicketSystem
from escalation.mirror.way import moves_to
from escalation.office import Office
from escalation.records import TicketRecord
from escalation.storable import storable
from escalation.store import Case, lock_case
from escalation.telling import publish_note
from escalation.ticket import Move, Status

OVERLAP = timedelta(minutes=2)  # looked at again: a change may be committed after a later one
FIRST_LOOK = timedelta(days=1)  # back, before there is a cursor
_NOTE_MAX, _NOTES_MAX = 8000, 100  # characters, and notes taken over at once


@dataclass(frozen=True, slots=True)
class Incoming:
    office: Office
    system: TicketSystem
    file: MirrorFile

    async def hear(self) -> int:
        """Look at what changed there since the last look; how many of our tickets changed with it.

        Raises SystemUnavailable. A ticket of which our own news is still on its way is looked at again later.
        """
        until = await self._until()
        changed = await self.system.changed_since(until - OVERLAP)
        taken = 0
        for theirs in sorted(changed, key=lambda one: one.changed_at):
            heard = await self._take_over(theirs)
            if heard is None:
                break  # the cursor stays before it
            taken += heard
            until = max(until, theirs.changed_at)
        await self._look_from(until)
        return taken

    async def _take_over(self, theirs: Theirs) -> bool | None:
        """Whether something is new here; None: not yet."""
        async with self.office.sessions() as session:
            found = await session.execute(
                select(MirroredRecord.ticket_id, MirroredRecord.heard_at).where(MirroredRecord.their_id == theirs.id)
            )
            row = found.one_or_none()
        if row is None or row.heard_at == theirs.changed_at:
            return False
        async with self.office.change() as session:
            case = await lock_case(session, TicketRecord.id == row.ticket_id)
            if case is None:
                return False
            if await is_on_its_way(session, row.ticket_id):
                return None
            mirrored = await session.get_one(MirroredRecord, row.ticket_id, with_for_update=True)
            if theirs.changed_at < mirrored.told_at:
                return False  # read before we told it something: it comes again, as it is now
            return self._apply(case, mirrored, theirs)

    def _apply(self, case: Case, mirrored: MirroredRecord, theirs: Theirs) -> bool:
        notes = self._new_notes(mirrored.heard, theirs.notes)
        for note in notes:
            publish_note(self.office, case, storable(note.text)[:_NOTE_MAX], author=self._author(note))  # type: ignore[index]
        if notes:
            case.ticket.version += 1
            case.ticket.updated_at = self.office.now()
            case.audit(self.office.now(), CALLER, "changed", "note")
            tell_staff(self.office, case, "changed")
        is_moved = theirs.status != mirrored.their_status
        if is_moved:
            self._follow(case, theirs)
        mirrored.heard = [*mirrored.heard, *(note.key for note in notes)]
        mirrored.their_status, mirrored.heard_at = theirs.status, theirs.changed_at
        return is_moved or bool(notes)

    def _new_notes(self, heard: Sequence[str], notes: Sequence[Note]) -> list[Note]:
        known, own = set(heard), f"{self.file.we_are}/"
        return [note for note in notes if note.key not in known and not note.author.startswith(own)][:_NOTES_MAX]

    def _author(self, note: Note) -> str:
        return f"{self.file.they_are}/{storable(note.author) or '-'}"[:200]

    def _follow(self, case: Case, theirs: Theirs) -> None:
        """Come into their state, or note that it cannot be."""
        why = str(storable(theirs.reason))[:2000] or f"{self.file.they_are}: {theirs.status}"
        try:
            for move in moves_to(case.status, Status(theirs.status)):
                desk.make(self.office, case, Deed(move, Actor(CALLER), why=why))
        except (NotLegal, ValueError) as error:
            told = self.file.words.status_refused_here.format(status=theirs.status[:40], why=str(error))
            desk.make(self.office, case, Deed(Move.NOTE, Actor(CALLER), text=told))

    async def _until(self) -> datetime:
        async with self.office.sessions() as session:
            kept = await session.scalar(select(MirrorCursorRecord.until).where(MirrorCursorRecord.url == self.file.url))
        return kept or self.office.now() - FIRST_LOOK

    async def _look_from(self, until: datetime) -> None:
        async with self.office.sessions.begin() as session:
            await _store(session, self.file.url, until)


async def _store(session: AsyncSession, url: str, until: datetime) -> None:
    await session.execute(
        insert(MirrorCursorRecord)
        .values(url=url, until=until)
        .on_conflict_do_update(index_elements=[MirrorCursorRecord.url], set_={"until": until})
    )
