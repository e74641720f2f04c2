"""The roster through its door: who may keep it, what was entered and removed, and by whom."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from escalation.client import EscalationRefused, PersonAsked, SpanAsked
from tests.escalation.escalation_service import Running

SAM = "sam.okoye"


def absence(**different: object) -> SpanAsked:
    """From tomorrow for two days, as the wall clock shows it."""
    today = datetime.now(UTC).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    common = {"kind": "absence", "begins": today + timedelta(days=1), "ends": today + timedelta(days=3)}
    return SpanAsked.model_validate({**common, "substitute": "amira.khan", "why": "training", **different})


async def test_the_roster_is_kept_by_supervisors_alone(running: Running) -> None:
    client = running.client
    attempts: list[Callable[[], Awaitable[object]]] = [
        lambda: client.roster("amira.khan"),
        lambda: client.roster_of("amira.khan", "tom.reed"),
        lambda: client.change_roster("amira.khan", "tom.reed", PersonAsked(maximum=1)),
        lambda: client.add_span("amira.khan", "tom.reed", absence()),
        lambda: client.remove_span("amira.khan", "tom.reed", 1),
    ]

    statuses = []
    for attempt in attempts:
        with pytest.raises(EscalationRefused) as refusal:
            await attempt()
        statuses.append(refusal.value.status)

    assert statuses == [403] * 5


async def test_what_is_entered_stands_in_the_week_until_it_is_removed_and_in_the_history_for_good(
    running: Running,
) -> None:
    client, entered = running.client, absence()
    await client.add_span(SAM, "tom.reed", entered)

    (span,) = (await client.roster_of(SAM, "tom.reed")).spans
    week = await client.roster(SAM, entered.begins.date())
    tom = next(one for one in week.people if one.username == "tom.reed")
    await client.remove_span(SAM, "tom.reed", span.id)
    with pytest.raises(EscalationRefused, match="removed already"):
        await client.remove_span(SAM, "tom.reed", span.id)
    after = await client.roster_of(SAM, "tom.reed")

    assert (span.substitute, span.why, span.added_by) == ("amira.khan", "training", SAM)
    assert [day.absent for day in tom.week if day.day == entered.begins.date()] == [("all day",)]
    assert after.spans == ()
    assert [(line.who, line.what.split(":")[0]) for line in after.history] == [
        ("Sam Okoye", "Absence removed"),
        ("Sam Okoye", "Absence added"),
    ]


async def test_maximum_substitute_and_skills_go_before_the_file(running: Running) -> None:
    asked = PersonAsked(maximum=3, substitute="amira.khan", skills=("fraud", "fibre"))

    await running.client.change_roster(SAM, "tom.reed", asked)

    person = (await running.client.roster_of(SAM, "tom.reed")).person
    assert (person.maximum, person.substitute, person.skills) == (3, "amira.khan", ("fibre", "fraud"))


async def test_nobody_has_offers_before_the_watch_makes_some(running: Running) -> None:
    assert await running.client.offers("tom.reed") == []
    with pytest.raises(EscalationRefused, match="FL-00000000"):
        await running.client.refuse("tom.reed", "FL-00000000", "no time")
