"""A policy file is looked at before it is proposed, decided by somebody else, and never replaced by a wrong one."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import ProgrammingError

from escalation.errors import Conflict, Incomplete, NotAllowed, NotFound
from escalation.office import Office
from escalation.policy import Source, assembled
from escalation.published import proposing, ruling, shelf
from escalation.published.in_force import InForce
from escalation.published.policy_wire import ProposeAsked, RebaseAsked, Rebased, RuleAsked
from tests.escalation.published.proposals import (
    ADMINISTRATOR,
    AGENT,
    AUDITOR,
    OTHER,
    SUPERVISOR,
    propose,
    publish,
    text_of,
)
from tests.escalation.shift import Shift

FASTER, FASTEST = "resolve: {within: 2h, calendar: always}", "resolve: {within: 1h, calendar: always}"
SLOW = "resolve: {within: 4h, calendar: always}"


async def rebased(office: Office, proposal_id: int) -> Rebased:
    view = await shelf.proposal(office, SUPERVISOR, proposal_id)
    return await proposing.rebase(office, SUPERVISOR, view.row.file, RebaseAsked(text=view.text, base=view.base))


@pytest.fixture
def office(shift: Shift) -> Office:
    return shift.office


async def test_the_mistakes_of_a_text_are_told_with_their_lines(office: Office) -> None:
    written = (await text_of(office, "sla.yml")).replace(SLOW, "resolve: {within: soon, calender: always}", 1)

    checked = await proposing.check(office, SUPERVISOR, "sla.yml", written)

    line = next(number for number, one in enumerate(written.splitlines(), 1) if "soon" in one)
    assert {(fault.file, fault.line) for fault in checked.faults} == {("sla.yml", line)}
    assert [fault.words for fault in checked.faults] == [
        "targets.P1.resolve.within: a time is written like 90s, 15m, 4h, 8h30m or 2d",
        "targets.P1.resolve.calendar: this is needed",
        "targets.P1.resolve.calender: this is not known here",
    ]
    assert {fault.text for fault in checked.faults} == {"resolve: {within: soon, calender: always}"}
    assert checked.effect is None


async def test_a_mistake_in_another_file_is_told_with_that_file(office: Office) -> None:
    written = (await text_of(office, "calendars.yml")).replace("office-hours:", "desk-hours:")

    checked = await proposing.check(office, SUPERVISOR, "calendars.yml", written)

    sla = (await text_of(office, "sla.yml")).splitlines()
    found = [fault for fault in checked.faults if fault.file == "sla.yml" and fault.line is not None]
    assert found
    assert all("office-hours" in sla[(fault.line or 0) - 1] for fault in found)


@pytest.mark.parametrize(
    ("file", "written", "instead", "words"),
    [
        ("sla.yml", "targets:\n  P1:", "targets: &all\n  P0: *all\n  P1:", "a reference"),
        ("sla.yml", "targets:\n", f"x: {'[' * 60}{']' * 60}\ntargets:\n", "more than 32 levels"),
        ("sla.yml", "within: 4h, calendar: always}", "within: 999999d, calendar: always}", "could not be opened"),
        ("messages.yml", "ticket {reference} for", "ticket {reference:>999999999} for", "nothing else"),
        ("sla.yml", "targets:\n", "<<<<<<< in force\ntargets:\n", "keep one of them"),
        ("sla.yml", "targets:\n", "targets: {\n", "not readable as YAML"),
    ],
)
async def test_a_text_that_would_do_harm_is_a_mistake(
    office: Office, file: str, written: str, instead: str, words: str
) -> None:
    text = (await text_of(office, file)).replace(written, instead, 1)

    checked = await proposing.check(office, SUPERVISOR, file, text)

    assert words in " ".join(fault.words for fault in checked.faults)


async def test_a_department_that_has_tickets_is_not_taken_away(shift: Shift) -> None:
    """Order management has one, and no other file names it."""
    routing, installed = await text_of(shift.office, "routing.yml"), shift.office.policy.source.installed
    without = "\n".join(
        line.replace("order-management", "frontline")
        for line in routing.splitlines()
        if not line.startswith(("  order-management: {name: Order management, l1",))
    )
    freed = {
        name: text if name == "routing.yml" else text.replace("order-management, ", "")
        for name, text in installed.items()
    }
    office = replace(shift.office, policy=assembled(Source(installed=freed)))
    before = await proposing.check(office, SUPERVISOR, "routing.yml", without)
    await shift.ticket(category="move")

    after = await proposing.check(office, SUPERVISOR, "routing.yml", without)

    assert before.faults == ()
    assert [fault.words for fault in after.faults] == ["order-management has tickets: it cannot be taken away"]
    assert after.faults[0].line == next(
        number for number, line in enumerate(without.splitlines(), 1) if "frontline: {name" in line
    )


async def test_nothing_wrong_unchanged_or_without_a_reason_is_stored(office: Office) -> None:
    present = await shelf.one(office, SUPERVISOR, "sla.yml")

    for text, why in ((f"{present.text}x: 1\n", "why not"), (present.text, "why not"), (f"{present.text}#\n", " ")):
        with pytest.raises(Incomplete):
            await proposing.propose(office, SUPERVISOR, "sla.yml", ProposeAsked(text=text, base=present.base, why=why))

    assert (await shelf.overview(office, SUPERVISOR)).proposals == ()


async def test_who_proposes_does_not_decide(office: Office) -> None:
    proposal_id = await propose(office, "sla.yml", SLOW, FASTER)

    with pytest.raises(NotAllowed):
        await ruling.accept(office, SUPERVISOR, proposal_id, RuleAsked(because="I am sure", alone=True))
    with pytest.raises(NotAllowed):
        await ruling.reject(office, SUPERVISOR, proposal_id, RuleAsked(because="on second thoughts"))

    assert FASTER not in await text_of(office, "sla.yml")


async def test_somebody_else_accepts_and_it_is_in_force_with_who_and_why(office: Office) -> None:
    proposal_id = await propose(office, "sla.yml", SLOW, FASTER, why="the contract of May")

    await ruling.accept(office, OTHER, proposal_id, RuleAsked(because="agreed with finance"))

    found = await shelf.one(office, AUDITOR, "sla.yml")
    newest, installed = found.versions
    assert FASTER in found.text
    assert (newest.number, newest.by, newest.why) == (2, "Sam Okoye", "the contract of May")
    assert (newest.decided_by, newest.because, newest.alone) == ("Dora Berg", "agreed with finance", False)
    assert (installed.number, installed.by, installed.why) == (1, None, "As it was installed")
    assert newest.at == office.now()
    first = await shelf.version(office, AUDITOR, "sla.yml", 1)
    assert first.text == office.policy.source.installed["sla.yml"]


async def test_an_administrator_may_decide_alone_with_a_reason(office: Office) -> None:
    proposal_id = await propose(office, "sla.yml", SLOW, FASTER, by=ADMINISTRATOR)

    for asked in (RuleAsked(), RuleAsked(alone=True), RuleAsked(because="it burns")):
        with pytest.raises(Incomplete):
            await ruling.accept(office, ADMINISTRATOR, proposal_id, asked)
    await ruling.accept(office, ADMINISTRATOR, proposal_id, RuleAsked(because="nobody is here at night", alone=True))

    newest = (await shelf.one(office, AUDITOR, "sla.yml")).versions[0]
    assert (newest.by, newest.decided_by, newest.alone) == ("Dora Berg", "Dora Berg", True)
    assert newest.because == "nobody is here at night"


async def test_a_proposal_is_turned_down_with_a_reason(office: Office) -> None:
    proposal_id = await propose(office, "sla.yml", SLOW, FASTER)

    with pytest.raises(Incomplete):
        await ruling.reject(office, OTHER, proposal_id, RuleAsked(because=" "))
    await ruling.reject(office, OTHER, proposal_id, RuleAsked(because="too few people at night"))

    row = (await shelf.proposal(office, SUPERVISOR, proposal_id)).row
    assert (row.state, row.decided_by, row.because) == ("rejected", "Dora Berg", "too few people at night")
    with pytest.raises(Conflict, match="decided already"):
        await ruling.accept(office, OTHER, proposal_id, RuleAsked())


async def test_the_second_of_two_on_one_base_is_told_and_brings_its_change_onto_the_new_text(office: Office) -> None:
    started = await shelf.one(office, OTHER, "sla.yml")
    mine = await propose(office, "sla.yml", "accept_within: 60s", "accept_within: 45s")
    await publish(office, "sla.yml", SLOW, FASTER)

    late = ProposeAsked(text=f"{started.text}# seen\n", base=started.base, why="a remark")
    with pytest.raises(Conflict, match="changed since you began"):
        await proposing.propose(office, OTHER, "sla.yml", late)
    with pytest.raises(Conflict, match="brought onto the new text"):
        await ruling.accept(office, OTHER, mine, RuleAsked())
    assert (await shelf.proposal(office, SUPERVISOR, mine)).row.moved

    found = await rebased(office, mine)
    asked = ProposeAsked(text=found.text, base=found.base, why="as agreed", replaces=mine)
    again = await proposing.propose(office, SUPERVISOR, "sla.yml", asked)
    await ruling.accept(office, OTHER, again, RuleAsked())

    text = await text_of(office, "sla.yml")
    assert (found.conflicts, FASTER in text, "accept_within: 45s" in text) == (0, True, True)
    assert (await shelf.proposal(office, SUPERVISOR, mine)).row.state == "withdrawn"


async def test_a_change_of_the_same_line_is_left_to_the_person(office: Office) -> None:
    mine = await propose(office, "sla.yml", SLOW, FASTEST)
    await publish(office, "sla.yml", SLOW, FASTER)

    found = await rebased(office, mine)

    assert found.conflicts == 1
    assert (await proposing.check(office, SUPERVISOR, "sla.yml", found.text)).faults


async def test_a_change_of_a_text_that_was_never_in_force_cannot_be_brought_along(office: Office) -> None:
    with pytest.raises(Conflict, match="begin again"):
        await proposing.rebase(office, SUPERVISOR, "sla.yml", RebaseAsked(text="x: 1\n", base="0" * 64))


async def test_two_that_fit_alone_and_not_together_are_never_both_in_force(office: Office) -> None:
    """One takes a calendar away, the other begins to use it."""
    spare = '  holidays: {country: GB, subdivision: ENG}\n\nspare:\n  zone: UTC\n  week: {mon: ["09:00-17:00"]}\n'
    present = await text_of(office, "calendars.yml")
    await publish(office, "calendars.yml", "  holidays: {country: GB, subdivision: ENG}\n", spare)
    uses = await propose(office, "sla.yml", SLOW, "resolve: {within: 4h, calendar: spare}")
    found = await shelf.one(office, SUPERVISOR, "calendars.yml")
    asked = ProposeAsked(text=present, base=found.base, why="nobody uses it")
    gone = await proposing.propose(office, SUPERVISOR, "calendars.yml", asked)

    ends = await asyncio.gather(
        *(ruling.accept(office, OTHER, one, RuleAsked()) for one in (uses, gone)), return_exceptions=True
    )

    assert [type(end) for end in ends if end is not None] == [Conflict]
    assert (await InForce(office).look()).policy.source.serial


async def test_of_two_who_decide_at_once_one_does(office: Office) -> None:
    proposal_id = await propose(office, "sla.yml", SLOW, FASTER, by=ADMINISTRATOR)
    alone = RuleAsked(because="at once", alone=True)

    ends = await asyncio.gather(
        ruling.accept(office, SUPERVISOR, proposal_id, RuleAsked()),
        ruling.accept(office, ADMINISTRATOR, proposal_id, alone),
        return_exceptions=True,
    )

    assert [type(end) for end in ends if end is not None] == [Conflict]
    assert [version.number for version in (await shelf.one(office, AUDITOR, "sla.yml")).versions] == [2, 1]


@pytest.mark.parametrize("file", ["people.yml", "retention.yml", "identity.yml", "masking.yml", "../web.py", "x"])
async def test_what_may_not_be_changed_here_cannot_be_reached(office: Office, file: str) -> None:
    reached: list[Callable[[], Awaitable[Any]]] = [
        lambda: shelf.one(office, SUPERVISOR, file),
        lambda: shelf.version(office, SUPERVISOR, file, 0),
        lambda: proposing.check(office, SUPERVISOR, file, "x: 1"),
        lambda: proposing.propose(office, SUPERVISOR, file, ProposeAsked(text="x: 1", base="", why="so")),
    ]

    for reach in reached:
        with pytest.raises(NotFound):
            await reach()


async def test_an_agent_sees_nothing_and_an_auditor_changes_nothing(office: Office) -> None:
    proposal_id = await propose(office, "sla.yml", SLOW, FASTER)
    with pytest.raises(NotAllowed):
        await shelf.overview(office, AGENT)

    deeds: list[Callable[[], Awaitable[Any]]] = [
        lambda: proposing.check(office, AUDITOR, "sla.yml", "x: 1"),
        lambda: proposing.propose(office, AUDITOR, "sla.yml", ProposeAsked(text="x: 1", base="", why="so")),
        lambda: ruling.accept(office, AUDITOR, proposal_id, RuleAsked()),
        lambda: ruling.reject(office, AUDITOR, proposal_id, RuleAsked(because="no")),
        lambda: proposing.withdraw(office, AUDITOR, proposal_id),
        lambda: proposing.withdraw(office, OTHER, proposal_id),
    ]

    for deed in deeds:
        with pytest.raises(NotAllowed):
            await deed()
    assert len((await shelf.overview(office, AUDITOR)).proposals) == 1


@pytest.mark.parametrize(
    "change", ["UPDATE policy_versions SET text = ''", "DELETE FROM policy_versions", "TRUNCATE policy_versions"]
)
async def test_the_database_keeps_what_was_in_force(office: Office, change: str) -> None:
    await publish(office, "sla.yml", SLOW, FASTER)

    with pytest.raises(ProgrammingError, match="only ever added to"):
        async with office.sessions.begin() as session:
            await session.execute(sql(change))
