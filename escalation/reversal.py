"""What somebody may take back for a short time, and why nothing else can be: the one table of it. Pure.

A change is taken back by another change from now on; nothing is erased. So it must be one that the states and clocks
lead back from, and that no customer has heard of.

The clocks of a change that was taken back: what they did between the two counts as they did it. A hold never stops
them. Between a resume and its undoing they ran, and that time is used up. A priority that is taken back leaves each
clock with its former target, less all that was used; what fired or was missed in between stays so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation.errors import NotAllowed, NotLegal
from escalation.ticket import Move

PRIORITISED, TRANSFERRED, LINKED = "prioritised", "transferred", "linked"  # changes that are no move, as the audit says

# As the audit names it, when it is taken back. A change that told the customer something keeps nothing to go back to:
# a priority with a new promise, another department for one who waits in the conversation.
UNDONE: Mapping[str, str] = {
    Move.HOLD: "hold_undone",
    Move.RESUME: "resume_undone",
    PRIORITISED: "prioritised_undone",
    TRANSFERRED: "transferred_undone",
    LINKED: "linked_undone",
}
STANDS: Mapping[Move, str] = {
    Move.ACCEPT: "the customer sees who serves them, and the promise to answer is kept with it",
    Move.REPLY: "the customer has read it",
    Move.NOTE: "notes are only added to",
    Move.HAND_UP: "the next tier's clock and agreement have begun; they hand it back",
    Move.HAND_BACK: "the tier's clock and agreement have begun; they hand it up",
    Move.RETURN: "the tier's clock and agreement have begun; they hand it up",
    Move.ASK_CUSTOMER: "the customer has read it",
    Move.RESOLVE: "the customer has read it; it is reopened",
    Move.CLOSE: "the customer has read it",
    Move.REOPEN: "the clocks run again and the customer is owed an update; it is resolved again",
    Move.REJECT: "no move leads out of a final state",
    Move.CANCEL: "no move leads out of a final state",
    Move.REQUEUE: "nobody made it",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A change that keeps what was before it, and that is the ticket's newest one."""

    what: str  # a key of `UNDONE`
    who: str
    at: datetime

    def until(self, within: timedelta) -> datetime:
        return self.at + within


def check(change: Change | None, username: str, now: datetime, within: timedelta) -> Change:
    """The change, when this person may take it back now as far as time and maker go. Raises NotLegal or NotAllowed."""
    if change is None:
        raise NotLegal("the newest change of this ticket cannot be undone")
    if change.who != username:
        raise NotAllowed("only who made a change can undo it")
    if now >= change.until(within):
        raise NotLegal(f"this could be undone for {int(within.total_seconds())} seconds, and they have passed")
    return change
