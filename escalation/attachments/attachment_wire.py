"""What crosses the door about attachments."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from escalation.storable import Wire

MediaType = Literal["image/jpeg", "image/png", "application/pdf"]
FileName = Annotated[str, StringConstraints(max_length=400)]  # as the sender's machine calls it
FileKey = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Attachment(Wire):
    """A file that is kept; its name and type are ours, not the sender's."""

    id: UUID
    name: str
    media_type: MediaType
    size_bytes: int = Field(ge=0)
    at: AwareDatetime
    by_customer: bool = True


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file with what is in it."""

    name: str
    media_type: str
    content: bytes
