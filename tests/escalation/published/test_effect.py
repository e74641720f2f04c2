"""What a proposal would change of the open tickets: counted by hand on five of them."""

from datetime import timedelta

from escalation import policy
from escalation.published import proposing, ruling, shelf
from escalation.published.effect import OpenTickets, effect
from escalation.published.policy_wire import Effect, RuleAsked
from tests.escalation.published.proposals import OTHER, SUPERVISOR, propose, text_of
from tests.escalation.shift import MONDAY_10, Shift


async def five(shift: Shift) -> list[str]:
    """P4 about a bill, P3 and P2 (a company) about a slow line, P2 about one that is down; and one that is solved.

    routing.yml: a slow line is of medium urgency, one that is down of high urgency.
    """
    known: tuple[dict[str, str], ...] = (
        {"category": "bill-understand"},
        {"category": "broadband-slow", "segment": "gold"},
        {"category": "broadband-slow", "segment": "corporate", "service": "degraded"},
        {"category": "broadband-down", "segment": "gold"},
        {"category": "broadband-slow", "segment": "gold"},
    )
    opened = []
    for signals in known:
        opened.append(await shift.ticket(**signals))
        shift.watch.advance(minutes=1)
    rows = [(await shift.read(reference)).priority for reference in opened]
    assert rows == ["P4", "P3", "P2", "P2", "P3"]
    await shift.act("sam.okoye", opened[-1], "accept")
    await shift.act("sam.okoye", opened[-1], "resolve", text="faster again")
    return opened


async def effect_of(shift: Shift, file: str, written: str, instead: str) -> Effect:
    text = await text_of(shift.office, file)
    assert written in text
    checked = await proposing.check(shift.office, SUPERVISOR, file, text.replace(written, instead, 1))
    assert checked.effect is not None
    return checked.effect


def counts(found: Effect) -> dict[str, int]:
    return found.model_dump(exclude={"examples"})


NOTHING = {"open": 4, "looked_at": 4, "changed": 0, "priority": 0, "queue": 0, "level": 0, "deadline": 0}


async def test_a_word_changes_no_ticket(shift: Shift) -> None:
    await five(shift)

    found = await effect_of(shift, "board.yml", "contained: 50", "contained: 51")

    assert (counts(found), found.examples) == (NOTHING, ())


async def test_another_urgency_makes_another_priority_level_queue_and_deadlines(shift: Shift) -> None:
    """Of the two open ones about a slow line the gold one becomes P2, and the company's P1."""
    _, _, company, *_ = await five(shift)

    found = await effect_of(
        shift, "routing.yml", "broadband-slow: {department: fixed-access, urgency: medium",
        "broadband-slow: {department: fixed-access, urgency: high",
    )  # fmt: skip

    assert counts(found) == NOTHING | {"changed": 2, "priority": 2, "queue": 2, "level": 2, "deadline": 2}
    (shown,) = found.examples
    changes = {change.what: (change.was, change.now) for change in shown.changes}
    assert shown.reference == company
    assert (changes["priority"], changes["level"]) == (("P2", "P1"), ("2", "3"))
    department = "Fixed access and field service"
    assert changes["queue"] == (f"Technical support ({department})", f"Fixed access ({department})")


async def test_another_department_is_another_queue_and_no_other_priority(shift: Shift) -> None:
    bill, *_ = await five(shift)

    found = await effect_of(
        shift, "routing.yml", "bill-understand: {department: billing}", "bill-understand: {department: frontline}"
    )

    assert counts(found) == NOTHING | {"changed": 1, "queue": 1}
    (shown,) = found.examples
    assert shown.reference == bill
    assert [(change.what, change.was, change.now) for change in shown.changes] == [
        ("queue", "Billing queue (Billing)", "Front line")
    ]


async def test_another_target_moves_the_deadline_of_its_priority_alone(shift: Shift) -> None:
    """P2 has one ticket of a gold customer; the company's target is its agreement's, which goes before."""
    *_, down, _ = await five(shift)

    found = await effect_of(
        shift,
        "sla.yml",
        "resolve: {within: 8h, calendar: always, exclude: maintenance}",
        "resolve: {within: 6h, calendar: always, exclude: maintenance}",
    )

    assert counts(found) == NOTHING | {"changed": 1, "deadline": 1}
    changes = {change.what: change for change in found.examples[0].changes}
    assert found.examples[0].reference == down
    assert changes["resolve"].was == (shift.watch() + timedelta(hours=8)).isoformat()
    assert changes["resolve"].now == (shift.watch() + timedelta(hours=6)).isoformat()


async def test_another_start_is_another_level(shift: Shift) -> None:
    await five(shift)

    found = await effect_of(shift, "tiers.yml", "P4: 1}  # tier that", "P4: 2}  # tier that")

    assert (found.changed, found.priority, found.level, found.queue) == (1, 0, 1, 1)


async def test_examples_are_of_different_sorts(shift: Shift) -> None:
    """Ten alike are one example."""
    for _ in range(10):
        await shift.ticket(category="bill-understand")

    found = await effect_of(
        shift, "routing.yml", "bill-understand: {department: billing}", "bill-understand: {department: frontline}"
    )

    assert (found.changed, len(found.examples)) == (10, 1)


async def test_the_decision_keeps_what_it_would_change(shift: Shift) -> None:
    await five(shift)
    proposal_id = await propose(shift.office, "tiers.yml", "P4: 1}  # tier that", "P4: 2}  # tier that")

    await ruling.accept(shift.office, OTHER, proposal_id, RuleAsked())

    kept = (await shelf.proposal(shift.office, SUPERVISOR, proposal_id)).effect
    assert kept is not None
    assert (kept.open, kept.changed, kept.level) == (4, 1, 1)


async def test_what_a_preview_shows_has_nothing_of_a_customer(shift: Shift) -> None:
    await shift.ticket(category="bill-understand", problem="Jo Smith is angry", reachable="07700 900142")

    found = await effect_of(
        shift, "routing.yml", "bill-understand: {department: billing}", "bill-understand: {department: frontline}"
    )

    assert found.changed == 1
    assert not [word for word in ("Smith", "900142") if word in found.model_dump_json()]


def test_without_tickets_there_is_nothing_to_change() -> None:
    found = policy.load()

    assert effect(found, found, OpenTickets(0, ()), MONDAY_10).changed == 0


async def test_a_look_stores_nothing(shift: Shift) -> None:
    await five(shift)

    await effect_of(shift, "tiers.yml", "P4: 1}  # tier that", "P4: 2}  # tier that")

    assert (await shelf.overview(shift.office, SUPERVISOR)).proposals == ()
