"""What each role sees of a ticket, and what it may do with it."""

from typing import Any, get_args

import pytest
from sqlalchemy import select, update

from escalation import detail, override, policy
from escalation.asks import MoveAsked, PriorityAsked, QueueAsked
from escalation.desk import act
from escalation.errors import NotAllowed, NotFound
from escalation.records import TicketRecord
from escalation.role import ROLES, RoleName
from escalation.sight import may_see, seen_by
from tests.escalation.shift import Shift

SECRETS = ("Jo", "Smith", "07700 900142", "jo.smith@example.com", "C-1004", "12 Mill Lane", "LF1 2AB")
SAID = "My name is Jo Smith, 12 Mill Lane, LF1 2AB, ring 07700 900142 or jo.smith@example.com, account C-1004"
KNOWN: dict[str, Any] = {
    "category": "bill-dispute",
    "problem": SAID,
    "since": "since Jo moved in",
    "reachable": "07700 900142",
    "customer_id": "C-1004",
    "steps": [{"flow": "bill", "step": "read_bill", "result": "Smith says no"}],
    "checks": [{"name": "account", "result": "C-1004 is active", "at": "2026-11-23T10:00:00Z"}],
}
MASKED = {"auditor": "agnes.hall", "administrator": "dora.berg", "vendor": "victor.lang", "partner": "priya.shah"}
OWN = {"vendor": "victor.lang", "partner": "priya.shah", "field_technician": "rob.quinn"}


async def told(shift: Shift, **known: Any) -> str:
    """A ticket with personal data in every place that can hold it."""
    contact_id = await shift.contact()
    await shift.says(contact_id, SAID)
    await shift.says(contact_id, "Hello Jo", author="bot")
    reference = (await shift.hand_over(contact_id, **{**KNOWN, **known})).ticket.reference
    await shift.act("bea.novak", reference, "accept")
    await shift.act("bea.novak", reference, "note", text=f"Smith rang: {SAID}")
    await shift.act("bea.novak", reference, "reply", text="Dear Jo, we look at it")
    await shift.act("bea.novak", reference, "hold", reason="Jo Smith asks her bank")
    return reference


async def given_to(shift: Shift, reference: str, username: str) -> None:
    async with shift.office.sessions.begin() as session:
        await session.execute(
            update(TicketRecord).where(TicketRecord.reference == reference).values(assignee=None, asked=username)
        )


async def queue(shift: Shift, username: str, **asked: Any) -> list[str]:
    return [row.reference for row in await detail.queue(shift.office, username, QueueAsked(**asked))]


@pytest.mark.parametrize("username", MASKED.values(), ids=MASKED)
async def test_who_needs_no_personal_data_reads_none(shift: Shift, username: str) -> None:
    reference = await told(shift)
    await given_to(shift, reference, username)

    shown = (await shift.read(reference, username)).model_dump_json()
    listed = [row.model_dump_json() for row in await detail.queue(shift.office, username, QueueAsked())]

    assert [secret for secret in SECRETS if secret in shown] == []
    assert [secret for secret in SECRETS for row in listed if secret in row] == []
    assert reference in listed[0]
    assert '"masked":true' in shown


async def test_a_number_at_the_end_of_what_a_ticket_shows_is_masked_whole(shift: Shift) -> None:
    reference = await told(shift, problem="x" * 150 + " 07700 900142")

    assert "07700" not in (await shift.read(reference, "agnes.hall")).problem


@pytest.mark.parametrize("username", ["amira.khan", "sam.okoye"])
async def test_who_serves_the_customer_reads_everything(shift: Shift, username: str) -> None:
    reference = await told(shift)

    shown = (await shift.read(reference, username)).model_dump_json()

    assert [secret for secret in SECRETS if secret not in shown] == []


@pytest.mark.parametrize("username", OWN.values(), ids=OWN)
@pytest.mark.parametrize("view", ["all", "tier", "mine"])
async def test_another_ones_ticket_does_not_exist_for_an_outsider(shift: Shift, username: str, view: str) -> None:
    reference = await told(shift)
    version = (await shift.read(reference)).version

    with pytest.raises(NotFound):
        await shift.read(reference, username)
    with pytest.raises(NotFound):
        await act(shift.office, username, reference, MoveAsked(move="note", version=version, text="hello"))
    asked = PriorityAsked(priority="P1", version=version, reason="because")
    with pytest.raises(NotFound):
        await override.prioritise(shift.office, username, reference, asked)
    assert await queue(shift, username, view=view) == []
    assert await queue(shift, username, view=view, search=reference) == []
    assert await queue(shift, username, view=view, department="billing", tier=1) == []


@pytest.mark.parametrize("username", OWN.values(), ids=OWN)
async def test_an_outsiders_own_ticket_is_worked_on_until_it_is_given_back(shift: Shift, username: str) -> None:
    reference, other = await told(shift), await told(shift)
    await given_to(shift, reference, username)
    async with shift.office.sessions.begin() as session:
        await session.execute(update(TicketRecord).where(TicketRecord.reference == reference).values(tier=2))

    await shift.act(username, reference, "accept")
    ticket = await shift.read(reference, username)
    await act(
        shift.office, username, reference, MoveAsked(move="hand_back", version=ticket.version, reason="not our fault")
    )

    assert "hand_back" in ticket.moves
    assert await queue(shift, username) == []
    with pytest.raises(NotFound):
        await shift.read(reference, username)
    assert other in await queue(shift, "sam.okoye")


async def test_what_was_said_and_done_is_none_of_a_vendors_business(shift: Shift) -> None:
    reference = await told(shift)
    await given_to(shift, reference, "victor.lang")

    ticket = await shift.read(reference, "victor.lang")

    assert (ticket.turns, ticket.audit, ticket.contact_id) == ([], [], None)
    assert len(ticket.notes) == 2


async def test_a_vendor_says_nothing_to_the_customer(shift: Shift) -> None:
    reference = await told(shift)
    await given_to(shift, reference, "victor.lang")
    ticket = await shift.act("victor.lang", reference, "accept")

    assert set(ticket.moves) & {"reply", "ask_customer", "resolve", "reject", "cancel"} == set()
    with pytest.raises(NotAllowed):
        await shift.act("victor.lang", reference, "reply", text="buy our new box")


@pytest.mark.parametrize("username", ["agnes.hall", "dora.berg"])
async def test_who_only_reads_changes_nothing(shift: Shift, username: str) -> None:
    reference = await shift.ticket(category="bill-dispute")
    ticket = await shift.read(reference, username)

    assert ticket.moves == []
    with pytest.raises(NotAllowed):
        await shift.act(username, reference, "note", text="seen")
    asked = PriorityAsked(priority="P1", version=ticket.version, reason="because")
    with pytest.raises(NotAllowed):
        await override.prioritise(shift.office, username, reference, asked)
    assert (await shift.read(reference)).version == ticket.version


async def test_words_cannot_be_found_out_by_searching_for_them(shift: Shift) -> None:
    reference = await told(shift)

    for word in ("Smith", "C-1004", "07700"):
        assert await queue(shift, "agnes.hall", search=word) == []
        assert await queue(shift, "sam.okoye", search=word) == [reference]
    assert await queue(shift, "agnes.hall", search=reference) == [reference]


async def test_a_corporate_engineer_sees_corporate_customers_and_what_is_given_to_them(shift: Shift) -> None:
    corporate = await shift.ticket(segment="corporate")
    given, other = await shift.ticket(), await shift.ticket()
    await given_to(shift, given, "carl.meyer")

    assert set(await queue(shift, "carl.meyer")) == {corporate, given}
    with pytest.raises(NotFound):
        await shift.read(other, "carl.meyer")


async def test_the_queue_and_the_ticket_agree_on_what_exists_for_whom(shift: Shift) -> None:
    for segment in ("consumer", "corporate"):
        for name in ("victor.lang", "carl.meyer", "amira.khan"):
            await given_to(shift, await shift.ticket(segment=segment), name)
            accepted = await shift.ticket(segment=segment)
            async with shift.office.sessions.begin() as session:
                whose = {"assignee": name, "asked": "victor.lang"}
                await session.execute(update(TicketRecord).where(TicketRecord.reference == accepted).values(**whose))

    async with shift.office.sessions() as session:
        tickets = list(await session.scalars(select(TicketRecord)))
        for username, person in shift.office.policy.people.items():
            found = await session.scalars(select(TicketRecord.id).where(seen_by(person, username)))
            assert set(found) == {ticket.id for ticket in tickets if may_see(person, username, ticket)}, username


def test_every_role_is_in_the_table_and_in_the_demo() -> None:
    assert set(ROLES) == set(get_args(RoleName))
    assert {person.role for person in policy.load().people.values()} == set(ROLES)


@pytest.mark.parametrize("role", [name for name, role in ROLES.items() if not role.personal])
def test_who_may_not_read_personal_data_may_not_write_to_the_customer(role: RoleName) -> None:
    assert {str(move) for move in ROLES[role].moves} & {"reply", "ask_customer", "resolve"} == set()
