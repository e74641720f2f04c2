"""Which agreement covers a ticket, what it makes of its clocks, what a miss costs, and mistakes in the file."""

import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from escalation import intake, policy
from escalation.agreements import shelf
from escalation.agreements.command import as_csv, as_html, main
from escalation.agreements.coverage import Subject
from escalation.agreements.records import CoverRecord, PenaltyRecord
from escalation.audit import audit
from escalation.client import EscalationRefused
from escalation.deadlines import fire_due
from escalation.errors import NotAllowed
from escalation.kind import Kind
from escalation.kind_wire import FileAsked
from escalation.policy import PolicyError
from escalation.wire import ClockView
from tests.escalation.escalation_service import Running
from tests.escalation.shift import MONDAY_10, Shift

GOLD: dict[str, Any] = {"category": "sim", "segment": "gold", "customer_id": "C-7"}
CORPORATE: dict[str, Any] = {"category": "mobile-data", "segment": "corporate", "service": "down"}  # P2


KNOWN = policy.load()


def covered(at: datetime = MONDAY_10, **known: Any) -> tuple[str | None, str | None]:
    blank = {"segment": "consumer", "account": None, "topic": "sim", "filed_by": None, "department": "frontline"}
    found = KNOWN.covering(Subject(**{**blank, "tier": 1, "system": None, **known}), at)
    return found.outer.id if found.outer else None, found.inner.id if found.inner else None


@pytest.mark.parametrize(
    ("known", "outer", "inner"),
    [
        ({}, "consumer", None),
        ({"segment": "gold"}, "gold", None),
        ({"segment": "corporate", "account": "C-10442"}, "halden-logistics", None),  # nearer than the segment
        ({"segment": "corporate", "filed_by": "priya.shah"}, "northgate", None),
        ({"department": "billing", "tier": 2}, "consumer", None),
        ({"department": "billing", "tier": 3}, "consumer", "ola-billing"),
        ({"department": "core", "tier": 4, "system": "switch"}, "consumer", "corvane-switching"),
        ({"department": "core", "tier": 4, "system": "interconnect"}, "consumer", "transwave"),
        ({"department": "radio", "tier": 3}, "consumer", None),
    ],
)
def test_the_nearest_agreement_covers_a_ticket(known: dict[str, Any], outer: str, inner: str | None) -> None:
    assert covered(**known) == (outer, inner)


def test_an_agreement_holds_until_the_end_of_its_last_day_where_it_was_made() -> None:
    last = datetime(2027, 12, 31, 23, 59, tzinfo=UTC)

    assert covered(last, segment="corporate") == ("corporate", None)
    assert covered(last + timedelta(minutes=1), segment="corporate") == (None, None)


async def clock(shift: Shift, reference: str, name: str) -> ClockView:
    return next(clock for clock in (await shift.read(reference)).clocks if clock.name == name)


async def test_what_the_customer_was_promised_goes_before_the_policy(shift: Shift) -> None:
    gold, consumer = await shift.ticket(**GOLD), await shift.ticket(category="bill-dispute")

    assert (await clock(shift, gold, "respond")).due_at == MONDAY_10 + timedelta(hours=3)
    assert (await clock(shift, consumer, "respond")).due_at == MONDAY_10 + timedelta(hours=4)


async def test_who_is_handed_a_ticket_has_the_time_of_their_agreement(shift: Shift) -> None:
    reference = await shift.ticket(category="bill-dispute")  # P3: the OLA gives 8 h 30 of office hours
    await handed_up(shift, reference)

    assert (await clock(shift, reference, "tier")).due_at == MONDAY_10 + timedelta(days=1)
    assert [(cover.number, cover.agreement_id) for cover in await covers(shift)] == [
        (0, "consumer"),
        (3, "ola-billing"),
    ]


async def test_an_agreement_gives_no_more_than_is_left_of_the_customers_time(shift: Shift) -> None:
    reference = await shift.ticket(category="bill-dispute")
    due_at = (await clock(shift, reference, "resolve")).due_at
    assert due_at is not None
    shift.watch.at = due_at - timedelta(hours=2)  # Wednesday, 08:00 to 10:00: the office opens at 9
    await handed_up(shift, reference)

    assert (await clock(shift, reference, "tier")).due_at == due_at


async def test_a_missed_target_costs_by_the_started_hour_until_it_is_met(shift: Shift) -> None:
    reference = await shift.ticket(**CORPORATE)  # P1 for a corporate site: to be solved within 4 h
    await shift.act("sam.okoye", reference, "accept")
    shift.watch.advance(hours=4)
    await fire_due(shift.office)
    assert await owed(shift) == {}
    shift.watch.advance(hours=2, seconds=1)

    await shift.act("sam.okoye", reference, "resolve", text="done")

    (penalty,) = (await owed(shift)).values()
    assert (penalty.amount, penalty.currency, penalty.owed_by) == (Decimal("225.000"), "GBP", "Larkfield Telecom")
    assert penalty.because == "3 started hours at GBP 75.00"
    assert penalty.settled_at == shift.watch()


async def test_a_solution_that_is_refused_goes_on_costing(shift: Shift) -> None:
    reference = await shift.ticket(**CORPORATE)
    await shift.act("sam.okoye", reference, "accept")
    shift.watch.advance(hours=5)
    await shift.act("sam.okoye", reference, "resolve", text="done")
    await shift.act("sam.okoye", reference, "reopen", reason="not done")
    open_again = (await owed(shift))["resolve"].settled_at
    shift.watch.advance(hours=1, seconds=1)
    await shift.act("sam.okoye", reference, "resolve", text="now")

    assert open_again is None
    assert (await owed(shift))["resolve"].amount == Decimal("225.000")


async def test_the_auditor_proves_a_life_under_agreements(shift: Shift) -> None:
    reference = await shift.ticket(category="bill-dispute")
    await handed_up(shift, reference)
    for _ in range(30):
        shift.watch.advance(hours=1)
        await fire_due(shift.office)

    checked = await audit(shift.office, within=timedelta(hours=1))

    assert (checked.checked, checked.differences) == (1, [])


async def handed_up(shift: Shift, reference: str) -> None:
    """From level 1 to the department at level 3."""
    for _ in range(2):
        await shift.act("sam.okoye", reference, "hand_up", reason="needs a look")


async def test_a_vendor_that_is_late_owes_in_its_own_money_beside_what_we_owe(shift: Shift) -> None:
    form = {"system": "switch", "expected": "calls", "happened": "none"}
    asked = FileAsked(kind=Kind.SYSTEM_PROBLEM, problem="no calls", form=form)
    reference = await intake.file(shift.office, "felix.moreau", asked)
    while (await shift.read(reference)).tier < 4:
        await shift.act("sam.okoye", reference, "hand_up", reason="needs the maker")
    vendor = next(cover for cover in await covers(shift) if cover.agreement_id == "corvane-switching")
    shift.watch.advance(hours=400)
    await fire_due(shift.office)

    await shift.act("sam.okoye", reference, "hand_back", reason="a fix was delivered")

    penalty = (await owed(shift, vendor.number))["resolve"]
    assert (penalty.owed_by, penalty.owed_to) == ("Corvane Switching Inc.", "Larkfield Telecom")
    assert (penalty.currency, penalty.amount) == ("USD", Decimal("18000.00"))  # its cap
    assert penalty.settled_at == shift.watch()  # whoever holds it next owes none of it


async def covers(shift: Shift) -> list[CoverRecord]:
    async with shift.office.sessions() as session:
        return list(await session.scalars(select(CoverRecord).order_by(CoverRecord.number)))


async def owed(shift: Shift, number: int | None = None) -> dict[str, PenaltyRecord]:
    """By target; `number`: of the cover that it is owed under."""
    async with shift.office.sessions() as session:
        found = await session.scalars(select(PenaltyRecord))
        return {record.target: record for record in found if number in {None, record.number}}


@pytest.mark.parametrize(
    ("written", "instead", "complaint"),
    [
        ("covers: {segment: gold}", "covers: {segment: silver}", r"agreements.yml:\d+: .*silver is not known"),
        ("covers: {segment: gold}", "covers: {segment: consumer}", r"agreements.yml:\d+: .*consumer covers the same"),
        (
            "covers: {system: switch}",
            "covers: {system: abacus}",
            r"agreements.yml:\d+: .*abacus is not one of the systems",
        ),
        ('cap: "40.00"', 'cap: "40.001"', r"agreements.yml:\d+: .*finer than the smallest coin of GBP"),
        ("until: 2027-12-31", "until: 2020-01-01", r"agreements.yml:\d+: .*ends before it begins"),
        ("id: gold", "id: consumer", r"agreements.yml:\d+: .*has version 1 already"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, written: str, instead: str, complaint: str) -> None:
    for name in policy.READ:
        shutil.copy(policy.FOLDER / name, tmp_path / name)
    file = tmp_path / "agreements.yml"
    file.write_text(file.read_text().replace(written, instead, 1))

    with pytest.raises(PolicyError, match=complaint):
        policy.load(tmp_path)


@pytest.mark.parametrize("agreement_id", [one.id for one in KNOWN.agreements.agreements])
def test_every_agreement_is_printed_whole(agreement_id: str) -> None:
    paper = shelf.found(KNOWN, agreement_id, None, MONDAY_10)

    html = as_html(paper, operator="Larkfield Telecom", printed_at=MONDAY_10)

    for heading in ("Parties and validity", "What it covers", "Targets", "Service hours", "Penalties", "Contacts"):
        assert heading in html
    assert "http" not in html  # nothing has to be fetched


def test_an_agreement_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["print", "nobody"]) == 1
    assert "no agreement nobody" in capsys.readouterr().err


async def test_the_month_is_reported_up_to_date_with_totals_by_currency(shift: Shift) -> None:
    reference = await shift.ticket(**CORPORATE)
    shift.watch.advance(hours=4)
    await fire_due(shift.office)
    shift.watch.advance(hours=1, minutes=30)

    found = await shelf.penalties(shift.office, "agnes.hall", "2026-11")

    solution = next(row for row in found.rows if row.target == "resolve")
    assert (solution.reference, solution.amount, solution.settled_at) == (reference, Decimal("150.000"), None)
    assert [(total.currency, total.amount) for total in found.totals] == [("GBP", Decimal("200.000"))]
    assert (await shelf.penalties(shift.office, "agnes.hall", "2026-12")).rows == ()
    assert as_csv(found).count(reference) == 2


async def test_an_agent_reads_no_penalties(shift: Shift) -> None:
    with pytest.raises(NotAllowed):
        await shelf.penalties(shift.office, "tom.reed", "2026-11")


async def test_agreements_are_read_through_the_door_by_those_who_may(running: Running) -> None:
    client = running.client

    rows = await client.agreements("agnes.hall")
    paper = await client.agreement("agnes.hall", "gold")
    report = await client.penalties("agnes.hall", "2026-11")

    assert {row.id for row in rows} == {one.id for one in KNOWN.agreements.agreements}
    assert (paper.id, paper.version, paper.is_valid) == ("gold", 1, True)
    assert (report.month, report.zone, report.rows) == ("2026-11", "Europe/London", ())


@pytest.mark.parametrize(
    ("username", "agreement_id", "version", "status"),
    [("tom.reed", "gold", None, 403), ("agnes.hall", "nobody/../gold", None, 404), ("agnes.hall", "gold", 9, 404)],
)
async def test_an_agreement_is_refused_in_words(
    running: Running, username: str, agreement_id: str, version: int | None, status: int
) -> None:
    with pytest.raises(EscalationRefused) as refusal:
        await running.client.agreement(username, agreement_id, version)

    assert refusal.value.status == status


@pytest.mark.parametrize("month", ["2026-13", "0000-01", "november"])
async def test_what_is_no_month_is_refused(running: Running, month: str) -> None:
    with pytest.raises(EscalationRefused) as refusal:
        await running.client.penalties("agnes.hall", month)

    assert refusal.value.status in {400, 422}
