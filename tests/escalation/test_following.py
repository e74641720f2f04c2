"""What happens to a ticket reaches the customers of those that follow it, each once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from escalation import following, intake, kinship, reception, register
from escalation.deadlines import fire_due
from escalation.errors import NotAllowed, NotFound, NotLegal, Outdated
from escalation.kind import Kind
from escalation.kind_wire import FileAsked, LinkAsked, NewsAsked, UnlinkAsked
from escalation.relation import Relation
from tests.escalation.shift import MONDAY_10, Shift

LIVE = "escalation:live:chat"
BOSS = "sam.okoye"


async def linked(shift: Shift, one: str, relation: str, to: str, who: str = BOSS) -> None:
    asked = LinkAsked(relation=Relation(relation), to=to, version=(await shift.read(one)).version)
    await kinship.link(shift.office, who, one, asked)


async def news(shift: Shift, reference: str, text: str) -> None:
    asked = NewsAsked(text=text, version=(await shift.read(reference)).version)
    await kinship.tell_everyone(shift.office, BOSS, reference, asked)


async def passed_on(shift: Shift) -> None:
    while await following.pass_on(shift.office):
        pass


async def by_sms(shift: Shift, number: int, **known: Any) -> str:
    """A ticket of a customer who has gone and left a telephone number."""
    contact_id = await shift.contact()
    ticket = (await shift.hand_over(contact_id, reachable=f"+44770090010{number}", **known)).ticket
    await reception.finish_contact(shift.office, contact_id, "handed_over")
    return ticket.reference


async def texts(shift: Shift, about: str) -> list[tuple[str, str]]:
    """Who got a text message that says this, in order of the numbers."""
    return sorted((sms["to"], sms["text"]) for sms in await shift.events("sms") if about in sms["text"])


async def test_news_of_a_major_incident_reach_every_customer_by_their_channel_once(shift: Shift) -> None:
    major, gone, duplicate, here = await shift.ticket(), await by_sms(shift, 1), await by_sms(shift, 2), None
    here = await shift.ticket()
    await linked(shift, duplicate, "duplicate-of", gone)
    await linked(shift, gone, "child-of", major)
    await linked(shift, here, "child-of", major)

    await news(shift, major, "A cable is cut; we are digging.")
    await asyncio.gather(*(passed_on(shift) for _ in range(3)))

    told = await texts(shift, "digging")
    assert [to for to, _ in told] == ["+447700900101", "+447700900102"]
    assert f"about ticket {gone}" in told[0][1]
    heard = [event["ticket"]["reference"] for event in await shift.events(LIVE) if event["kind"] in {"message", "news"}]
    assert sorted(heard) == sorted([major, here])
    for reference in (gone, duplicate, here):
        ticket = await shift.read(reference)
        assert [note.text for note in ticket.notes] == ["A cable is cut; we are digging."]
        assert [entry.what for entry in ticket.audit].count("told") == 1


async def test_resolving_the_parent_resolves_what_follows_it_and_asks_all(shift: Shift) -> None:
    major, held, new, asked = [await by_sms(shift, number) for number in range(4)]
    for reference, move in ((held, "hold"), (asked, "ask_customer")):
        await shift.act(BOSS, reference, "accept")
        await shift.act(BOSS, reference, move, text="wait", reason="wait")
    for reference in (held, new, asked):
        await linked(shift, reference, "child-of", major)
    await shift.act(BOSS, major, "accept")

    await shift.act(BOSS, major, "resolve", text="The cable is mended")
    await asyncio.gather(*(passed_on(shift) for _ in range(3)))

    tickets = [await shift.read(reference) for reference in (held, new, asked)]
    assert [(ticket.status, ticket.last_public_note) for ticket in tickets] == [("resolved", "The cable is mended")] * 3
    assert [to[-1] for to, _ in await texts(shift, "has been solved. If it is not, contact us")] == ["0", "1", "2", "3"]
    assert f"with {major}" in [entry.why for entry in tickets[0].audit]


async def test_a_wish_is_counted_and_everyone_who_asked_is_answered(shift: Shift) -> None:
    first, second, other = [await by_sms(shift, number, category="feature-request") for number in range(3)]
    shift.watch.advance(hours=1)
    third = await by_sms(shift, 3, category="feature-request")
    await linked(shift, second, "same-wish-as", first)
    await linked(shift, third, "same-wish-as", first)

    groups = [(group.reference, group.count, group.last_at) for group in await register.wishes(shift.office)]
    await shift.act(BOSS, first, "accept")
    with pytest.raises(NotLegal, match="everyone who asked"):
        await shift.act(BOSS, first, "resolve")
    await shift.act(BOSS, first, "resolve", text="It comes in March")
    await passed_on(shift)

    assert groups == [(first, 3, MONDAY_10 + timedelta(hours=1)), (other, 1, MONDAY_10)]
    answered = [(await shift.read(reference)).last_public_note for reference in (first, second, third, other)]
    assert answered == ["It comes in March"] * 3 + [None]


async def test_what_a_window_caused_is_told_of_it_and_not_resolved_with_it(shift: Shift) -> None:
    form = {"starts_at": MONDAY_10.isoformat(), "ends_at": (MONDAY_10 + timedelta(hours=2)).isoformat()}
    asked = FileAsked(kind=Kind.PLANNED_MAINTENANCE, problem="New software", form=form)
    window = await intake.file(shift.office, BOSS, asked)
    caused = await by_sms(shift, 1)
    await linked(shift, caused, "caused-by", window)
    await shift.act(BOSS, window, "accept")

    await shift.act(BOSS, window, "resolve", text="The maintenance is over")
    await passed_on(shift)

    assert (await shift.read(caused)).status == "acknowledged"
    assert len(await texts(shift, "The maintenance is over")) == 1


async def test_a_reply_to_one_customer_is_not_told_to_the_others(shift: Shift) -> None:
    major, child = await shift.ticket(), await by_sms(shift, 1)
    await linked(shift, child, "child-of", major)
    await shift.act(BOSS, major, "accept")

    await shift.act(BOSS, major, "reply", text="Dear Mrs Ash, your order is here")
    await passed_on(shift)

    assert (await shift.read(child)).notes == []


async def test_what_has_ended_or_is_unlinked_hears_nothing_more(shift: Shift) -> None:
    major, ended, unlinked = await shift.ticket(), await by_sms(shift, 1), await by_sms(shift, 2)
    for reference in (ended, unlinked):
        await linked(shift, reference, "child-of", major)
    await shift.act(BOSS, ended, "cancel", reason="not needed")
    version = (await shift.read(unlinked)).version
    await kinship.unlink(shift.office, BOSS, unlinked, UnlinkAsked(reason="another fault", version=version))

    await news(shift, major, "Half is up")
    await passed_on(shift)

    assert [(await shift.read(reference)).notes for reference in (ended, unlinked)] == [[], []]


async def test_both_tickets_tell_of_their_relation_and_who_made_it(shift: Shift) -> None:
    parent, child = await shift.ticket(), await shift.ticket()

    await linked(shift, child, "child-of", parent)

    one, other = await shift.read(child), await shift.read(parent)
    assert [(link.words, link.reference) for link in one.relations] == [("child of major incident", parent)]
    assert [(link.words, link.reference, other.followers) for link in other.relations] == [("child", child, 1)]
    assert (one.version, other.version) == (2, 2)
    assert [(line.who, line.what) for line in (one.audit[-1], other.audit[-1])] == [(BOSS, "linked")] * 2


async def test_a_link_is_refused_to_whoever_does_not_work_on_it_or_saw_an_old_version(shift: Shift) -> None:
    one, other = await shift.ticket(category="broadband-down"), await shift.ticket()
    asked = LinkAsked(relation=Relation.CHILD_OF, to=other, version=1)

    with pytest.raises(NotAllowed):
        await kinship.link(shift.office, "bea.novak", one, asked)
    with pytest.raises(Outdated):
        await kinship.link(shift.office, BOSS, one, asked.model_copy(update={"version": 2}))
    with pytest.raises(NotFound):
        await kinship.link(shift.office, BOSS, one, asked.model_copy(update={"to": "FL-10000000"}))
    assert (await shift.read(one)).relations == ()


async def test_two_who_link_two_tickets_to_each_other_make_no_circle(shift: Shift) -> None:
    one, other = await shift.ticket(), await shift.ticket()

    tried = await asyncio.gather(
        linked(shift, one, "duplicate-of", other),
        linked(shift, other, "duplicate-of", one),
        return_exceptions=True,
    )

    assert len([error for error in tried if isinstance(error, NotLegal | Outdated)]) == 1
    assert tried.count(None) == 1


async def test_nobody_is_warned_of_a_ticket_that_is_worked_on_in_another(shift: Shift) -> None:
    major, child = await shift.ticket(), await shift.ticket(category="broadband-down", service="down")
    await linked(shift, child, "child-of", major)
    tier = (await shift.read(child)).tier
    shift.watch.advance(days=9)

    await fire_due(shift.office)

    ticket = await shift.read(child)
    states = {clock.name: clock.state for clock in ticket.clocks}
    assert (ticket.tier, states["respond"], states["resolve"]) == (tier, "missed", "missed")
    assert not [entry for entry in ticket.audit if entry.who == "watch"]
    assert [entry for entry in (await shift.read(major)).audit if entry.who == "watch"]
