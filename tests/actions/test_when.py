"""actions.when: times and references in plain words."""

from datetime import UTC, datetime, timedelta

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn
from actions.when import by_when, spelled
from tests.actions.shown import WORDING
from tests.actions.world import CONTACT, NOW, Talk


def turn() -> Turn:
    tracker = Tracker(CONTACT.hex, {}, {}, [], False, None, {}, None)
    return Turn(Talk()._tools(), CollectingDispatcher(), tracker, WORDING)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW + timedelta(hours=2), "16:00 today"),
        (NOW + timedelta(hours=20), "10:00 tomorrow"),
        (NOW + timedelta(days=4), "14:00 on Friday 27 November"),
        (datetime(2026, 7, 1, 12, 0, tzinfo=UTC), "13:00 on Wednesday 1 July"),  # summer time
    ],
)
def test_a_deadline_in_the_operators_time_zone(at: datetime, words: str) -> None:
    assert by_when(turn(), at) == words


def test_a_reference_is_spelled_digit_by_digit() -> None:
    assert spelled("FL-48317264") == "F L, 4 8 3 1, 7 2 6 4"
