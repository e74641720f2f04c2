"""What we keep of one person is collected, or taken out, whole; and nothing of anybody else's."""

from typing import Any

import pytest
from sqlalchemy import text, update

from escalation import telephone
from escalation.errors import Conflict, NotLegal
from escalation.indicators.catalogue import BY_KEY
from escalation.phone_wire import CallbackAsked
from escalation.records import TicketRecord
from escalation.subject import Subject, access, as_html, erase
from tests.escalation.indicators.measured import figure
from tests.escalation.shift import Shift

SAID = "My name is Jo Smith, 12 Mill Lane, LF1 2AB, ring 07700 900142 or jo.smith@example.com"
VALUES = ["Smith", "07700 900142", "7700900142", "jo.smith@example.com", "10023456", "12 Mill Lane", "LF1 2AB"]
JO = Subject(account="10023456", phone="+44 7700 900142")
SID, OTHER_SID = "RE" + "0a" * 16, "RE" + "0b" * 16
SOUND = b"RIFF of a voice"


async def told(shift: Shift, *, number: str = "07700 900142", sid: str = SID, **known: Any) -> str:
    contact_id = await shift.contact("voice", f"+44{number.replace(' ', '')[1:]}")
    await shift.says(contact_id, SAID)
    signals = {"problem": SAID, "customer_id": "10023456", "reachable": number, "category": "bill-dispute", **known}
    reference = (await shift.hand_over(contact_id, **signals)).ticket.reference
    await telephone.promise_callback(shift.office, contact_id, CallbackAsked(number=None, by_voicemail=False))
    await telephone.keep_voicemail(shift.office, contact_id, sid, length_s=3, audio=SOUND)
    await telephone.transcribe(shift.office, sid, SAID)
    await shift.act("bea.novak", reference, "accept")
    await shift.act("bea.novak", reference, "note", text=f"Smith rang: {SAID}")
    return reference


async def ended(shift: Shift, reference: str) -> None:
    await shift.act("bea.novak", reference, "resolve", text="Paid back to Jo Smith")
    await shift.act("bea.novak", reference, "close")


async def kept_anywhere(shift: Shift, values: list[str]) -> set[tuple[str, str]]:
    """Table and value: every row of every table, as text, with arrays, JSON and sound (in hex)."""
    async with shift.office.sessions() as session:
        tables = await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        rows = {table: await session.scalars(text(f'SELECT "{table}"::text FROM "{table}"')) for table in tables.all()}
    whole = {table: "\n".join(found).lower() for table, found in rows.items()}
    return {(table, value) for table, kept in whole.items() for value in values if value.lower() in kept}


async def test_after_erasure_no_row_of_any_table_has_a_value_of_the_person(shift: Shift) -> None:
    reference = await told(shift)
    await ended(shift, reference)
    before = await kept_anywhere(shift, [*VALUES, SOUND.hex()])

    erased = await erase(shift.office, JO, by="dora.berg")

    assert {table for table, _ in before} >= {"tickets", "contacts", "turns", "notes", "voicemails", "outbox"}
    assert {value for _, value in before} == {*VALUES, SOUND.hex()}
    assert await kept_anywhere(shift, [*VALUES, SOUND.hex()]) == set()
    assert (erased.counts["tickets"], erased.counts["contacts"], erased.kept) == (1, 1, ())


async def test_the_history_and_the_figures_stay(shift: Shift) -> None:
    first = await told(shift)
    await ended(shift, first)
    shift.watch.advance(hours=2)
    await ended(shift, await told(shift, sid=OTHER_SID))
    shift.watch.advance(days=8)
    before = {key: (await figure(shift, key, window="month")).value for key in BY_KEY}

    await erase(shift.office, JO, by="dora.berg")

    after = {key: (await figure(shift, key, window="month")).value for key in BY_KEY}
    page = await shift.read(first)
    assert after == before
    assert len([value for value in before.values() if value is not None]) >= 5
    assert (page.audit[-1].what, page.audit[-1].who) == ("erased", "dora.berg")


async def test_somebody_elses_is_untouched(shift: Shift) -> None:
    await ended(shift, await told(shift))
    other = await told(shift, number="07700 900999", sid=OTHER_SID, customer_id="10099999")

    await erase(shift.office, Subject(phone="07700 900142"), by="dora.berg")

    page = await shift.read(other)
    assert (page.signals.reachable, page.signals.problem, page.turns[0].text) == ("07700 900999", SAID, SAID)


async def test_an_open_ticket_is_not_erased_unless_it_may_be_closed(shift: Shift) -> None:
    reference = await told(shift)

    with pytest.raises(Conflict, match=reference):
        await erase(shift.office, JO, by="dora.berg")
    assert (await shift.read(reference)).signals.problem == SAID

    await erase(shift.office, JO, by="dora.berg", close_first=True)
    page = await shift.read(reference)
    assert (page.status, page.signals.problem) == ("closed", "[erased]")
    assert await kept_anywhere(shift, VALUES) == set()


async def test_an_erased_ticket_stays_as_it_is(shift: Shift) -> None:
    reference = await told(shift)
    await shift.act("bea.novak", reference, "resolve", text="Paid back to Jo Smith")
    async with shift.office.sessions.begin() as session:
        await session.execute(update(TicketRecord).values(erased_at=shift.watch()))

    for move in ("reopen", "close"):
        with pytest.raises(NotLegal, match="has been taken out"):
            await shift.act("sam.okoye", reference, move, reason="not done")

    assert (await shift.read(reference)).status == "resolved"


async def test_a_dry_run_counts_the_same_and_changes_nothing(shift: Shift) -> None:
    await ended(shift, await told(shift))
    before = await kept_anywhere(shift, VALUES)

    tried = await erase(shift.office, JO, by="dora.berg", dry_run=True)

    assert await kept_anywhere(shift, VALUES) == before
    assert (await erase(shift.office, JO, by="dora.berg")).counts == tried.counts


async def test_what_the_law_holds_stays_with_the_reason(shift: Shift) -> None:
    reference = await told(shift)
    await ended(shift, reference)
    async with shift.office.sessions.begin() as session:
        await session.execute(update(TicketRecord).values(held_because="claim 7/2026"))

    erased = await erase(shift.office, JO, by="dora.berg")

    assert erased.kept == ((reference, "claim 7/2026"),)
    page = await shift.read(reference)
    assert (page.signals.problem, page.turns[0].text) == (SAID, SAID)


async def test_access_has_everything_and_is_recorded(shift: Shift) -> None:
    reference = await told(shift)

    parts = await access(shift.office, Subject(phone="0044 7700 900142"), by="dora.berg")

    page = as_html(parts)
    assert {name: len(records) for name, records in parts.items() if name != "history"} == {
        "tickets": 1,
        "contacts": 1,
        "turns": 2,
        "notes": 1,
        "callbacks": 1,
        "calls": 0,
        "voicemails": 1,
        "visits": 0,
        "answers": 0,
    }
    assert SOUND.hex() in page
    assert [value for value in VALUES if value not in page] == []
    assert await kept_anywhere(shift, ["subject"]) >= {("reads", "subject")}
    assert reference in page
