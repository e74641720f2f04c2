"""Self-service, against conversations that are counted by hand."""

from typing import Any

from escalation import ledger, reception
from escalation.wire import Turn
from tests.escalation.indicators.measured import figure, leaves, samples, waits
from tests.escalation.shift import Shift

CALLER, OTHER = "+447700900123", "+447700900999"


async def ended(shift: Shift, outcome: Any, *, caller: str | None = None) -> None:
    await leaves(shift, await shift.contact("voice" if caller else "chat", caller=caller), outcome)


async def test_the_four_figures_stand_side_by_side(shift: Shift) -> None:
    for outcome in ("confirmed_solved", "unconfirmed", "unconfirmed", "wanted_person_got_none", "dropped"):
        await ended(shift, outcome)
    await shift.hand_over(contact_id := await shift.contact())
    await leaves(shift, contact_id, "handed_over")

    shares = {key: (await figure(shift, key)).value for key in ("contained", "confirmed", "wrongly_contained")}

    assert shares == {"contained": 60.0, "confirmed": 20.0, "wrongly_contained": 20.0}  # of 5: nothing asked in one
    assert (await figure(shift, "stayed_away")).value is None  # nobody who can be recognised


async def test_who_waits_in_vain_is_wrongly_contained(shift: Shift) -> None:
    contact_id, _ = await waits(shift)
    shift.watch.advance(minutes=5)
    await leaves(shift, contact_id)

    assert (await figure(shift, "wrongly_contained")).value == 100.0
    assert (await figure(shift, "contained")).value == 0.0


async def test_stayed_away_is_known_a_week_later(shift: Shift) -> None:
    await ended(shift, "unconfirmed", caller=CALLER)
    await ended(shift, "confirmed_solved", caller=OTHER)
    await ended(shift, "unconfirmed")
    shift.watch.advance(days=6)
    assert (await figure(shift, "stayed_away")).value is None
    chat = await shift.contact()
    await shift.hand_over(chat, reachable="07700 900123")  # the first caller, in a chat
    shift.watch.advance(days=1, hours=1)

    found = await figure(shift, "stayed_away")

    assert (found.value, found.count) == (50.0, 2)


async def test_a_caller_who_got_a_person_does_not_count_as_helped_without_one(shift: Shift) -> None:
    contact_id = await shift.contact("voice", caller=CALLER)
    await shift.hand_over(contact_id)
    await leaves(shift, contact_id, "handed_over")
    shift.watch.advance(days=8)

    assert (await figure(shift, "stayed_away")).value == 0.0


async def test_channels_are_told_apart(shift: Shift) -> None:
    await ended(shift, "confirmed_solved", caller=CALLER)
    await ended(shift, "unconfirmed")

    assert (await figure(shift, "confirmed", channel="voice")).value == 100.0
    assert (await figure(shift, "confirmed", channel="chat")).value == 0.0


async def test_what_was_not_answered_or_understood_has_its_questions_behind_it(shift: Shift) -> None:
    contact_id = await shift.contact("voice", caller=CALLER)
    for number, kind in enumerate(("no_answer", "answer", "answer")):
        shift.watch.advance(seconds=1)
        said = {"contact_id": contact_id, "at": shift.watch()}
        about: Any = {"decision": {"kind": kind, "turn": f"t{number}"}}
        turns = [
            Turn(turn_id=f"t{number}", author="customer", text=f"question {number}", **said),
            Turn(turn_id=f"b{number}", author="bot", text="...", about=about, **said),
        ]
        await reception.record(shift.office, turns)
    silence = Turn(
        contact_id=contact_id, turn_id="n", author="system", text="-", at=shift.watch(), about={"miss": "no_input"}
    )
    await reception.record(shift.office, [silence])
    await leaves(shift, contact_id)
    await ledger.write_due(shift.office)
    shift.watch.advance(minutes=1)

    found = await figure(shift, "not_understood")

    assert (found.value, found.count) == (50.0, 4)  # one question and one silence, of 4
    assert "question 0" in [sample.words for sample in await samples(shift, "not_understood")][:2]
