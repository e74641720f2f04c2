"""Tells the other system what happened to a ticket of ours: one event of the hub at a time, as often as it takes."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from escalation.mirror.enlisted import is_on_its_way
from escalation.mirror.mirror_file import MirrorFile
from escalation.mirror.records import MirroredRecord
from escalation.mirror.system import Changes, Note, Ours, SystemRefused, SystemUnavailable, Theirs, TicketSystem
from escalation.notification import EventType
from escalation.office import Office
from escalation.records import AuditRecord
from escalation.ticket import Status
from escalation.tmf_kind import TYPES

_RELATIONS = frozenset(names[0] for names in TYPES.values())  # as the ticket that has one says it


@dataclass(slots=True)
class _Known:
    """What the other system knows of a ticket, while it is being told more."""

    ticket_id: UUID
    their_id: str
    status: str  # the last told or heard: a state of theirs that merely shows in an answer has still to be heard
    answer: Theirs | None = None  # the newest
    told: dict[str, Any] = field(default_factory=dict)
    told_note: int = 0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Only what is new over there is sent, so that an event that comes twice, or was made by them, changes nothing."""

    office: Office
    system: TicketSystem
    file: MirrorFile

    async def tell(self, event: Mapping[str, Any]) -> None:
        """Raises SystemUnavailable, or SystemRefused for a ticket or an attribute that is not taken there."""
        ticket = event["event"]["troubleTicket"]
        is_deleted = event["eventType"] == EventType.DELETE
        known = await self._known(UUID(ticket["id"]))
        if known is None:
            if is_deleted or not self.file.wants(ticket):
                return
            known = await self._create(ticket)
        await self._tell_attributes(known, ticket)
        await self._tell_relations(known, ticket)
        await self._tell_notes(known, ticket.get("note", ()))
        if is_deleted:
            await self._say(known, self.file.words.deleted, mark=f"deleted-{event['eventId']}")
        else:
            await self._tell_status(known, ticket, mark=f"status-{event['eventId']}")
        await self._keep(known)

    async def _known(self, ticket_id: UUID) -> _Known | None:
        async with self.office.sessions() as session:
            kept = await session.get(MirroredRecord, ticket_id)
        if kept is None:
            return None
        return _Known(kept.ticket_id, kept.their_id, kept.their_status, None, dict(kept.told), kept.told_note)

    async def _create(self, ticket: Mapping[str, Any]) -> _Known:
        """Its other half is stored at once: what fails after this goes on with the same one."""
        told = _attributes(ticket)
        ours = Ours(
            key=ticket["id"],
            reference=ticket["escalation"]["reference"],
            kind=ticket["escalation"]["kind"],
            form=ticket.get("troubleTicketCharacteristic", ()),
            name=told["name"],
            description=told["description"],
            severity=told["severity"],
        )
        theirs = await self.system.create(ours)
        now, ticket_id = self.office.now(), UUID(ticket["id"])
        async with self.office.sessions.begin() as session:
            session.add(
                MirroredRecord(
                    ticket_id=ticket_id,
                    their_id=theirs.id,
                    their_status=theirs.status,
                    told=told,
                    told_note=0,
                    told_at=theirs.changed_at,
                    heard=[],
                )
            )
            why = f"{self.file.they_are} {theirs.id}"
            session.add(AuditRecord(ticket_id=ticket_id, at=now, who="mirror", what="mirrored", why=why))
        return _Known(ticket_id, theirs.id, theirs.status, theirs, told)

    async def _tell_attributes(self, known: _Known, ticket: Mapping[str, Any]) -> None:
        attributes = _attributes(ticket)
        new = {name: value for name, value in attributes.items() if value != known.told.get(name)}
        if new:
            changes = Changes(name=new.get("name"), description=new.get("description"), severity=new.get("severity"))
            known.answer = await self.system.change(known.their_id, changes)
            known.told |= new

    async def _tell_relations(self, known: _Known, ticket: Mapping[str, Any]) -> None:
        """A relation that a rule over there does not allow is left out; it stays ours."""
        relations = await self._relations(ticket.get("troubleTicketRelationship", ()))
        if relations != known.told.get("relations", []):
            pairs = [(kind, to) for kind, to in relations]
            with suppress(SystemRefused):
                known.answer = await self.system.change(known.their_id, Changes(relations=pairs))
            known.told["relations"] = relations

    async def _relations(self, entries: Iterable[Mapping[str, Any]]) -> list[list[str]]:
        """Raises SystemUnavailable when the other ticket is still on its way there."""
        found = []
        for entry in entries:
            if entry.get("relationshipType") in _RELATIONS:
                other = UUID(entry["id"])
                async with self.office.sessions() as session:
                    their_id = await session.scalar(
                        select(MirroredRecord.their_id).where(MirroredRecord.ticket_id == other)
                    )
                    if their_id is None and await is_on_its_way(session, other):
                        raise SystemUnavailable("a related ticket is still on its way")
                if their_id is not None:
                    found.append([entry["relationshipType"], their_id])
        return found

    async def _tell_notes(self, known: _Known, notes: Iterable[Mapping[str, Any]]) -> None:
        for note in notes:
            number = int(note["id"])
            if number > known.told_note:
                if not note["author"].startswith(f"{self.file.they_are}/"):
                    author = f"{self.file.we_are}/{note['author'][:100]}/{number}"
                    known.answer = await self.system.note(known.their_id, Note(author, note["text"]))
                known.told_note = number

    async def _tell_status(self, known: _Known, ticket: Mapping[str, Any], *, mark: str) -> None:
        status, reason = ticket["status"], ticket.get("statusChangeReason", "")
        if status in {known.status, known.told.get("refused")}:
            return
        for way in ([status], [Status.IN_PROGRESS, status]):  # ours may have passed through a state unseen
            try:
                for state in way:
                    known.answer = await self.system.change(known.their_id, Changes(status=state, reason=reason))
                    known.status = known.answer.status
                known.told.pop("refused", None)
                return
            except SystemRefused:
                continue
        await self._say(known, self.file.words.status_refused_there.format(status=status), mark=mark)
        known.told["refused"] = status

    async def _say(self, known: _Known, text: str, *, mark: str) -> None:
        """A note of the mirror's own, once for each `mark`."""
        known.answer = await self.system.note(known.their_id, Note(f"{self.file.we_are}/mirror/{mark}", text))

    async def _keep(self, known: _Known) -> None:
        values: dict[str, Any] = {"their_status": known.status, "told": known.told, "told_note": known.told_note}
        if known.answer is not None:
            values |= {"told_at": known.answer.changed_at}
        async with self.office.sessions.begin() as session:
            await session.execute(
                update(MirroredRecord).where(MirroredRecord.ticket_id == known.ticket_id).values(**values)
            )


def _attributes(ticket: Mapping[str, Any]) -> dict[str, str]:
    """None of them is empty: a problem that nobody put into words is named by the reference."""
    name = ticket["name"]
    return {"name": name, "description": ticket["description"] or name, "severity": ticket["severity"]}
