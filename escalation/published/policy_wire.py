"""What crosses the door about policy files: versions, proposals, what a text would do, decisions."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from escalation.storable import Wire

State = Literal["open", "accepted", "rejected", "withdrawn"]
LONGEST = 100_000  # characters of a file; the longest that ships has 15,000
PolicyText = Annotated[str, Field(max_length=LONGEST)]
Reason = Annotated[str, Field(max_length=2000)]


class VersionRow(Wire):
    """`number` 0: as it is installed, and never published here."""

    number: int
    at: AwareDatetime | None = None
    by: str | None = None  # name of who proposed it; None: nobody, it was installed
    why: str = ""
    decided_by: str | None = None
    because: str = ""
    alone: bool = False  # the proposer decided, as an administrator may with a reason


class ProposalRow(Wire):
    id: int
    file: str
    by: str
    at: AwareDatetime
    why: str
    state: State
    moved: bool = False  # the text it was written on is no longer in force
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    because: str = ""


class FileRow(Wire):
    file: str
    says: str
    version: VersionRow
    differs: bool  # the installed file has a text that was never in force here


class LeftOut(Wire):
    file: str
    because: str


class PolicyOverview(Wire):
    files: tuple[FileRow, ...]
    left_out: tuple[LeftOut, ...]
    proposals: tuple[ProposalRow, ...]  # open ones, the oldest first
    may_change: bool


class PolicyFile(Wire):
    """`base` names the text: who proposes another one says which one it was written on."""

    row: FileRow
    text: str
    base: str
    versions: tuple[VersionRow, ...]  # the newest first
    proposals: tuple[ProposalRow, ...]  # the newest first, decided ones too
    may_change: bool


class VersionText(Wire):
    number: int
    text: str


class CheckAsked(Wire):
    text: PolicyText


class ProposeAsked(Wire):
    text: PolicyText
    base: str = Field(max_length=64)
    why: Reason
    replaces: int | None = None  # an own open proposal, which is withdrawn


class RebaseAsked(Wire):
    text: PolicyText
    base: str = Field(max_length=64)


class RuleAsked(Wire):
    because: Reason = ""
    alone: bool = False  # accept one's own


class FaultView(Wire):
    file: str
    line: int | None
    words: str
    text: str  # of that line


class Change(Wire):
    """`what`: priority, queue, level, or the name of a clock; then `was` and `now` are instants in ISO 8601, or empty
    where there is no such clock.
    """

    what: str
    was: str
    now: str


class Example(Wire):
    reference: str
    changes: tuple[Change, ...]


class Effect(Wire):
    """How many open tickets would begin otherwise, if they opened now. `looked_at`: the newest ones."""

    open: int
    looked_at: int
    changed: int
    priority: int
    queue: int
    level: int
    deadline: int
    examples: tuple[Example, ...]


class Checked(Wire):
    """`text`: as it would be stored. `effect`: None when it has faults."""

    text: str
    faults: tuple[FaultView, ...]
    in_force: str
    base: str  # of `in_force`
    effect: Effect | None


class ProposalView(Wire):
    """`checked`: as things are now, of an open one; `effect`: as it was when it was accepted."""

    row: ProposalRow
    base: str  # of the text it was written on
    base_text: str
    text: str
    checked: Checked | None
    effect: Effect | None
    may_decide: bool
    may_decide_alone: bool
    may_withdraw: bool


class Stored(Wire):
    id: int


class Rebased(Wire):
    """The same changes on the text that is in force. `conflicts`: places where both changed the same."""

    text: str
    base: str
    conflicts: int
