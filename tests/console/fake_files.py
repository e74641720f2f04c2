"""Files that customers and people send one another about a ticket, in memory."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from escalation.client import Attachment, EscalationRefused, KeptFile, Note, Person, TicketDetail, Turn


class FakeFiles:
    """`refuses_files` is the status every file of a person is refused with."""

    people: dict[str, Person]

    def __init__(self) -> None:
        self.files: dict[UUID, KeptFile] = {}
        self.refuses_files: int | None = None

    async def send_attachment(
        self, person: str, reference: str, *, name: str, content: bytes, version: int
    ) -> Attachment:
        self._answer()
        if self.refuses_files:
            raise EscalationRefused(self.refuses_files, "not taken")
        ticket = self._find(reference)
        kept = Attachment(
            id=uuid4(),
            name=name,
            media_type="application/pdf",
            size_bytes=len(content),
            at=datetime.now(UTC),
            by_customer=False,
        )
        self.files[kept.id] = KeptFile(name, "application/pdf", content)
        note = Note(author=self.people[person].name, at=kept.at, text=name, public=True, attachment_id=kept.id)
        self._store(ticket, notes=[*ticket.notes, note], attachments=(*ticket.attachments, kept))
        self._tell(reference, "reply")
        return kept

    async def ticket_attachment(
        self, person: str, reference: str, attachment_id: UUID, *, small: bool = False
    ) -> KeptFile:
        self._answer()
        if attachment_id not in self.files:
            raise EscalationRefused(404, "no such file")
        return self.files[attachment_id]

    def customer_attaches(self, reference: str, name: str, content: bytes, media_type: Any = "image/jpeg") -> UUID:
        """The customer sends a file in the chat of a ticket."""
        ticket, at = self._find(reference), datetime.now(UTC)
        kept = Attachment(id=uuid4(), name=name, media_type=media_type, size_bytes=len(content), at=at)
        self.files[kept.id] = KeptFile(name, media_type, content)
        turn = Turn(
            contact_id=ticket.turns[0].contact_id,
            turn_id=uuid4().hex,
            author="customer",
            text=f"Attached: {name}",
            at=at,
            about={"attachment": {"id": str(kept.id), "name": name}},
        )
        self._store(ticket, turns=[*ticket.turns, turn], attachments=(*ticket.attachments, kept))
        self._tell(reference, "message")
        return kept.id

    def _answer(self) -> None:
        raise NotImplementedError

    def _find(self, reference: str) -> TicketDetail:
        raise NotImplementedError

    def _store(self, ticket: TicketDetail, **changes: Any) -> None:
        raise NotImplementedError

    def _tell(self, reference: str, kind: str) -> None:
        raise NotImplementedError
