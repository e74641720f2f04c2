"""Tickets are put before people, one after the other, until somebody has accepted; each exactly once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, update

from escalation import agent_state, offer_round, offering, offers_seen, roster_desk
from escalation.deadlines import fire_due
from escalation.errors import Incomplete, NotLegal
from escalation.records import TicketRecord
from escalation.roster_records import OfferRecord
from escalation.roster_wire import PersonAsked, SpanAsked
from tests.escalation.shift import Shift

P1: dict[str, Any] = {"category": "outage", "service": "down", "affected": "many"}  # begins in level 3
BOTH = ("amira.khan", "tom.reed")  # level 1, every department; Monday 10:00 is in Tom's shift


async def ready(shift: Shift, *usernames: str) -> None:
    for username in usernames:
        await agent_state.enter(shift.office, username, "ready")
        shift.watch.advance(seconds=1)


async def offers(shift: Shift, reference: str) -> list[tuple[str, str | None]]:
    """To whom, and how it ended; the first first."""
    async with shift.office.sessions() as session:
        found = await session.execute(
            select(OfferRecord.username, OfferRecord.outcome)
            .join(TicketRecord, TicketRecord.id == OfferRecord.ticket_id)
            .where(TicketRecord.reference == reference)
            .order_by(OfferRecord.id)
        )
        return [(username, outcome) for username, outcome in found]


async def asked(shift: Shift, reference: str) -> str | None:
    async with shift.office.sessions() as session:
        return await session.scalar(select(TicketRecord.asked).where(TicketRecord.reference == reference))


async def absent(shift: Shift, username: str, substitute: str | None = None) -> None:
    entered = {"kind": "absence", "begins": "2026-11-23T00:00", "ends": "2026-11-25T00:00", "substitute": substitute}
    await roster_desk.add_span(shift.office, "sam.okoye", username, SpanAsked.model_validate(entered))


async def test_a_ticket_is_offered_to_who_has_waited_longest(shift: Shift) -> None:
    await ready(shift, "tom.reed", "amira.khan")
    reference = await shift.ticket()

    await offer_round.advance(shift.office)

    (own,) = await offers_seen.own(shift.office, "tom.reed")
    assert (own.reference, own.priority, (own.due_at - shift.watch()).total_seconds()) == (reference, "P4", 1800)
    assert await offers_seen.own(shift.office, "amira.khan") == []
    assert await asked(shift, reference) == "tom.reed"


async def test_who_has_least_goes_before_who_has_waited_longest(shift: Shift) -> None:
    await ready(shift, *BOTH)
    references = [await shift.ticket() for _ in range(4)]

    await offer_round.advance(shift.office)

    given = [(await offers(shift, reference))[0][0] for reference in references]
    assert sorted(given) == sorted([*BOTH, *BOTH])


async def test_who_does_not_answer_in_time_is_followed_by_the_next_and_then_by_the_responsible_contact(
    shift: Shift,
) -> None:
    await ready(shift, *BOTH)
    reference = await shift.ticket()
    for _ in range(4):
        await offer_round.advance(shift.office)
        shift.watch.advance(minutes=30)

    ticket = await shift.read(reference)
    assert await offers(shift, reference) == [(name, "no_answer") for name in BOTH]
    assert [entry.what for entry in ticket.audit if entry.who == "watch"] == [
        *("offered", "offer_no_answer", "offered", "offer_no_answer"),
        *("nobody left to ask", "responsible"),
    ]
    assert (ticket.assignee, ticket.tier, await asked(shift, reference)) == (None, 1, "amira.khan")
    assert "nobody in your level has accepted it" in (await shift.events("sms"))[-1]["text"]


async def test_accepting_is_an_answer_and_nobody_else_is_asked(shift: Shift) -> None:
    await ready(shift, *BOTH)
    reference = await shift.ticket()
    await offer_round.advance(shift.office)

    await shift.act("amira.khan", reference, "accept")
    await offer_round.advance(shift.office)

    assert await offers(shift, reference) == [("amira.khan", "accepted")]


async def test_anybody_may_still_take_it_from_the_queue_and_the_offer_ends(shift: Shift) -> None:
    await ready(shift, *BOTH)
    reference = await shift.ticket()
    await offer_round.advance(shift.office)

    ticket = await shift.act("tom.reed", reference, "accept")

    assert [(offer.name, offer.outcome) for offer in ticket.offers] == [("Amira Khan", "withdrawn")]
    assert await offers_seen.own(shift.office, "amira.khan") == []


async def test_a_refusal_has_a_reason_and_goes_to_the_next_at_once(shift: Shift) -> None:
    await ready(shift, *BOTH)
    reference = await shift.ticket()
    await offer_round.advance(shift.office)

    with pytest.raises(Incomplete):
        await offering.refuse(shift.office, "amira.khan", reference, " ")
    await offering.refuse(shift.office, "amira.khan", reference, "my shift ends")
    with pytest.raises(NotLegal, match="not on offer to you any more"):
        await offering.refuse(shift.office, "amira.khan", reference, "again")

    ticket = await shift.read(reference)
    assert [(offer.name, offer.outcome, offer.reason) for offer in ticket.offers] == [
        ("Tom Reed", None, ""),
        ("Amira Khan", "refused", "my shift ends"),
    ]


@pytest.mark.parametrize("gone", ["break", "absent"])
async def test_who_goes_away_is_not_waited_for_and_is_asked_anew_when_back(shift: Shift, gone: str) -> None:
    await ready(shift, "amira.khan")
    reference = await shift.ticket()
    await offer_round.advance(shift.office)

    if gone == "break":
        await agent_state.enter(shift.office, "amira.khan", "break")
    else:
        await absent(shift, "amira.khan", "tom.reed")
    await offer_round.advance(shift.office)
    first = await offers(shift, reference)
    shift.watch.advance(days=2)
    await ready(shift, "amira.khan")
    await offer_round.advance(shift.office)

    assert first == [("amira.khan", "off_duty")]
    assert await offers(shift, reference) == [("amira.khan", "off_duty"), ("amira.khan", None)]


async def test_an_absent_persons_substitute_of_another_level_is_asked_and_may_accept(shift: Shift) -> None:
    await absent(shift, "lena.fox", "felix.moreau")
    await ready(shift, "felix.moreau")
    reference = await shift.ticket(category="bill-dispute", segment="gold", affected="many")
    async with shift.office.sessions.begin() as session:
        await session.execute(update(TicketRecord).values(tier=2))
    await offer_round.advance(shift.office)

    assert (await shift.act("felix.moreau", reference, "accept")).assignee == "felix.moreau"
    assert await offers(shift, reference) == [("felix.moreau", "accepted")]


async def test_nothing_waits_on_a_responsible_person_who_is_absent(shift: Shift) -> None:
    before = await shift.ticket(**{**P1, "affected": "several"})
    await offer_round.advance(shift.office)
    first = await asked(shift, before)

    await absent(shift, "lena.fox", "felix.moreau")
    after = await shift.ticket(**{**P1, "affected": "several"})
    for _ in range(2):
        await offer_round.advance(shift.office)

    assert first == "lena.fox"
    assert [await asked(shift, reference) for reference in (before, after)] == ["felix.moreau"] * 2
    assert [entry.why for entry in (await shift.read(before)).audit if entry.what == "responsible"] == ["felix.moreau"]


async def test_nobody_gets_more_than_their_maximum_nor_a_topic_they_cannot_do(shift: Shift) -> None:
    await roster_desk.change(shift.office, "sam.okoye", "amira.khan", PersonAsked(maximum=2))
    await ready(shift, "amira.khan", "tom.reed", "bea.novak")
    plain = [await shift.ticket() for _ in range(5)]
    fraud = await shift.ticket(category="security-fraud")
    async with shift.office.sessions.begin() as session:
        await session.execute(update(TicketRecord).values(tier=1))

    await offer_round.advance(shift.office)

    given = [(await offers(shift, reference))[0][0] for reference in plain]
    assert sorted(given) == ["amira.khan"] * 2 + ["tom.reed"] * 3
    assert await offers(shift, fraud) == [("bea.novak", None)]


async def test_who_fills_up_meanwhile_is_overloaded(shift: Shift) -> None:
    await roster_desk.change(shift.office, "sam.okoye", "amira.khan", PersonAsked(maximum=1))
    await ready(shift, "amira.khan")
    offered = await shift.ticket()
    await offer_round.advance(shift.office)
    await shift.act("amira.khan", await shift.ticket(), "accept")

    await offer_round.advance(shift.office)

    assert await offers(shift, offered) == [("amira.khan", "overloaded")]


async def test_a_ticket_that_comes_to_another_tier_begins_a_new_round_there(shift: Shift) -> None:
    await ready(shift, "amira.khan", "lena.fox")
    reference = await shift.ticket()
    await offer_round.advance(shift.office)
    await shift.act("amira.khan", reference, "accept")
    await shift.act("amira.khan", reference, "hand_up", reason="needs level 2")

    await offer_round.advance(shift.office)

    assert await offers(shift, reference) == [("amira.khan", "accepted"), ("lena.fox", None)]


async def test_who_goes_home_leaves_what_they_have_not_begun_and_keeps_the_rest(shift: Shift) -> None:
    untouched, begun = await shift.ticket(), await shift.ticket()
    talking = (await shift.hand_over(await shift.contact(), live=True)).ticket.reference
    for reference in (untouched, begun, talking):
        await shift.act("tom.reed", reference, "accept")
    await shift.act("tom.reed", begun, "note", text="rang the customer")
    async with shift.office.sessions.begin() as session:
        live = TicketRecord.reference == talking
        await session.execute(update(TicketRecord).where(~live).values(live=False))
    await agent_state.enter(shift.office, "tom.reed", "away")
    shift.watch.advance(hours=6)  # 16:00, after the shift
    await ready(shift, "amira.khan")

    await offer_round.advance(shift.office)

    assert [(await shift.read(reference)).assignee for reference in (untouched, begun, talking)] == [
        *(None, "tom.reed", "tom.reed"),
    ]
    assert await offers(shift, untouched) == [("amira.khan", None)]


async def test_what_is_accepted_outside_the_hours_is_kept(shift: Shift) -> None:
    shift.watch.advance(hours=10)  # 20:00
    reference = await shift.ticket(live=False)
    await shift.act("tom.reed", reference, "accept")
    async with shift.office.sessions.begin() as session:
        await session.execute(update(TicketRecord).values(live=False))
    shift.watch.advance(hours=1)

    await offer_round.advance(shift.office)

    assert (await shift.read(reference)).assignee == "tom.reed"


async def test_a_customer_who_waits_goes_up_when_everybody_here_was_asked(shift: Shift) -> None:
    await ready(shift, *BOTH)
    reference = await shift.ticket(live=True)
    tiers = []
    for _ in range(3):
        await fire_due(shift.office)
        await offer_round.advance(shift.office)
        tiers.append((await shift.read(reference)).tier)
        shift.watch.advance(seconds=60)

    assert tiers == [1, 1, 2]
    assert await offers(shift, reference) == [(name, "no_answer") for name in BOTH]


async def test_two_watches_offer_each_ticket_once_and_fill_nobody_over_the_maximum(shift: Shift) -> None:
    for username in BOTH:
        await roster_desk.change(shift.office, "sam.okoye", username, PersonAsked(maximum=3))
    await ready(shift, *BOTH)
    references = [await shift.ticket() for _ in range(10)]

    for _ in range(2):
        await asyncio.gather(*(offer_round.advance(shift.office) for _ in range(4)))

    made = [await offers(shift, reference) for reference in references]
    assert sorted(len(found) for found in made) == [0] * 4 + [1] * 6
    assert sorted(found[0][0] for found in made if found) == ["amira.khan"] * 3 + ["tom.reed"] * 3


async def test_looking_again_and_again_changes_nothing(shift: Shift) -> None:
    await absent(shift, "amira.khan", "tom.reed")
    await ready(shift, "tom.reed")
    references = [await shift.ticket(), await shift.ticket(live=True), await shift.ticket(**P1)]
    await offer_round.advance(shift.office)
    before = [len((await shift.read(reference)).audit) for reference in references]

    again = [await offer_round.advance(shift.office) for _ in range(3)]

    assert again == [0, 0, 0]
    assert [len((await shift.read(reference)).audit) for reference in references] == before
    async with shift.office.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(OfferRecord)) == 2


@pytest.mark.parametrize(
    ("entered", "complaint"),
    [
        ({"begins": "2026-11-24T09:00", "ends": "2026-11-24T09:00"}, "after the beginning"),
        ({"begins": "2026-11-20T09:00", "ends": "2026-11-21T09:00"}, "over already"),
        ({"begins": "2026-11-24T09:00", "ends": "2028-11-24T09:00"}, "longer than a year"),
        ({"begins": "9999-12-30T09:00", "ends": "9999-12-31T23:59"}, "more than a year"),
        ({"begins": "2026-11-24T09:00", "ends": "2026-11-25T09:00"}, "choose a substitute"),
        ({"begins": "2026-11-24T09:00", "ends": "2026-11-25T09:00", "substitute": "amira.khan"}, "for themselves"),
        ({"begins": "2026-11-24T09:00", "ends": "2026-11-25T09:00", "substitute": "nobody"}, "not in people.yml"),
        (
            {"begins": "2026-11-22T09:00", "ends": "2026-11-25T09:00", "substitute": "tom.reed"},
            "Tom Reed is absent too",
        ),
    ],
)
async def test_what_cannot_be_entered_is_said_in_plain_words(
    shift: Shift, entered: dict[str, Any], complaint: str
) -> None:
    await absent(shift, "tom.reed", "amira.khan")

    with pytest.raises(Incomplete, match=complaint):
        await roster_desk.add_span(
            shift.office, "sam.okoye", "amira.khan", SpanAsked.model_validate({"kind": "absence", **entered})
        )
