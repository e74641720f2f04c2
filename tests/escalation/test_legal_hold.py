"""A legal hold is for supervisors and administrators, with a reason; an erased ticket stays as it is."""

import pytest

from escalation import legal_hold
from escalation.errors import NotAllowed, NotLegal
from escalation.wire import LegalHoldAsked
from tests.escalation.shift import Shift


async def asked(shift: Shift, reference: str) -> LegalHoldAsked:
    return LegalHoldAsked(reason="a court asks", version=(await shift.read(reference)).version)


async def test_it_is_begun_and_ended_with_a_reason_and_both_are_on_record(shift: Shift) -> None:
    reference = await shift.ticket()
    await legal_hold.begin(shift.office, "dora.berg", reference, await asked(shift, reference))
    held = await shift.read(reference)

    await legal_hold.end(shift.office, "sam.okoye", reference, await asked(shift, reference))

    ticket = await shift.read(reference)
    assert (held.held_because, ticket.held_because) == ("a court asks", None)
    assert [entry.what for entry in ticket.audit][-2:] == ["legal_hold", "legal_hold_ended"]


async def test_an_agent_holds_nothing_and_nobody_holds_twice(shift: Shift) -> None:
    reference = await shift.ticket()

    with pytest.raises(NotAllowed):
        await legal_hold.begin(shift.office, "amira.khan", reference, await asked(shift, reference))
    await legal_hold.begin(shift.office, "sam.okoye", reference, await asked(shift, reference))
    with pytest.raises(NotLegal, match="already"):
        await legal_hold.begin(shift.office, "sam.okoye", reference, await asked(shift, reference))
