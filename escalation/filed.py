"""What is said besides the signals where a ticket is filed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from escalation.kind import Kind


@dataclass(frozen=True, slots=True)
class Filing:
    """Its kind with the form, and what is given back as it came. Without a severity it is the impact, without a type
    it is the kind.
    """

    kind: Kind
    form: Mapping[str, Any] = field(default_factory=dict)  # filled in: escalation/form.py
    severity: str | None = None
    ticket_type: str | None = None
    name: str | None = None
    external_id: str | None = None
    notes: Sequence[tuple[str, str]] = ()  # author, text
    kept: Mapping[str, Any] = field(default_factory=dict)
    tier: int | None = None  # that acts first; None: as the priority says
    by: str | None = None  # one of people.yml or clients.yml
    says_relation: bool = False  # to which ticket it is related: no other is looked for
    filed_by: str | None = None  # the machine that files it
