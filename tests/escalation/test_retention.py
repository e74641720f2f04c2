"""What is kept long enough goes; what is younger, held, or needed by the figures stays."""

from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import update

from escalation import policy
from escalation.records import TicketRecord
from escalation.retention import keep_to
from tests.escalation.indicators.measured import leaves
from tests.escalation.shift import Shift
from tests.escalation.test_reads import reads
from tests.escalation.test_subject import OTHER_SID, SOUND, VALUES, ended, kept_anywhere, told


async def a_past(shift: Shift) -> str:
    """A ticket that ended, a conversation without one, and who read them: so long ago that the database, which has
    its own clock, lets go of the reads.
    """
    shift.watch.advance(days=-1000)
    reference = await told(shift)
    await ended(shift, reference)
    contact_id = await shift.contact("voice", "+447700900142")
    await shift.says(contact_id, "I am Smith, of 12 Mill Lane")
    await leaves(shift, contact_id)
    return reference


async def test_each_class_goes_at_its_time(shift: Shift) -> None:
    reference = await a_past(shift)
    seen = []
    for days in (179, 2, 185, 370):
        shift.watch.advance(days=days)
        seen.append(dict(await keep_to(shift.office)))

    assert seen[:2] == [{"texts": 3}, {"voicemails": 1}]
    assert [seen[2].get(name, 0) for name in ("tickets", "contacts", "turns")] == [0, 1, 1]
    assert seen[3]["tickets"] == 1
    assert await kept_anywhere(shift, [*VALUES, SOUND.hex()]) == set()
    assert (await shift.read(reference)).signals.problem == "[erased]"


async def test_a_dry_run_says_the_same_and_changes_nothing(shift: Shift) -> None:
    await a_past(shift)
    shift.watch.advance(days=800)
    before = await kept_anywhere(shift, VALUES)

    tried = await keep_to(shift.office, dry_run=True)

    assert await kept_anywhere(shift, VALUES) == before
    assert tried["tickets"] == 1
    assert await keep_to(shift.office) == tried
    assert await keep_to(shift.office) == {}


async def test_a_ticket_that_is_held_or_open_keeps_everything(shift: Shift) -> None:
    held = await a_past(shift)
    await told(shift, sid=OTHER_SID)
    async with shift.office.sessions.begin() as session:
        await session.execute(
            update(TicketRecord).where(TicketRecord.reference == held).values(held_because="claim 7/2026")
        )
    shift.watch.advance(days=800)

    await keep_to(shift.office)

    page = await shift.read(held)
    assert (page.signals.reachable, page.notes[0].text.startswith("Smith")) == ("07700 900142", True)
    assert ("voicemails", SOUND.hex()) in await kept_anywhere(shift, [SOUND.hex()])


async def test_old_reads_go_and_young_ones_stay(shift: Shift) -> None:
    reference = await shift.ticket()
    shift.watch.advance(days=-1000)
    await shift.read(reference)
    shift.watch.advance(days=1000)
    await shift.read(reference)
    assert len(await reads(shift.office)) == 2

    gone = await keep_to(shift.office)

    assert gone["reads"] == 1
    assert [read.at for read in await reads(shift.office)] == [shift.watch()]


@pytest.mark.parametrize(
    ("line", "told_at"),
    [("tickets: 10d", "retention.yml:7: tickets"), ("reads: 30d", "retention.yml:8: reads"), ("turns: 90d", "turns")],
)
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path, line: str, told_at: str) -> None:
    folder = copytree(policy.FOLDER, tmp_path / "operator")
    name = line.split(":", maxsplit=1)[0]
    written = (folder / "retention.yml").read_text().splitlines()
    changed = [line if old.startswith(f"{name}:") else old for old in written]
    (folder / "retention.yml").write_text("\n".join(changed if changed != written else [*written, line]))

    with pytest.raises(policy.PolicyError, match=told_at):
        policy.load(folder)
