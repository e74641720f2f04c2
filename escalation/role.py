"""What each role may see and do: the one table behind the queue, a ticket, its moves and its audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from escalation.ticket import BY_ITSELF, Move

RoleName = Literal[
    "agent",
    "supervisor",
    "corporate_engineer",
    "partner",
    "field_technician",
    "vendor",
    "auditor",
    "administrator",
]

Sees = Literal["all", "corporate", "own"]  # own: accepted by them, or waiting for them; corporate: those as well

_EVERY = frozenset(Move) - BY_ITSELF
# The customer hears nothing of these.
_INSIDE = frozenset({Move.ACCEPT, Move.NOTE, Move.HAND_BACK, Move.RETURN, Move.HOLD, Move.RESUME})
_VISITS = _INSIDE | {Move.REPLY, Move.ASK_CUSTOMER, Move.RESOLVE}
_NONE: frozenset[Move] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a role does not see does not exist for it (escalation/sight.py)."""

    sees: Sees
    personal: bool  # reads personal data as it is; else it is masked (escalation/masking.py)
    transcript: bool  # what was said
    audit: bool  # what happened to the ticket, and who did it
    moves: frozenset[Move]
    leads: bool = False  # works on every ticket, accepted or not, and chooses the priority of any
    reads: bool = False  # who read personal data (escalation/reading.py)
    offered: bool = False  # tickets of their tier are put before them to accept (escalation/offering.py)
    visits: bool = False  # makes technicians' visits (escalation/visits/)
    prioritises: bool = False  # chooses the priority of a ticket they have accepted
    policy: Literal["", "reads", "changes"] = ""  # policy files in the console (escalation/published/)

    @property
    def opens_files(self) -> bool:
        """What is in a customer's file is personal data, and cannot be masked."""
        return self.personal and self.transcript

    @property
    def files(self) -> bool:
        """Whoever may add to a ticket may also file one."""
        return Move.NOTE in self.moves


ROLES: Mapping[RoleName, Role] = {
    "agent": Role(sees="all", personal=True, transcript=True, audit=True, moves=_EVERY, prioritises=True, offered=True),
    "supervisor": Role(
        sees="all",
        personal=True,
        transcript=True,
        audit=True,
        moves=_EVERY,
        leads=True,
        prioritises=True,
        policy="changes",
    ),
    # Looks after corporate customers, and nobody else's tickets.
    "corporate_engineer": Role(
        sees="corporate", personal=True, transcript=True, audit=True, moves=_EVERY, prioritises=True, offered=True
    ),
    # Other companies: what was said is none of theirs, and the customer is not theirs to talk to.
    "partner": Role(sees="own", personal=False, transcript=False, audit=False, moves=_INSIDE, offered=True),
    "vendor": Role(sees="own", personal=False, transcript=False, audit=False, moves=_INSIDE, offered=True),
    # Goes to the customer's door, and so needs the name on it.
    "field_technician": Role(sees="own", personal=True, transcript=True, audit=False, moves=_VISITS, visits=True),
    "auditor": Role(sees="all", personal=False, transcript=True, audit=True, moves=_NONE, reads=True, policy="reads"),
    # Runs the product, not the customers' problems.
    "administrator": Role(sees="all", personal=False, transcript=False, audit=True, moves=_NONE, policy="changes"),
}
