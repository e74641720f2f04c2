"""The moves that bring a ticket to the state the other system has it in. Pure."""

from escalation.errors import NotLegal
from escalation.ticket import Move, Status, move_between

_ON_THE_WAY = (Status.IN_PROGRESS, Status.RESOLVED)  # what the other system may have passed through unseen


def moves_to(status: Status, target: Status) -> list[Move]:
    """In order, none for the state it is in; at most one through each of "in progress" and "resolved".

    Raises NotLegal when there is no such way: nothing is asked of a customer, or cancelled, only to get there.
    """
    if status is target:
        return []
    ways = [(), *((by,) for by in _ON_THE_WAY), _ON_THE_WAY]
    for way in ways:
        if (moves := _along(status, [*way, target])) is not None:
            return moves
    move_between(status, target)  # raises: says what is within reach
    return []


def _along(status: Status, way: list[Status]) -> list[Move] | None:
    moves = []
    for state in way:
        try:
            moves.append(move_between(status, state))
        except NotLegal:
            return None
        status = state
    return moves
