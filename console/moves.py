"""What a person can do with a ticket, in the console's words. Which of it is allowed now, escalation says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from escalation.client import TicketDetail

TEXT_MAX = 8000  # characters escalation takes as a text
REASON_MAX = 2000  # and as a reason


@dataclass(frozen=True, slots=True)
class Move:
    """One way to send the writing box: its tab, its button, and where the written words go."""

    name: str  # of a move of escalation, or one of `BESIDES`
    tab: str
    button: str
    hint: str
    seen_by: Literal["customer", "staff"]
    words: Literal["text", "reason", "none"] = "text"  # which of the two fields of the move carries the words
    words_label: str = ""
    required: bool = True

    def problem_with(self, words: str) -> str:
        """What is wrong with the written words, or ""."""
        if self.required and self.words != "none" and not words:
            return f"Please write first: {self.words_label[:1].lower()}{self.words_label[1:]}."
        limit = REASON_MAX if self.words == "reason" else TEXT_MAX
        return f"Too long: {len(words)} of at most {limit} characters." if len(words) > limit else ""


ACCEPT = Move("accept", "Accept", "Accept ticket", "You take this ticket and answer for it.", "staff", words="none")

COMPOSED: tuple[Move, ...] = (
    Move("reply", "Reply", "Send to customer", "The customer reads this at once.", "customer", words_label="Reply"),
    Move("note", "Internal note", "Save note", "Only staff see this.", "staff", words_label="Internal note"),
    Move(
        "ask_customer",
        "Ask customer",
        "Ask and wait",
        "The customer reads this; the clock stands still until they answer.",
        "customer",
        words_label="Question to the customer",
    ),
    Move(
        "resume",
        "Resume",
        "Resume work",
        "Work goes on and the clock runs.",
        "staff",
        words_label="Remark (may stay empty)",
        required=False,
    ),
    Move(
        "hand_up",
        "Hand up",
        "Hand up",
        "The next tier takes over and reads the reason.",
        "staff",
        words="reason",
        words_label="Why the next tier is needed",
    ),
    Move(
        "hand_back",
        "Hand back",
        "Hand back",
        "The tier before takes over again, with the solution.",
        "staff",
        words_label="The solution, for the tier before",
    ),
    Move(
        "return",
        "Wrongly assigned",
        "Return ticket",
        "The tier before takes over again. Wrong assignments are counted.",
        "staff",
        words="reason",
        words_label="Why it is not for us",
    ),
    Move(
        "hold",
        "Hold",
        "Put on hold",
        "We are blocked. The clock keeps running.",
        "staff",
        words="reason",
        words_label="What we are waiting for",
    ),
    Move(
        "resolve",
        "Resolve",
        "Resolve ticket",
        "The customer reads the solution and the assistant answers again.",
        "customer",
        words_label="Solution, in words for the customer",
    ),
    Move(
        "close",
        "Close",
        "Close ticket",
        "The customer confirmed it, or nobody answered in the stated time.",
        "staff",
        words_label="Remark (may stay empty)",
        required=False,
    ),
    Move(
        "reopen",
        "Reopen",
        "Reopen ticket",
        "The solution did not hold. The same clock runs on.",
        "staff",
        words="reason",
        words_label="Why it is not solved",
    ),
    Move(
        "reject",
        "Reject",
        "Reject ticket",
        "This is not ours to solve.",
        "staff",
        words="reason",
        words_label="Why it is rejected",
    ),
    Move(
        "cancel",
        "Cancel",
        "Cancel ticket",
        "The customer no longer needs it.",
        "staff",
        words="reason",
        words_label="Why it is cancelled",
    ),
)
# What is no move of a ticket, but is written in the same box.
BESIDES: tuple[Move, ...] = (
    Move(
        "whisper",
        "Whisper",
        "Whisper",
        "Pops up at once for the colleague in this ticket. The customer never sees it.",
        "staff",
        words_label="Whisper to the colleague",
    ),
    Move(
        "follow_up_call",
        "Customer called",
        "Record the call",
        "You called to hear whether it holds. Only staff read this.",
        "staff",
        words_label="What the customer said",
    ),
    Move(
        "follow_up_message",
        "Ask whether it holds",
        "Send to customer",
        "The customer gets this by the channel they have.",
        "customer",
        words_label="Message to the customer",
    ),
    Move(
        "tell_everyone",
        "Tell everyone",
        "Send to all",
        "The customers of all tickets that follow this one read it too.",
        "customer",
        words_label="News for all of them",
    ),
)
ALL: Mapping[str, Move] = {move.name: move for move in (ACCEPT, *COMPOSED, *BESIDES)}


def possible(ticket: TicketDetail, username: str) -> list[str]:
    """What this person may do now: the moves that escalation names, and what goes with them."""
    found: list[str] = list(ticket.moves)
    if "note" in ticket.moves and ticket.assignee not in (None, username):
        found.append("whisper")
    if "close" in ticket.moves:  # whoever may close it may hear first whether the solution holds
        found += ["follow_up_call", "follow_up_message"]
    if "reply" in ticket.moves and ticket.followers:
        found.append("tell_everyone")
    return found


def offered(possible: Sequence[str]) -> list[Move]:
    """The tabs of the writing box, in one fixed order."""
    return [move for move in (*COMPOSED, *BESIDES) if move.name in possible]


def chosen(legal: Sequence[str], wanted: str = "") -> str:
    """The tab that is open: the wanted one, else reply, else the first.

    Words meant for staff never slide into a tab the customer reads: a wanted tab that is gone opens the note.
    """
    names = [move.name for move in offered(legal)]
    if wanted in names:
        return wanted
    if wanted and "note" in names:
        return "note"
    return names[0] if names else ""
