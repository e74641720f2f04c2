"""A ticket's states (TMF621) and the one table of legal moves."""

from collections.abc import Mapping
from enum import StrEnum

from escalation.errors import NotLegal


class Status(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "inProgress"
    PENDING = "pending"  # the customer must answer: the only state in which the clocks stand still
    HELD = "held"  # we are blocked: the clocks run
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class Move(StrEnum):
    ACCEPT = "accept"
    REPLY = "reply"
    NOTE = "note"
    HAND_UP = "hand_up"
    HAND_BACK = "hand_back"  # with the solution
    RETURN = "return"  # wrongly assigned
    HOLD = "hold"
    ASK_CUSTOMER = "ask_customer"
    RESUME = "resume"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    REJECT = "reject"
    CANCEL = "cancel"
    REQUEUE = "requeue"  # made by the watch alone: whoever talked with the customer has gone


_S = Status
OPEN = frozenset({_S.ACKNOWLEDGED, _S.IN_PROGRESS, _S.PENDING, _S.HELD})
FINAL = frozenset({_S.CLOSED, _S.REJECTED, _S.CANCELLED})

# Move -> state it is legal in -> state it leads to. What is not here is refused.
MOVES: Mapping[Move, Mapping[Status, Status]] = {
    Move.ACCEPT: {
        _S.ACKNOWLEDGED: _S.IN_PROGRESS,
        _S.IN_PROGRESS: _S.IN_PROGRESS,
        _S.PENDING: _S.PENDING,
        _S.HELD: _S.HELD,
    },
    Move.REPLY: {_S.IN_PROGRESS: _S.IN_PROGRESS, _S.PENDING: _S.PENDING, _S.HELD: _S.HELD},
    Move.NOTE: {status: status for status in Status},
    Move.HAND_UP: {_S.ACKNOWLEDGED: _S.ACKNOWLEDGED, _S.IN_PROGRESS: _S.IN_PROGRESS, _S.HELD: _S.IN_PROGRESS},
    Move.HAND_BACK: {_S.ACKNOWLEDGED: _S.ACKNOWLEDGED, _S.IN_PROGRESS: _S.IN_PROGRESS, _S.HELD: _S.IN_PROGRESS},
    Move.RETURN: {_S.ACKNOWLEDGED: _S.ACKNOWLEDGED, _S.IN_PROGRESS: _S.IN_PROGRESS, _S.HELD: _S.IN_PROGRESS},
    Move.HOLD: {_S.IN_PROGRESS: _S.HELD},
    Move.ASK_CUSTOMER: {_S.IN_PROGRESS: _S.PENDING},
    Move.RESUME: {_S.PENDING: _S.IN_PROGRESS, _S.HELD: _S.IN_PROGRESS},
    Move.RESOLVE: {_S.IN_PROGRESS: _S.RESOLVED},
    Move.CLOSE: {_S.RESOLVED: _S.CLOSED},
    Move.REOPEN: {_S.RESOLVED: _S.IN_PROGRESS},  # the solution was refused
    Move.REJECT: {_S.ACKNOWLEDGED: _S.REJECTED},
    Move.CANCEL: {_S.ACKNOWLEDGED: _S.CANCELLED, _S.PENDING: _S.CANCELLED},
    Move.REQUEUE: {_S.IN_PROGRESS: _S.IN_PROGRESS, _S.PENDING: _S.IN_PROGRESS, _S.HELD: _S.IN_PROGRESS},
}
BY_ITSELF = frozenset({Move.REQUEUE})  # asked for by nobody

_KEEPS_ASKING = frozenset(
    {Move.REPLY, Move.NOTE, Move.HAND_UP, Move.HAND_BACK, Move.RETURN, Move.REQUEUE}
)  # never meant by a change of state


def legal_moves(status: Status) -> tuple[Move, ...]:
    """That somebody may ask for."""
    return tuple(move for move, states in MOVES.items() if status in states and move not in BY_ITSELF)


def after(status: Status, move: Move) -> Status:
    """The state the move leads to. Raises NotLegal, which names the legal moves."""
    try:
        return MOVES[move][status]
    except KeyError:
        names = ", ".join(legal_moves(status))
        raise NotLegal(f"{move} is not possible while the ticket is {status}; possible now: {names}") from None


def move_between(status: Status, target: Status) -> Move:
    """The move a machine means when it asks for a state. Raises NotLegal, which names the states within reach."""
    reach = {
        to: move
        for move, states in MOVES.items()
        if move not in _KEEPS_ASKING and (to := states.get(status)) is not None and to != status
    }
    if target in reach:
        return reach[target]
    names = ", ".join(sorted(reach)) or "none"
    raise NotLegal(f"a ticket that is {status} cannot become {target}; within reach: {names}")
