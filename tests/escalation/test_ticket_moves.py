"""The table of moves."""

import pytest

from escalation.errors import NotLegal
from escalation.ticket import FINAL, MOVES, Move, Status, after, legal_moves, move_between

# TMF621 v4.0.0, "Trouble Ticket state machine"
TMF621 = {
    ("acknowledged", "inProgress"),
    ("acknowledged", "rejected"),
    ("acknowledged", "cancelled"),
    ("inProgress", "pending"),
    ("inProgress", "held"),
    ("inProgress", "resolved"),
    ("pending", "inProgress"),
    ("pending", "cancelled"),
    ("held", "inProgress"),
    ("resolved", "closed"),
    ("resolved", "inProgress"),
}


def test_states_change_as_tmf621_says_and_in_no_other_way() -> None:
    changes = {(str(a), str(b)) for states in MOVES.values() for a, b in states.items() if a is not b}

    assert changes == TMF621


def test_every_move_has_its_row() -> None:
    assert set(MOVES) == set(Move)


@pytest.mark.parametrize("status", sorted(FINAL))
def test_after_the_end_only_a_note_is_possible(status: Status) -> None:
    assert legal_moves(status) == (Move.NOTE,)


def test_a_refusal_names_what_is_possible() -> None:
    with pytest.raises(NotLegal, match="possible now: accept, reply, note, resume, cancel") as refused:
        after(Status.PENDING, Move.RESOLVE)

    assert refused.value.status == 409


@pytest.mark.parametrize(
    ("status", "target", "move"),
    [
        (Status.ACKNOWLEDGED, Status.IN_PROGRESS, Move.ACCEPT),
        (Status.HELD, Status.IN_PROGRESS, Move.RESUME),
        (Status.PENDING, Status.IN_PROGRESS, Move.RESUME),
        (Status.RESOLVED, Status.IN_PROGRESS, Move.REOPEN),
        (Status.IN_PROGRESS, Status.PENDING, Move.ASK_CUSTOMER),
    ],
)
def test_a_state_asked_for_is_understood_as_a_move(status: Status, target: Status, move: Move) -> None:
    assert move_between(status, target) is move


def test_a_state_out_of_reach_is_refused() -> None:
    with pytest.raises(NotLegal, match="within reach: cancelled, inProgress, rejected"):
        move_between(Status.ACKNOWLEDGED, Status.CLOSED)
