"""Files of a conversation: the customer's on their way to escalation, which cleans and keeps them, and back."""

from typing import Protocol
from uuid import UUID

from chat.errors import FileAway, FileRefused, FileTooLarge, FileUnknown, NotUnderstood, TooManyFiles
from chat.event import Item, Stored
from chat.reception import MESSAGE_ID, Reception
from chat.session import Conversation
from chat.wording import Words
from escalation.client import Attachment, EscalationRefused, EscalationUnavailable, KeptFile

MOST_NAME_CHARS = 400
FILES_A_MINUTE = 10  # of one address; a conversation has at most five anyway
_REFUSALS = {409: TooManyFiles, 413: FileTooLarge, 415: FileUnknown}


class Files(Protocol):
    """What of `escalation.client.EscalationClient` keeps files."""

    async def keep_attachment(self, contact_id: UUID, *, key: str, name: str, content: bytes) -> Attachment: ...
    async def contact_attachment(self, contact_id: UUID, attachment_id: UUID) -> KeptFile: ...


class Attachments:
    def __init__(self, files: Files, reception: Reception, words: Words) -> None:
        self._files = files
        self._reception = reception
        self._words = words

    async def pace(self, conversation: Conversation, address: str) -> None:
        """Before the file is read. Raises TooFast."""
        await self._reception.pace(conversation, address, more={f"files:{address}": FILES_A_MINUTE})

    async def take(self, conversation: Conversation, name: str, message_id: str, content: bytes) -> Stored:
        """Kept before this returns; a repeat is the same file.

        Raises FileTooLarge, FileUnknown, FileRefused, TooManyFiles, and FileAway when it could not be kept now.
        """
        if not MESSAGE_ID.fullmatch(message_id):
            raise NotUnderstood
        try:
            kept = await self._files.keep_attachment(
                conversation.id, key=f"c-{message_id}", name=name[:MOST_NAME_CHARS], content=content
            )
        except EscalationRefused as refusal:
            raise _REFUSALS.get(refusal.status, FileRefused) from refusal
        except EscalationUnavailable as error:
            raise FileAway from error
        text = self._words.say(conversation.language, "say.attached", name=kept.name)
        attached = kept.model_dump(mode="json", include={"id", "name", "media_type", "size_bytes"})
        return await self._reception.put_in(
            conversation, Item(kind="file", message_id=message_id, text=text, attachment=attached)
        )

    async def open(self, conversation: Conversation, attachment_id: UUID) -> KeptFile:
        """A file of the customer's own conversation, whoever sent it. Raises FileRefused or FileAway."""
        try:
            return await self._files.contact_attachment(conversation.id, attachment_id)
        except EscalationRefused as refusal:
            raise FileRefused from refusal
        except EscalationUnavailable as error:
            raise FileAway from error
