"""Agreements and penalties as they travel over HTTP: words for people, amounts exact."""

from decimal import Decimal
from typing import Literal

from pydantic import AwareDatetime, Field

from escalation.storable import Wire


class Line(Wire):
    name: str
    text: str


class Table(Wire):
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Section(Wire):
    """A heading with lines, with a table, or with both."""

    heading: str
    lines: tuple[Line, ...] = ()
    table: Table | None = None


class AgreementRow(Wire):
    id: str
    version: int
    kind: str  # in words
    name: str
    giver: str
    receiver: str
    validity: str
    is_valid: bool


class AgreementPaper(AgreementRow):
    """The whole agreement in words, ready to be read or printed."""

    sections: tuple[Section, ...]


class ExposureView(Wire):
    """A target of a ticket with a penalty. `amount` in words; None: the monthly fee is not known.

    `in_danger`: what it costs once the deadline has passed.
    """

    target: str
    state: Literal["in_danger", "missed", "met"]
    amount: str | None
    because: str
    due_at: AwareDatetime | None  # None while the clock stands still


class CoverView(Wire):
    """An agreement that covers a ticket now. `binds_holder`: whoever holds it, not who reported it."""

    id: str
    version: int
    name: str
    giver: str  # owes what is missed
    receiver: str
    binds_holder: bool
    exposures: tuple[ExposureView, ...]


class PenaltyRow(Wire):
    """`amount` None: the monthly fee is not known; `because` says where it was looked for."""

    reference: str
    agreement_id: str
    version: int
    target: str
    owed_by: str
    owed_to: str
    currency: str
    amount: Decimal | None
    because: str
    late_s: float  # in time of the target's calendar
    missed_at: AwareDatetime
    reckoned_at: AwareDatetime
    settled_at: AwareDatetime | None  # None: it still grows


class PenaltyTotal(Wire):
    owed_by: str
    owed_to: str
    currency: str
    amount: Decimal
    count: int
    unknown: int = 0  # of these, how many have no amount


class PenaltyReport(Wire):
    """Targets that were missed in a month of the operator's time zone."""

    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    zone: str
    totals: tuple[PenaltyTotal, ...]
    rows: tuple[PenaltyRow, ...]


class AgreementList(Wire):
    agreements: tuple[AgreementRow, ...]
