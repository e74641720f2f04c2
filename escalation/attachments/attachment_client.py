"""The part of the door for files of a conversation."""

from typing import ClassVar
from urllib.parse import quote, unquote
from uuid import UUID

import httpx

from escalation.attachments.attachment_wire import Attachment, KeptFile
from escalation.link import Link

PATIENCE = httpx.Timeout(40.0, connect=2.0)  # the scanner may take 20 s, and another file may be before it


class AttachmentClient:
    """What `escalation.client.EscalationClient` can do with files; it owns the link."""

    NO_FILE: ClassVar[frozenset[int]] = frozenset({403, 404, 409, 413, 415, 422})

    _link: Link

    async def keep_attachment(self, contact_id: UUID, *, key: str, name: str, content: bytes) -> Attachment:
        """A customer's file, cleaned. Idempotent by `key`.

        Raises EscalationRefused: 413 too large, 415 not a kind that is taken, 422 not readable or refused by the
        scanner, 409 the contact has as many as it may. EscalationUnavailable also while nothing can be scanned.
        """
        reply = await self._link.request(
            "POST",
            f"/escalation/v1/contacts/{contact_id}/attachments",
            params={"key": key, "name": name},
            content=content,
            refusals=self.NO_FILE,
            patience=PATIENCE,
        )
        return Attachment.model_validate_json(reply.content)

    async def contact_attachment(self, contact_id: UUID, attachment_id: UUID) -> KeptFile:
        """Of the customer's own conversation. Raises EscalationRefused(404)."""
        path = f"/escalation/v1/contacts/{contact_id}/attachments/{attachment_id}"
        return _file(await self._link.request("GET", path, refusals=self.NO_FILE))

    async def send_attachment(
        self, person: str, reference: str, *, name: str, content: bytes, version: int
    ) -> Attachment:
        """A reply with a file. Raises EscalationRefused as `act` and `keep_attachment` do, and 409 when the customer
        is not in the chat."""
        reply = await self._link.request(
            "POST",
            f"/escalation/v1/tickets/{quote(reference, safe='')}/attachments",
            person=person,
            params={"name": name, "version": version},
            content=content,
            refusals=self.NO_FILE,
            patience=PATIENCE,
        )
        return Attachment.model_validate_json(reply.content)

    async def ticket_attachment(
        self, person: str, reference: str, attachment_id: UUID, *, small: bool = False
    ) -> KeptFile:
        """`small`: the thumbnail of a picture. Raises EscalationRefused."""
        path = f"/escalation/v1/tickets/{quote(reference, safe='')}/attachments/{attachment_id}"
        params = {"small": "true"} if small else None
        return _file(await self._link.request("GET", path, person=person, params=params, refusals=self.NO_FILE))


def _file(reply: httpx.Response) -> KeptFile:
    name = unquote(reply.headers["X-Firstline-File-Name"])
    return KeptFile(name, reply.headers["Content-Type"], reply.content)
