"""What a client of the TMF face says besides the signals when it files a ticket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Filing:
    """Kept and given back as it came."""

    severity: str
    ticket_type: str
    name: str | None = None
    external_id: str | None = None
    notes: Sequence[tuple[str, str]] = ()  # author, text
    kept: Mapping[str, Any] = field(default_factory=dict)
