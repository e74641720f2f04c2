"""Who read personal data, as it travels over HTTP."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from escalation.storable import Wire


class ReadsAsked(Wire):
    """From `since` to before `until`. `person` is a username, or `client:` and a machine's id."""

    ticket: str | None = Field(default=None, max_length=40)
    contact: UUID | None = None
    person: str | None = Field(default=None, max_length=120)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    limit: int = Field(default=100, ge=1, le=1000)
    offset: int = Field(default=0, ge=0, le=10_000_000)


class ReadEntry(Wire):
    at: AwareDatetime
    reader: str
    what: str
    tickets: tuple[str, ...]  # references
    contacts: tuple[UUID, ...]
    fields: tuple[str, ...]  # of a ticket; empty: all that the page or resource has
    masked: bool
    address: str
    why: str


class ReadsFound(Wire):
    reads: list[ReadEntry]


class ReadTold(Wire):
    """The customer took a copy of their own conversation."""

    what: Literal["copy"]
