"""Many reports become one suspected outage; a person confirms it, and everybody concerned is told, once."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from escalation import following, intake, kinship, reception
from escalation.errors import Incomplete, NotAllowed, NotLegal, Outdated
from escalation.kind import Kind
from escalation.kind_wire import FileAsked, NewsAsked
from escalation.outages import reports, ruling
from escalation.outages.children import attach_late, link_next
from escalation.outages.outage_wire import ConfirmAsked, DismissAsked, FaultReport, ReportTaken
from escalation.outages.suspicion import find_surges
from escalation.wire import TicketDetail
from tests.escalation.shift import MONDAY_10, Shift

LIVE = "escalation:live:chat"
BOSS = "sam.okoye"
NETWORK = "felix.moreau"


async def reported(shift: Shift, reporter: str, contact_id: UUID | None = None, **more: Any) -> ReportTaken:
    said = {"channel": "chat", "area": "LF4", "service": "broadband", "reporter": reporter, "problem": "it is down"}
    contact_id = contact_id or await shift.contact()
    return await reports.report(shift.office, FaultReport.model_validate({**said, "contact_id": contact_id, **more}))


async def storm(shift: Shift, customers: int = 6, **more: Any) -> list[UUID]:
    """So many customers report the same within a minute; their contacts."""
    contacts = [await shift.contact() for _ in range(customers)]
    for number, contact_id in enumerate(contacts):
        await reported(shift, f"c{number}", contact_id, **more)
        shift.watch.advance(seconds=60 / customers)
    return contacts


async def suspected(shift: Shift) -> list[TicketDetail]:
    """The tickets of outages, by what the console's search finds."""
    references = {event["reference"] for event in await shift.events("escalation:staff") if event["kind"] == "opened"}
    found = [await shift.read(reference) for reference in sorted(references)]
    return [ticket for ticket in found if ticket.outage is not None]


async def confirm(shift: Shift, reference: str, who: str = NETWORK, **said: Any) -> None:
    version = (await shift.read(reference)).version
    await ruling.confirm(shift.office, who, reference, ConfirmAsked(version=version, **said))


async def watched(shift: Shift) -> None:
    """What the watch does in its rounds, by two of them at once."""

    async def one() -> None:
        await find_surges(shift.office)
        await attach_late(shift.office)
        while await link_next(shift.office):
            pass
        while await following.pass_on(shift.office):
            pass

    await asyncio.gather(one(), one())


async def heard(shift: Shift, kind: str) -> dict[UUID, list[str]]:
    """What was shown in each conversation."""
    found: dict[UUID, list[str]] = {}
    for event in await shift.events(LIVE):
        if event["kind"] == kind:
            found.setdefault(UUID(event["contact_id"]), []).append(event["text"])
    return found


async def test_fifty_reports_of_one_area_are_one_suspicion_then_all_are_told_and_in_the_end_asked(shift: Shift) -> None:
    contacts = [await shift.contact() for _ in range(50)]
    own = [(await shift.hand_over(contact, category="broadband-down")).ticket.reference for contact in contacts[:10]]
    for number, contact_id in enumerate(contacts):
        await reported(shift, f"c{number}", contact_id)
        if number % 10 == 9:
            await watched(shift)
    (parent,) = await suspected(shift)
    assert (parent.priority, parent.department, parent.kind) == ("P1", "core", "incident")
    assert parent.outage is not None
    assert parent.outage.reports == 50
    assert "10 customers have reported it since 10:00 on 23/11" in parent.problem
    assert await heard(shift, "news") == {}

    await confirm(shift, parent.reference, expected_end=MONDAY_10 + timedelta(hours=4), cause="A cable was cut.")
    await watched(shift)

    told = await heard(shift, "news")
    assert told.keys() == set(contacts)
    assert {text for texts in told.values() for text in texts} == {
        "There is an outage of broadband in LF4, and it is what you reported. Nothing on your side is at fault. "
        "A cable was cut. It should be over by 14:00 on 23/11. You will hear from us when it is fixed."
    }
    assert all(len(texts) == 1 for texts in told.values())
    assert (await shift.read(parent.reference)).followers == 50
    assert {(await shift.read(reference)).relations[0].reference for reference in own} == {parent.reference}

    version = (await shift.read(parent.reference)).version
    await kinship.tell_everyone(shift.office, BOSS, parent.reference, NewsAsked(text="Half done.", version=version))
    await watched(shift)
    assert {contact: texts[1:] for contact, texts in (await heard(shift, "news")).items()} == {
        contact: ["Half done."] for contact in contacts
    }

    await shift.act(BOSS, parent.reference, "accept")
    await shift.act(BOSS, parent.reference, "resolve", text="The cable is mended.")
    await watched(shift)
    asked = await heard(shift, "resolved")
    assert asked == {contact: ["The cable is mended."] for contact in contacts}


async def test_two_watches_at_once_find_one_outage(shift: Shift) -> None:
    await storm(shift)

    await asyncio.gather(*(find_surges(shift.office) for _ in range(4)))

    assert len(await suspected(shift)) == 1


async def test_fewer_customers_than_the_floor_are_no_outage_however_often_they_report(shift: Shift) -> None:
    for _ in range(5):
        await storm(shift, customers=4)
    await watched(shift)

    assert await suspected(shift) == []


async def test_reports_of_several_places_or_services_are_not_added_up(shift: Shift) -> None:
    await storm(shift, customers=4)
    await storm(shift, customers=4, area="LF5")
    await storm(shift, customers=4, service="tv")
    await watched(shift)

    assert await suspected(shift) == []


async def test_what_the_operator_knows_already_is_nothing_new(shift: Shift) -> None:
    await storm(shift, explained_by="SP-20417")
    await watched(shift)

    assert await suspected(shift) == []


async def test_planned_maintenance_silences_it_and_is_told(shift: Shift) -> None:
    ends_at = MONDAY_10 + timedelta(hours=2)
    form = {"starts_at": MONDAY_10.isoformat(), "ends_at": ends_at.isoformat(), "areas": ["LF4"]}
    asked = FileAsked(kind=Kind.PLANNED_MAINTENANCE, problem="The exchange is upgraded", form=form)
    reference = await intake.file(shift.office, BOSS, asked)

    await storm(shift)
    await watched(shift)

    assert await suspected(shift) == []
    told = await reported(shift, "another")
    assert told.maintenance is not None
    assert told.maintenance.reference == reference


async def test_a_later_reporter_is_told_at_once_and_their_ticket_becomes_a_child(shift: Shift) -> None:
    await storm(shift)
    await watched(shift)
    (parent,) = await suspected(shift)
    await confirm(shift, parent.reference)
    await watched(shift)
    contact_id = await shift.contact()

    taken = await reported(shift, "late", contact_id)
    ticket = (await shift.hand_over(contact_id, category="broadband-down", reason="outage")).ticket
    shift.watch.advance(seconds=20)
    await watched(shift)

    assert taken.incident is not None
    assert taken.incident.reference == parent.reference
    assert (await shift.read(ticket.reference)).relations[0].reference == parent.reference
    assert contact_id not in await heard(shift, "news")  # the assistant has told it


async def test_who_has_gone_hears_of_it_by_text_message_and_is_asked_in_the_end(shift: Shift) -> None:
    contacts = await storm(shift, reachable="+447700900101")
    for contact_id in contacts:
        await reception.finish_contact(shift.office, contact_id, "unconfirmed")
    await watched(shift)
    (parent,) = await suspected(shift)

    await confirm(shift, parent.reference)
    await watched(shift)
    await shift.act(BOSS, parent.reference, "accept")
    await shift.act(BOSS, parent.reference, "resolve", text="Mended.")
    await watched(shift)

    texts = [sms["text"] for sms in await shift.events("sms")]
    assert len([text for text in texts if "it is what you reported" in text]) == 6
    assert len([text for text in texts if "has been solved. If it is not" in text]) == 6


async def test_a_ticket_about_something_else_in_the_same_conversation_is_no_child(shift: Shift) -> None:
    contacts = await storm(shift)
    bill = (await shift.hand_over(contacts[0], category="bill-dispute")).ticket
    await watched(shift)
    (parent,) = await suspected(shift)

    await confirm(shift, parent.reference)
    await watched(shift)

    assert (await shift.read(bill.reference)).relations == ()


async def test_a_dismissed_one_ends_with_its_reason_and_only_new_reports_count(shift: Shift) -> None:
    await storm(shift)
    await watched(shift)
    (parent,) = await suspected(shift)

    asked = DismissAsked(reason="A test of our own", version=parent.version)
    await ruling.dismiss(shift.office, NETWORK, parent.reference, asked)
    await watched(shift)

    ticket = await shift.read(parent.reference)
    assert (ticket.status, ticket.outage and ticket.outage.state) == ("rejected", "dismissed")
    assert "A test of our own" in [entry.why for entry in ticket.audit]
    for number in range(6):
        shift.watch.advance(minutes=1)
        await reported(shift, f"new{number}")
    await watched(shift)
    assert len(await suspected(shift)) == 2


async def test_solved_it_is_over_and_the_place_may_have_another(shift: Shift) -> None:
    await storm(shift)
    await watched(shift)
    (parent,) = await suspected(shift)
    await confirm(shift, parent.reference)
    await shift.act(BOSS, parent.reference, "accept")
    await shift.act(BOSS, parent.reference, "resolve", text="Mended.")

    assert (await reports.major_incidents(shift.office, "LF4")).incidents == []
    shift.watch.advance(hours=20)
    await storm(shift)
    await watched(shift)

    assert len(await suspected(shift)) == 2


async def test_the_expected_end_can_be_changed_and_is_what_the_next_one_hears(shift: Shift) -> None:
    await storm(shift)
    await watched(shift)
    (parent,) = await suspected(shift)
    await confirm(shift, parent.reference, expected_end=MONDAY_10 + timedelta(hours=4), cause="A cable was cut.")

    await confirm(shift, parent.reference, expected_end=MONDAY_10 + timedelta(hours=9))

    (known,) = (await reports.major_incidents(shift.office, "LF4")).incidents
    assert (known.expected_end, known.cause) == (MONDAY_10 + timedelta(hours=9), "A cable was cut.")
    assert (await reports.major_incidents(shift.office, "LF5")).incidents == []


async def test_who_may_not_or_comes_too_late_changes_nothing(shift: Shift) -> None:
    await storm(shift)
    await watched(shift)
    (parent,) = await suspected(shift)
    plain = await shift.ticket()

    with pytest.raises(NotAllowed):
        await confirm(shift, parent.reference, who="bea.novak")
    with pytest.raises(Outdated):
        await ruling.confirm(shift.office, NETWORK, parent.reference, ConfirmAsked(version=99))
    with pytest.raises(Incomplete):
        await confirm(shift, parent.reference, expected_end=MONDAY_10 - timedelta(hours=1))
    with pytest.raises(NotLegal):
        await confirm(shift, plain, who=BOSS)
    assert (await reports.major_incidents(shift.office, None)).incidents == []
    await confirm(shift, parent.reference)
    version = (await shift.read(parent.reference)).version
    with pytest.raises(NotLegal):
        await ruling.dismiss(shift.office, NETWORK, parent.reference, DismissAsked(reason="no", version=version))
