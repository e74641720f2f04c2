"""The words for times and codes."""

from datetime import UTC, datetime, timedelta

import pytest

from console import view
from console.timeline import entries, tried
from tests.console.morning import CHARGED, tickets

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left_s", "share", "words", "tone"),
    [
        (None, 1.0, "No clock running", "still"),
        (7500, 0.9, "2 h 5 min left", "calm"),
        (7200, 0.25, "2 h left", "warn"),
        (59, 0.01, "under 1 min left", "warn"),
        (0, 0.0, "under 1 min left", "warn"),
        (-720, 0.0, "12 min late", "late"),
        (273600, 0.8, "3 d 4 h left", "calm"),
    ],
)
def test_a_clock_is_said_in_words_and_tone(left_s: int | None, share: float, words: str, tone: str) -> None:
    assert view.time_left(left_s, share) == view.TimeLeft(words, tone)  # type: ignore[arg-type]


def test_codes_become_words() -> None:
    assert view.name_of("bill-dispute") == "Bill dispute"
    assert view.name_of("sim") == "SIM"


def test_what_was_said_and_noted_stands_in_order_of_time() -> None:
    ticket = next(ticket for ticket in tickets(NOW) if ticket.reference == CHARGED)

    listed = entries(list(reversed(ticket.turns)), ticket.notes)

    assert [entry.at for entry in listed] == sorted(entry.at for entry in listed)
    assert {entry.kind for entry in listed} == {"bot", "customer", "agent", "note"}


def test_an_entry_keeps_its_key_when_more_is_said() -> None:
    ticket = tickets(NOW)[0]
    late = ticket.turns[0].model_copy(update={"turn_id": "late", "at": NOW - timedelta(minutes=30)})

    before = {entry.key for entry in entries(ticket.turns, ticket.notes)}
    after = {entry.key for entry in entries([*ticket.turns, late], ticket.notes)}

    assert before < after
    assert len(after) == len(before) + 1


def test_a_reply_is_one_entry_before_and_after_the_customers_window_shows_it() -> None:
    ticket = next(ticket for ticket in tickets(NOW) if ticket.reference == CHARGED)
    public = ticket.notes[-1]
    shown = ticket.turns[0].model_copy(update={"turn_id": "r1", "author": "agent", "text": public.text, "at": NOW})

    (before,) = [entry for entry in entries(ticket.turns, ticket.notes) if entry.kind == "agent"]
    (after,) = [entry for entry in entries([*ticket.turns, shown], ticket.notes) if entry.kind == "agent"]

    assert before.key == after.key
    assert (before.shown, after.shown) == (False, True)


def test_an_internal_note_never_stands_for_a_turn_of_the_same_words() -> None:
    ticket = next(ticket for ticket in tickets(NOW) if ticket.reference == CHARGED)
    internal = ticket.notes[0]
    said = ticket.turns[0].model_copy(update={"turn_id": "r1", "author": "agent", "text": internal.text, "at": NOW})

    listed = entries([*ticket.turns, said], ticket.notes)

    assert [entry.kind for entry in listed if entry.text == internal.text] == ["note", "agent"]


def test_what_the_assistant_went_by_is_said_for_people() -> None:
    assert tried({"article": "wifi-drops", "confidence": 0.914}) == ["Article: wifi-drops, 91% sure"]
    assert tried({"flow": "broadband-slow", "step": "restart_router"}) == ["Steps: Broadband slow, restart router"]
    assert tried({"recognition": 0.61}) == ["Heard, 61% sure"]
    assert tried({"confidence": "odd", "unknown": 1}) == []
