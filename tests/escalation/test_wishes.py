"""Wishes that a program joins: counted together, answered together, and parted for good by a person."""

import pytest

from escalation import register, wishes
from escalation.errors import NotFound, NotLegal
from escalation.following import pass_on
from escalation.kind_wire import SameWishAsked, UnlinkAsked
from escalation.kinship import unlink
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift


async def wish(shift: Shift, problem: str = "an eSIM", **known: str) -> str:
    reference = await shift.ticket(category="feature-request", problem=problem, **known)
    shift.watch.advance(minutes=1)
    return reference


async def joined(shift: Shift, reference: str, to: str) -> None:
    await wishes.join(shift.office, SameWishAsked(reference=reference, to=to, nearness=0.71))


async def test_who_asked_for_the_same_is_counted_and_answered_with_it(shift: Shift) -> None:
    first = await wish(shift)
    others = [await wish(shift, "a digital SIM", reachable=f"+4477009001{number}0") for number in range(2)]
    for other in others:
        await joined(shift, other, first)
    (group,) = await register.wishes(shift.office, open_only=True)

    await shift.act("sam.okoye", first, "accept")
    await shift.act("sam.okoye", first, "resolve", text="eSIM comes in May.")
    while await pass_on(shift.office):
        pass

    assert (group.reference, group.count) == (first, 3)
    assert [(await shift.read(other)).status for other in others] == ["resolved", "resolved"]
    told = [event["to"] for event in await shift.events("sms") if "FL-" in event["text"]]
    assert {"+44770090010" + "0", "+44770090011" + "0"} <= set(told)
    assert await register.wishes(shift.office, open_only=True) == []
    assert len(await register.wishes(shift.office)) == 1


async def test_the_audit_says_that_it_was_a_program_and_how_near_they_were(shift: Shift) -> None:
    first, second = await wish(shift), await wish(shift)

    await joined(shift, second, first)

    entry = (await shift.read(second)).audit[-1]
    assert (entry.who, entry.what, entry.why) == ("likeness", "linked", f"same wish as {first} (nearness 0.71)")


async def test_what_a_person_parted_is_not_joined_again(shift: Shift) -> None:
    first, second = await wish(shift), await wish(shift)
    await joined(shift, second, first)
    version = (await shift.read(second)).version
    await unlink(shift.office, "sam.okoye", second, UnlinkAsked(reason="another thing", version=version))

    with pytest.raises(NotLegal, match="unlinked by a person"):
        await joined(shift, second, first)


async def test_only_wishes_are_joined(shift: Shift) -> None:
    first, fault = await wish(shift), await shift.ticket(category="wifi")

    with pytest.raises(NotLegal):
        await joined(shift, fault, first)
    with pytest.raises(NotFound):
        await joined(shift, "FL-10000000", first)


async def test_they_are_joined_through_the_door(running: Running) -> None:
    shift = Shift(running.office, running.office.now)  # type: ignore[arg-type]
    first, second = [await shift.ticket(category="feature-request", problem="an eSIM") for _ in range(2)]

    await running.client.join_wishes(second, first, nearness=0.8)

    assert [(one.reference, one.count) for one in await running.client.wishes(open_only=True)] == [(first, 2)]
