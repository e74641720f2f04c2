"""What an agreement gives whoever holds a ticket: time by priority and its calendars, frozen when they get it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from escalation.calendar import Calendar
from escalation.priority import Priority
from escalation.targets import Target

_CALENDARS = TypeAdapter(Calendar)
_TARGETS = TypeAdapter(Target)


@dataclass(frozen=True, slots=True)
class Terms:
    """A priority without a target of its own is kept by the tier's share of sla.yml."""

    agreement: str
    version: int
    targets: Mapping[Priority, Target]
    calendars: Mapping[str, Calendar]  # those that the targets name

    def to_json(self) -> dict[str, Any]:
        return {
            "agreement": self.agreement,
            "version": self.version,
            "targets": {str(priority): _TARGETS.dump_python(of, mode="json") for priority, of in self.targets.items()},
            "calendars": {name: _CALENDARS.dump_python(entry, mode="json") for name, entry in self.calendars.items()},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> "Terms | None":
        """None for None: nothing but the policy binds the holder. Tickets under the same terms share them."""
        return None if kept is None else _thawed(json.dumps(kept, sort_keys=True))


@lru_cache(maxsize=256)
def _thawed(written: str) -> Terms:
    kept = json.loads(written)
    return Terms(
        kept["agreement"],
        kept["version"],
        {Priority(name): _TARGETS.validate_python(of) for name, of in kept["targets"].items()},
        {name: _CALENDARS.validate_python(entry) for name, entry in kept["calendars"].items()},
    )
