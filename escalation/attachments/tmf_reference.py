"""Attachments as TMF621 v4 refers to them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from escalation.attachments.attachment_wire import Attachment

REFERRED_TYPE = "ConversationAttachment"  # marks those that are ours: a client's own are kept as it filed them
PATH = "/tmf-api/partyInteraction/v4/partyInteraction/{contact_id}/attachment/{attachment_id}"


def references(kept: Iterable[Attachment], contact_id: UUID, base_url: str) -> list[dict[str, Any]]:
    """AttachmentRefOrValue, by reference: the content is fetched at `url`, with a token for conversations."""
    return [
        {
            "id": str(each.id),
            "url": base_url + PATH.format(contact_id=contact_id, attachment_id=each.id),
            "name": each.name,
            "attachmentType": "picture" if each.media_type.startswith("image/") else "document",
            "mimeType": each.media_type,
            "size": {"amount": each.size_bytes, "units": "bytes"},
            "@referredType": REFERRED_TYPE,
        }
        for each in kept
    ]
