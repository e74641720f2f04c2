"""Planned maintenance: announced before it begins, spared by the clocks, followed when it is moved or called off."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from escalation import audit, intake, kinship, reception
from escalation.errors import NotAllowed, NotLegal
from escalation.kind import Kind
from escalation.kind_wire import FileAsked, LinkAsked, RescheduleAsked, UnlinkAsked
from escalation.maintenance import known, rescheduling, windows
from escalation.maintenance.planned import Planned
from escalation.outages import reports
from escalation.outages.outage_wire import FaultReport
from escalation.records import TicketRecord
from escalation.relation import Relation
from tests.escalation.shift import MONDAY_10, Shift

NUMBER = "+447700900142"
HOUR = timedelta(hours=1)
SOON = MONDAY_10 + 20 * HOUR  # Tuesday 06:00
P2: dict[str, Any] = {"category": "broadband-down", "service": "down", "affected": "several", "reachable": NUMBER}


async def window(shift: Shift, begins: datetime = SOON, *, hours: float = 4, **form: Any) -> str:
    times = {"starts_at": begins.isoformat(), "ends_at": (begins + hours * HOUR).isoformat()}
    asked = FileAsked(kind=Kind.PLANNED_MAINTENANCE, problem="new software", form={**times, **form})
    return await intake.file(shift.office, "sam.okoye", asked)


async def gone(shift: Shift, **known_: Any) -> str:
    """The ticket of a customer who has left a number and gone."""
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, **{**P2, **known_})).ticket.reference
    await reception.finish_contact(shift.office, contact_id, "handed_over")
    return reference


async def told(shift: Shift, words: str, number: str = NUMBER) -> list[str]:
    return [sms["text"] for sms in await shift.events("sms") if sms["to"] == number and words in sms["text"]]


async def resolve_by(shift: Shift, reference: str) -> datetime | None:
    (clock,) = [clock for clock in (await shift.read(reference)).clocks if clock.name == "resolve"]
    return clock.due_at


async def happened(shift: Shift, reference: str) -> list[str]:
    return [entry.what for entry in (await shift.read(reference)).audit]


async def moved(shift: Shift, reference: str, begins: datetime, ends: datetime, *, by: str = "sam.okoye") -> None:
    version = (await shift.read(reference)).version
    asked = RescheduleAsked(starts_at=begins, ends_at=ends, reason="the vendor is late", version=version)
    await rescheduling.reschedule(shift.office, by, reference, asked)
    await windows.look(shift.office)


async def proven(shift: Shift) -> list[str]:
    return (await audit.audit(shift.office, days=30, within=timedelta(days=30))).differences


async def test_a_window_is_announced_so_long_before_it_begins_and_not_earlier(shift: Shift) -> None:
    await gone(shift)
    reference = await window(shift, MONDAY_10 + 49 * HOUR)
    await windows.look(shift.office)
    early = await told(shift, "plan work")
    shift.watch.advance(hours=1)

    await windows.look(shift.office)

    assert early == []
    assert len(await told(shift, "we plan work from 11:00 on 25/11 to 15:00 on 25/11")) == 1
    assert (await happened(shift, reference)).count("maintenance_announced") == 1
    assert "Announced" in [field.label for field in (await shift.read(reference)).form]


async def test_only_customers_it_affects_are_told_and_those_whose_ticket_is_linked_to_it(shift: Shift) -> None:
    numbers = [f"+44770090010{n}" for n in range(4)]
    await gone(shift, reachable=numbers[0])
    await gone(shift, reachable=numbers[1], category="bill-dispute")
    linked = await gone(shift, reachable=numbers[2], category="bill-dispute")
    solved = await gone(shift, reachable=numbers[3])
    await shift.act("sam.okoye", solved, "accept")
    await shift.act("sam.okoye", solved, "resolve", text="done")
    reference = await window(shift, services=["Broadband"])
    asked = LinkAsked(relation=Relation.CAUSED_BY, to=reference, version=(await shift.read(linked)).version)
    await kinship.link(shift.office, "sam.okoye", linked, asked)

    await windows.look(shift.office)

    assert [len(await told(shift, "plan work", number)) for number in numbers] == [1, 0, 1, 0]


async def test_a_chat_is_in_the_area_where_its_fault_was_reported(shift: Shift) -> None:
    references = [await gone(shift)]
    for area in ("LF4", "LF9"):
        contact_id = await shift.contact()
        said = FaultReport(contact_id=contact_id, channel="chat", area=area, service="broadband", reporter=area)
        await reports.report(shift.office, said)
        references.append((await shift.hand_over(contact_id, **P2)).ticket.reference)
        await reception.finish_contact(shift.office, contact_id, "handed_over")
    await window(shift, services=["broadband"], areas=["lf4"])

    await windows.look(shift.office)

    happenings = [await happened(shift, reference) for reference in references]
    assert ["told" in one for one in happenings] == [False, True, False]
    shown = {field.label: field.value for field in (await shift.read(references[1])).form}
    assert shown["Area"] == "LF4"


async def test_two_watches_do_everything_once(shift: Shift) -> None:
    references = [await gone(shift) for _ in range(3)]
    reference = await window(shift)
    for hours in (0, 20, 4):
        shift.watch.advance(hours=hours)
        await asyncio.gather(*(windows.look(shift.office) for _ in range(3)))
    await windows.look(shift.office)

    events = [what for what in await happened(shift, reference) if what.startswith("maintenance")]
    assert events == ["maintenance_announced", "maintenance_began", "maintenance_ended"]
    assert len(await told(shift, "plan work")) == 3
    assert [(await happened(shift, one)).count("told") for one in references] == [1, 1, 1]
    assert await proven(shift) == []


async def test_a_watch_that_was_away_announces_nothing_that_has_begun(shift: Shift) -> None:
    await gone(shift)
    reference = await window(shift)
    shift.watch.advance(hours=25)

    await windows.look(shift.office)

    assert await told(shift, "plan work") == []
    assert (await happened(shift, reference))[-2:] == ["maintenance_began", "maintenance_ended"]


async def test_what_the_customer_was_told_of_does_not_count(shift: Shift) -> None:
    shift.watch.advance(hours=16)  # the window begins in four hours
    reference, silent = await gone(shift), await gone(shift, reachable=None)
    before = await resolve_by(shift, reference)
    await window(shift)

    await windows.look(shift.office)

    assert before is not None
    assert await resolve_by(shift, reference) == before + 4 * HOUR
    assert await resolve_by(shift, silent) == before  # nobody could tell them
    assert await proven(shift) == []


async def test_a_fault_reported_inside_an_announced_window_is_linked_and_its_time_spared(shift: Shift) -> None:
    reference = await window(shift, services=["broadband"])
    await windows.look(shift.office)
    shift.watch.at = SOON + HOUR
    await windows.look(shift.office)

    fault, other = await gone(shift), await gone(shift, category="mobile-calls")

    ticket = await shift.read(fault)
    assert [(link.words, link.reference) for link in ticket.relations] == [("caused by maintenance", reference)]
    assert await resolve_by(shift, fault) == SOON + HOUR + 3 * HOUR + 8 * HOUR
    assert (await shift.read(other)).relations == ()
    assert await windows.look(shift.office) == 0
    assert await proven(shift) == []


async def test_a_window_that_nobody_announced_spares_nothing(shift: Shift) -> None:
    reference = await window(shift, MONDAY_10, services=["broadband"])
    shift.watch.advance(hours=1)
    await windows.look(shift.office)

    fault = await gone(shift)

    assert [link.reference for link in (await shift.read(fault)).relations] == [reference]
    assert await resolve_by(shift, fault) == MONDAY_10 + 9 * HOUR


async def test_who_files_says_itself_what_its_ticket_is_related_to(shift: Shift) -> None:
    await window(shift, MONDAY_10)
    form = {"area": "Millbrook"}
    asked = FileAsked(kind=Kind.INCIDENT, problem="no line", form=form, category="landline", customer_id="c-1")

    fault = await intake.file(shift.office, "sam.okoye", asked)
    (link,) = (await shift.read(fault)).relations
    version = (await shift.read(fault)).version
    await kinship.unlink(shift.office, "sam.okoye", fault, UnlinkAsked(reason="a digger", version=version))
    await windows.look(shift.office)

    assert link.words == "caused by maintenance"
    assert (await shift.read(fault)).relations == ()


async def test_a_moved_window_takes_with_it_what_depends_on_it(shift: Shift) -> None:
    shift.watch.advance(hours=16)
    affected = await gone(shift)
    before = await resolve_by(shift, affected)
    reference = await window(shift, services=["broadband"])
    await windows.look(shift.office)
    later = SOON + 48 * HOUR

    await moved(shift, reference, later, later + HOUR)

    assert await resolve_by(shift, affected) == before  # due long before the new window
    assert len(await told(shift, "is now from 06:00 on 26/11 to 07:00 on 26/11")) == 1
    assert await windows.look(shift.office) == 0
    assert await proven(shift) == []


async def test_a_fault_is_parted_from_a_window_that_was_moved_away_and_linked_to_one_that_was_moved_to_it(
    shift: Shift,
) -> None:
    shift.watch.at = SOON + HOUR
    going, coming = await window(shift, SOON), await window(shift, SOON + 9 * HOUR, services=["tv"])
    fault = await gone(shift)
    first = [link.reference for link in (await shift.read(fault)).relations]

    await moved(shift, going, SOON + 30 * HOUR, SOON + 31 * HOUR)
    parted = (await shift.read(fault)).relations
    television = await gone(shift, category="tv")
    await moved(shift, coming, SOON, SOON + 4 * HOUR)

    assert (first, parted) == ([going], ())
    assert [link.reference for link in (await shift.read(television)).relations] == [coming]
    assert await proven(shift) == []


async def test_a_window_that_takes_longer_is_told_and_the_rest_counts(shift: Shift) -> None:
    shift.watch.at = SOON - HOUR
    affected = await gone(shift)
    before = await resolve_by(shift, affected)
    reference = await window(shift)
    await windows.look(shift.office)
    shift.watch.at = SOON + 2 * HOUR
    await windows.look(shift.office)

    await moved(shift, reference, SOON, SOON + 9 * HOUR)

    assert before is not None
    assert await resolve_by(shift, affected) == before + 4 * HOUR
    assert len(await told(shift, "is now from 06:00 on 24/11 to 15:00 on 24/11")) == 1
    assert await proven(shift) == []


async def test_work_that_is_done_early_spares_no_more(shift: Shift) -> None:
    shift.watch.at = SOON - HOUR
    affected = await gone(shift)
    before = await resolve_by(shift, affected)
    reference = await window(shift)
    await windows.look(shift.office)
    shift.watch.at = SOON + HOUR
    await shift.act("sam.okoye", reference, "accept")
    await shift.act("sam.okoye", reference, "resolve", text="done")

    await windows.look(shift.office)

    assert before is not None
    assert await resolve_by(shift, affected) == before + HOUR
    assert (await happened(shift, reference))[-1] == "maintenance_ended"
    assert await told(shift, "is now") == []
    assert await proven(shift) == []


@pytest.mark.parametrize("move", ["cancel", "reject"])
async def test_a_window_that_is_called_off_is_told_parted_from_and_counts_again(shift: Shift, move: str) -> None:
    shift.watch.at = SOON - HOUR
    affected = await gone(shift)
    before = await resolve_by(shift, affected)
    reference = await window(shift, hours=6)
    await windows.look(shift.office)
    shift.watch.at = SOON + HOUR
    fault = await gone(shift)
    spared = await resolve_by(shift, fault)
    await shift.act("sam.okoye", reference, move, reason="too much snow")

    await asyncio.gather(*(windows.look(shift.office) for _ in range(2)))
    await windows.look(shift.office)

    assert before is not None
    assert await resolve_by(shift, affected) == before + HOUR  # what was spared stays spared
    assert (spared, await resolve_by(shift, fault)) == (SOON + 14 * HOUR, SOON + 9 * HOUR)
    assert (await shift.read(fault)).relations == ()
    assert len(await told(shift, "will not take place")) == 1  # who reported it inside was told of no window
    assert await proven(shift) == []


async def test_only_a_window_that_is_not_over_is_moved_and_by_who_works_on_it(shift: Shift) -> None:
    fault, reference = await gone(shift), await window(shift)

    with pytest.raises(NotLegal, match="only planned maintenance"):
        await moved(shift, fault, SOON, SOON + HOUR)
    with pytest.raises(NotLegal, match="over already"):
        await moved(shift, reference, MONDAY_10 - 2 * HOUR, MONDAY_10)
    with pytest.raises(NotAllowed):
        await moved(shift, reference, SOON, SOON + HOUR, by="agnes.hall")
    await shift.act("sam.okoye", reference, "cancel", reason="not needed")
    with pytest.raises(NotLegal, match="cancelled"):
        await moved(shift, reference, SOON, SOON + HOUR)


names = some.sets(some.sampled_from(["broadband", "tv", "mobile"]), max_size=2)
places = some.sampled_from([None, "millbrook", "Hartwell "])


@given(names, some.sets(some.sampled_from(["millbrook", "hartwell"]), max_size=2), names, places)
def test_what_a_ticket_does_not_say_is_not_supposed(
    services: set[str], areas: set[str], its_services: set[str], its_area: str | None
) -> None:
    planned = Planned(UUID(int=1), "FL-1", SOON, SOON + HOUR, frozenset(services), frozenset(areas), None, False, None)

    affects = planned.affects(services=its_services, area=its_area, system=None)

    of_service = bool(its_services) and (not services or bool(services & its_services))
    in_area = not areas or (its_area or "").strip().lower() in areas
    assert affects == (of_service and in_area)


async def test_the_query_and_the_rule_find_the_same_tickets(shift: Shift) -> None:
    areas = [None, "Millbrook", " millbrook", "Hartwell"]
    for category in ("broadband-down", "tv", "bill-dispute", "outage"):
        for area in areas:
            form = {"area": area} if area else {}
            asked = FileAsked(kind=Kind.INCIDENT, problem="x", form=form, category=category)
            await intake.file(shift.office, "sam.okoye", asked)
    system = {"system": "billing", "expected": "x", "happened": "y"}
    await intake.file(
        shift.office, "sam.okoye", FileAsked(kind=Kind.SYSTEM_PROBLEM, problem="x", form=system, category="tv")
    )
    forms: list[dict[str, Any]] = [
        {},
        {"services": ["TV", "Broadband"]},
        {"areas": ["MILLBROOK"]},
        {"services": ["tv"], "areas": ["Hartwell", "Millbrook"], "system": "billing"},
    ]
    references = [await window(shift, **form) for form in forms]

    for reference in references:
        async with shift.office.sessions() as session:
            of = select(TicketRecord).where(TicketRecord.reference == reference)
            planned = await known.find(session, (await session.scalars(of)).one().id)
            assert planned is not None
            found = await known.affected(session, shift.office.policy, planned, shift.watch(), limit=100)
            tickets = await session.scalars(select(TicketRecord).where(TicketRecord.kind != Kind.PLANNED_MAINTENANCE))
            by_rule = {
                ticket.id
                for ticket in tickets
                if planned.affects(
                    services=shift.office.policy.services(ticket.category),
                    area=ticket.form.get("area"),
                    system=ticket.system,
                )
            }
            assert set(found) == by_rule
            assert found
