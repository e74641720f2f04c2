"""The funnel, against conversations that are counted by hand."""

from datetime import timedelta
from typing import Any

import pytest

from escalation import ledger, reception
from escalation.errors import NotAllowed
from escalation.indicators import funnel
from escalation.indicators.stages import Funnel, FunnelAsked
from escalation.wire import Turn
from tests.escalation.indicators.measured import SUPERVISOR, leaves
from tests.escalation.shift import Shift


async def read(shift: Shift, **asked: Any) -> Funnel:
    return await funnel.read(shift.office, SUPERVISOR, FunnelAsked(**asked))


async def ended(shift: Shift, outcome: Any, *heard: dict[str, Any], channel: Any = "chat") -> None:
    """A conversation in which one thing after the other was said by the assistant."""
    contact_id = await shift.contact(channel)
    for number, about in enumerate(heard):
        shift.watch.advance(seconds=1)
        said = {"contact_id": contact_id, "at": shift.watch()}
        turns = [
            Turn(turn_id=f"t{number}", author="customer", text=f"question {number}", **said),
            Turn(turn_id=f"b{number}", author="bot", text="...", about=about, **said),
        ]
        await reception.record(shift.office, turns)
    await leaves(shift, contact_id, outcome)


def decided(kind: str, number: int = 0) -> dict[str, Any]:
    articles = ["slow-internet"] if kind == "answer" else []
    return {"decision": {"kind": kind, "turn": f"t{number}", "articles": articles}}


async def test_each_stage_is_part_of_the_one_before(shift: Shift) -> None:
    await ended(shift, "dropped")
    await ended(shift, "confirmed_solved", decided("answer"))
    await ended(shift, "unconfirmed", decided("answer"))
    await ended(shift, "unconfirmed", decided("no_answer"))
    await ended(shift, "unconfirmed")  # a bill, say: what comes from the customer's own data
    await ended(shift, "handed_over", decided("answer"))
    await ended(shift, "handed_over", decided("no_answer"))
    await ended(shift, "wanted_person_got_none")
    shift.watch.advance(hours=1)
    while await ledger.write_due(shift.office):
        pass

    found = await read(shift)

    assert (found.ended, found.said_something, found.answered, found.without_person, found.confirmed) == (8, 7, 4, 3, 1)
    assert (found.handed_over, found.wanted_person, found.stayed_away_pct) == (2, 1, None)


async def test_where_they_left_is_the_last_that_was_heard(shift: Shift) -> None:
    menu, step = {"menu": "main"}, {"flow": "wifi-slow", "step": "restart"}
    await ended(shift, "dropped", step, menu, channel="voice")
    await ended(shift, "dropped", menu, channel="voice")
    await ended(shift, "wanted_person_got_none", {}, step)
    await ended(shift, "wanted_person_got_none", {}, {"article": "esim-what-is"})
    await ended(shift, "dropped", {})
    await ended(shift, "dropped")
    await ended(shift, "wanted_person_got_none", {}, {})
    await ended(shift, "unconfirmed", menu, channel="voice")  # was helped, for all one knows

    left = [(one.channel, one.place, one.of, one.step, one.count) for one in (await read(shift)).left]

    assert sorted(left) == [
        ("chat", "article", "esim-what-is", "", 1),
        ("chat", "question", "", "", 1),
        ("chat", "start", "", "", 2),
        ("chat", "step", "wifi-slow", "restart", 1),
        ("voice", "menu", "main", "", 2),
    ]
    assert left[0][-1] == 2  # the most frequent first


async def test_window_and_channel_narrow_it_down(shift: Shift) -> None:
    await ended(shift, "confirmed_solved", decided("answer"), channel="voice")
    shift.watch.at += timedelta(days=2)
    await ended(shift, "dropped")

    assert [(await read(shift, window=window)).ended for window in ("day", "week")] == [1, 2]
    assert (await read(shift, channel="voice")).ended == 1
    assert (await read(shift, channel="voice")).left == ()


async def test_an_agent_sees_no_funnel(shift: Shift) -> None:
    with pytest.raises(NotAllowed):
        await funnel.read(shift.office, "tom.reed", FunnelAsked())
