"""What people may do with a ticket, and what follows from it."""

from datetime import timedelta

import pytest

from escalation.errors import Incomplete, NotAllowed, NotFound, NotLegal, Outdated
from tests.escalation.shift import MONDAY_10, Shift

LIVE = "escalation:live:chat"


async def test_whoever_accepts_is_responsible_and_the_response_is_in_time(shift: Shift) -> None:
    reference = await shift.ticket()
    shift.watch.advance(minutes=5)

    ticket = await shift.act("amira.khan", reference, "accept")

    assert (ticket.status, ticket.assignee, ticket.agent_name) == ("inProgress", "amira.khan", "Amira Khan")
    assert {clock.name: clock.state for clock in ticket.clocks} == {
        **{"acknowledge": "met", "respond": "met"},
        **{"update": "running", "resolve": "running", "tier": "running"},
    }


async def test_two_agents_never_overwrite_each_other(shift: Shift) -> None:
    reference = await shift.ticket()
    seen = (await shift.read(reference)).version
    await shift.act("amira.khan", reference, "accept", version=seen)

    with pytest.raises(Outdated):
        await shift.act("tom.reed", reference, "accept", version=seen)


async def test_a_move_that_the_state_does_not_allow_names_the_legal_ones(shift: Shift) -> None:
    reference = await shift.ticket()

    with pytest.raises(NotLegal, match="possible now: accept, note"):
        await shift.act("amira.khan", reference, "close")


async def test_a_ticket_is_accepted_before_anything_else(shift: Shift) -> None:
    reference = await shift.ticket()

    assert (await shift.read(reference, "amira.khan")).moves == ["accept", "note"]


async def test_nobody_works_on_a_colleagues_ticket_but_the_supervisor(shift: Shift) -> None:
    reference = await shift.ticket()
    await shift.act("amira.khan", reference, "accept")

    with pytest.raises(NotAllowed):
        await shift.act("tom.reed", reference, "resolve")
    assert (await shift.act("sam.okoye", reference, "resolve", text="done")).status == "resolved"


async def test_a_billing_agent_does_not_get_faults(shift: Shift) -> None:
    reference = await shift.ticket(category="broadband-down")

    assert (await shift.read(reference, "bea.novak")).moves == []


async def test_level_one_cannot_take_what_starts_in_level_three(shift: Shift) -> None:
    reference = await shift.ticket(category="outage", service="down", affected="many")

    assert (await shift.read(reference, "amira.khan")).moves == []
    assert "accept" in (await shift.read(reference, "felix.moreau")).moves


async def test_a_stranger_may_nothing(shift: Shift) -> None:
    reference = await shift.ticket()

    with pytest.raises(NotAllowed):
        await shift.act("mallory", reference, "accept", version=1)


async def test_an_unknown_ticket_is_not_found(shift: Shift) -> None:
    with pytest.raises(NotFound):
        await shift.read("FL-00000000")


@pytest.mark.parametrize("move", ["reply", "ask_customer", "hand_up", "hold"])
async def test_words_are_asked_for_where_they_matter(shift: Shift, move: str) -> None:
    reference = await shift.ticket()
    await shift.act("amira.khan", reference, "accept")

    with pytest.raises(Incomplete):
        await shift.act("amira.khan", reference, move)
    assert (await shift.read(reference)).status == "inProgress"


async def test_the_clock_stands_still_only_while_the_customer_must_answer(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, category="bill-dispute")).ticket.reference
    due_at = (await shift.act("bea.novak", reference, "accept")).resolve_by
    await shift.act("bea.novak", reference, "hold", reason="waiting for a colleague")
    shift.watch.advance(hours=1)
    await shift.act("bea.novak", reference, "resume")
    held = (await shift.read(reference)).resolve_by
    await shift.act("bea.novak", reference, "ask_customer", text="Which month?")
    pending = (await shift.read(reference)).resolve_by
    shift.watch.advance(hours=2)

    await shift.says(contact_id, "May")

    ticket = await shift.read(reference)
    assert due_at is not None
    assert (held, pending, ticket.status) == (due_at, None, "inProgress")
    assert ticket.resolve_by == due_at + timedelta(hours=2)


async def test_reopening_goes_on_with_the_same_clock(shift: Shift) -> None:
    reference = await shift.ticket(category="outage", service="down", affected="many")  # P1: 4 h round the clock
    await shift.act("felix.moreau", reference, "accept")
    shift.watch.advance(hours=3)
    await shift.act("felix.moreau", reference, "resolve", text="The mast is up")
    shift.watch.advance(hours=10)

    ticket = await shift.act("felix.moreau", reference, "reopen", reason="still no signal")

    assert ticket.resolve_by == shift.watch() + timedelta(hours=1)


async def test_a_solution_too_late_stays_missed(shift: Shift) -> None:
    reference = await shift.ticket(category="outage", service="down", affected="many")
    await shift.act("felix.moreau", reference, "accept")
    shift.watch.advance(hours=5)

    ticket = await shift.act("felix.moreau", reference, "resolve")

    states = {clock.name: clock.state for clock in ticket.clocks}
    assert (states["respond"], states["resolve"]) == ("met", "missed")


async def test_a_ticket_goes_up_with_what_was_found_and_comes_back_with_the_solution(shift: Shift) -> None:
    reference = await shift.ticket(category="broadband-slow")
    await shift.act("amira.khan", reference, "accept")
    up = await shift.act("amira.khan", reference, "hand_up", reason="line test is fine, needs a look")
    await shift.act("lena.fox", reference, "accept")

    back = await shift.act("lena.fox", reference, "hand_back", text="Reset the profile to 40 Mbit/s")

    assert (up.tier, up.assignee, up.next_contact) == (2, None, "Felix Moreau")
    assert (back.tier, back.assignee) == (1, None)
    assert [(note.author, note.public) for note in back.notes] == [("Amira Khan", False), ("Lena Fox", False)]


async def test_the_customer_hears_replies_and_never_notes(shift: Shift) -> None:
    reference = await shift.ticket(live=True)
    await shift.act("amira.khan", reference, "accept")
    await shift.act("amira.khan", reference, "note", text="sounds annoyed")
    await shift.act("amira.khan", reference, "reply", text="Hello, this is Amira")
    await shift.act("amira.khan", reference, "resolve", text="Glad it works")

    heard = [(event["kind"], event["text"], event["ticket"]["status"]) for event in await shift.events(LIVE)]

    assert heard == [
        ("accepted", None, "inProgress"),
        ("message", "Hello, this is Amira", "inProgress"),
        ("resolved", "Glad it works", "resolved"),
    ]


async def test_a_live_customer_who_is_handed_up_waits_again(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    await shift.act("amira.khan", reference, "accept")

    await shift.act("amira.khan", reference, "hand_up", reason="needs a technician")

    last = (await shift.events(LIVE))[-1]
    assert (last["kind"], last["queue_position"], last["ticket"]["tier"]) == ("queue", 1, 2)


async def test_every_change_is_audited(shift: Shift) -> None:
    reference = await shift.ticket()
    await shift.act("amira.khan", reference, "accept")
    await shift.act("amira.khan", reference, "hold", reason="part on order")

    audit = (await shift.read(reference)).audit

    assert [(entry.who, entry.what, entry.why) for entry in audit[2:]] == [
        ("amira.khan", "accept", ""),
        ("amira.khan", "hold", "part on order"),
    ]
    assert audit[0].what == "opened"
    assert all(entry.at == MONDAY_10 for entry in audit)
