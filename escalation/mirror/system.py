"""What an adapter to an operator's other ticket system must do.

An adapter is one class with the methods of `TicketSystem`, in a file of this folder, chosen in `carrier.py`. Whatever
it is asked may be asked again: the answer to the first time may have been lost. So `create` makes one ticket for one
reference, `note` adds a note once, and `change` to what is so already changes nothing. Calls for one ticket come one
after the other, in the order of its changes; those of different tickets may overlap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class SystemUnavailable(Exception):
    """It did not do it, or we do not know: asked again later. The text is ours, with nothing the other side wrote."""


class SystemRefused(Exception):
    """It understood, and will not do that: a rule of its own."""


@dataclass(frozen=True, slots=True)
class Ours:
    """A ticket of ours as the other system is told of it, once, when it is created there."""

    key: str  # the same at every try, and of no other ticket
    reference: str  # their external id
    kind: str
    name: str
    description: str
    severity: str
    form: Sequence[Mapping[str, Any]] = ()  # the fields of its kind, as TMF621's characteristics


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to become different; None stays. `relations`: all it has, as TMF621's type and the other's id there."""

    name: str | None = None
    description: str | None = None
    severity: str | None = None
    status: str | None = None  # one of TMF621's
    reason: str = ""  # of the status
    relations: Sequence[tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note for everyone. `author` of one of ours is unlike that of any other; `key` of theirs likewise."""

    author: str
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Theirs:
    """A ticket as it stands there."""

    id: str
    status: str  # one of TMF621's
    changed_at: datetime  # by their clock; later with every change
    reason: str = ""  # of the status
    notes: Sequence[Note] = field(default=())  # public ones


class TicketSystem(Protocol):
    """Each raises SystemUnavailable; those that change something also SystemRefused."""

    async def create(self, ours: Ours) -> Theirs:
        """The ticket that has our reference as its external id, new only if there is none."""
        ...

    async def change(self, their_id: str, changes: Changes) -> Theirs: ...

    async def note(self, their_id: str, note: Note) -> Theirs:
        """Add it, unless there is one by this author already."""
        ...

    async def changed_since(self, since: datetime) -> Sequence[Theirs]:
        """Every ticket that changed at that time of their clock or later, in no order; also such as are not ours."""
        ...
