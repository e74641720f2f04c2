"""Lines of the queue that are read for all open lists."""

from sqlalchemy import select

from escalation import changed_rows, detail
from escalation.asks import QueueAsked
from escalation.read_record import ReadRecord
from tests.escalation.shift import Shift


async def test_a_line_has_no_words_and_is_no_read_of_personal_data(shift: Shift) -> None:
    reference = await shift.ticket(problem="Sam Porter's line is dead", segment="corporate")

    (row,) = await changed_rows.rows(shift.office, [reference, "FL-00000000"])

    assert (row.reference, row.problem, row.last_public_note) == (reference, "", None)
    assert (row.segment, row.is_open) == ("corporate", True)
    async with shift.office.sessions.begin() as session:
        assert not (await session.scalars(select(ReadRecord))).all()


async def test_it_is_otherwise_the_line_of_the_queue(shift: Shift) -> None:
    reference = await shift.ticket(live=True)

    (row,) = await changed_rows.rows(shift.office, [reference])
    (shown,) = await detail.queue(shift.office, "sam.okoye", QueueAsked())

    assert row.model_dump(include=set(type(shown).model_fields)) == {
        **shown.model_dump(),
        "problem": "",
        "last_public_note": None,
    }
    assert row.next_due_at is not None


async def test_it_says_for_whom_it_waits_and_that_it_has_ended(shift: Shift) -> None:
    reference = await shift.ticket()
    (waiting,) = await changed_rows.rows(shift.office, [reference])
    await shift.act("sam.okoye", reference, "accept")
    await shift.act("sam.okoye", reference, "resolve", text="done")

    (resolved,) = await changed_rows.rows(shift.office, [reference])

    assert waiting.asked
    assert (waiting.is_open, resolved.is_open) == (True, False)
