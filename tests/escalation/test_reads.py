"""Every read of personal data is recorded before it is answered."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import ProgrammingError

from escalation import detail, migrate, telephone
from escalation.asks import QueueAsked
from escalation.client import EscalationRefused, asking_from
from escalation.database import connect, sessions_of
from escalation.errors import NotFound
from escalation.office import Office
from escalation.policy import load
from escalation.read_record import ReadRecord
from settings import Settings
from tests.escalation.escalation_service import Running
from tests.escalation.shift import MONDAY_10, Shift

TMF = "/tmf-api/troubleTicket/v4/troubleTicket"
TALK = "/tmf-api/partyInteraction/v4/partyInteraction"
API = {"Authorization": "Bearer test-api-token"}
SID = "RE" + "0a" * 16


async def reads(office: Office) -> list[ReadRecord]:
    async with office.sessions() as session:
        return list(await session.scalars(select(ReadRecord).order_by(ReadRecord.id)))


async def last(office: Office) -> ReadRecord:
    return (await reads(office))[-1]


async def with_personal_data(shift: Shift, **known: Any) -> str:
    contact_id = await shift.contact("voice", "+447700900142")
    await shift.says(contact_id, "my name is Jo Smith")
    handed = await shift.hand_over(contact_id, reachable="07700 900142", customer_id="10023456", **known)
    await telephone.keep_voicemail(shift.office, contact_id, SID, length_s=3, audio=b"RIFF")
    return handed.ticket.reference


async def test_a_tickets_page_is_recorded_with_what_it_showed(shift: Shift) -> None:
    reference = await with_personal_data(shift)

    await shift.read(reference, "sam.okoye")

    read = await last(shift.office)
    assert (read.reader, read.what, read.tickets, read.masked) == ("sam.okoye", "ticket", [reference], False)
    assert {"reachable", "customer_id", "problem", "turns"} <= set(read.fields)
    assert read.at == MONDAY_10


async def test_who_reads_it_masked_is_recorded_as_such(shift: Shift) -> None:
    reference = await with_personal_data(shift)

    await shift.read(reference, "agnes.hall")

    assert (await last(shift.office)).masked


async def test_a_page_of_results_is_one_row_with_its_tickets(shift: Shift) -> None:
    references = {await with_personal_data(shift) if not n else await shift.ticket() for n in range(3)}

    await detail.queue(shift.office, "sam.okoye", QueueAsked(search=None))
    await detail.queue(shift.office, "agnes.hall", QueueAsked())  # sees nothing of any customer in a list

    (read,) = [read for read in await reads(shift.office) if read.what == "queue"]
    assert (read.reader, set(read.tickets)) == ("sam.okoye", references)


async def test_a_page_that_refreshes_itself_is_one_read_for_ten_minutes(shift: Shift) -> None:
    reference = await with_personal_data(shift)
    for _ in range(3):
        await shift.read(reference, "sam.okoye")
    await shift.read(reference, "amira.khan")
    before = [read.reader for read in await reads(shift.office)]

    shift.watch.advance(minutes=11)
    await shift.read(reference, "sam.okoye")

    assert before == ["sam.okoye", "amira.khan"]
    assert [read.reader for read in await reads(shift.office)] == [*before, "sam.okoye"]


async def test_hearing_a_voicemail_is_recorded_each_time(shift: Shift) -> None:
    reference = await with_personal_data(shift)
    for _ in range(2):
        await telephone.audio_of(shift.office, "sam.okoye", reference, SID)

    heard = [read for read in await reads(shift.office) if read.what == "voicemail"]
    assert [(read.reader, read.tickets, read.fields) for read in heard] == [("sam.okoye", [reference], [SID])] * 2


async def test_what_was_refused_is_no_read(shift: Shift) -> None:
    reference = await with_personal_data(shift)

    with pytest.raises(NotFound):
        await shift.read(reference, "victor.lang")
    with pytest.raises(NotFound):
        await telephone.audio_of(shift.office, "agnes.hall", reference, SID)

    assert await reads(shift.office) == []


async def test_a_read_that_cannot_be_recorded_is_not_answered(running: Running) -> None:
    reply = await running.http.post(TMF, json={"description": "no tone", "severity": "High", "ticketType": "landline"})
    async with running.office.sessions.begin() as session:
        await session.execute(text("ALTER TABLE reads ADD CONSTRAINT none_more CHECK (false) NOT VALID"))

    answers = [
        await running.http.get(f"{TMF}/{reply.json()['id']}", headers=API),
        await running.http.get(TMF, headers=API),
        await running.http.get("/escalation/v1/queue", headers={"X-Firstline-Person": "sam.okoye"}),
    ]

    assert [answer.status_code for answer in answers] == [500, 500, 500]
    assert "no tone" not in "".join(answer.text for answer in answers)


async def test_a_machines_reads_name_the_token_the_fields_the_place_and_the_reason(running: Running) -> None:
    filed = await running.http.post(TMF, json={"description": "x", "severity": "High", "ticketType": "landline"})
    one = f"{TMF}/{filed.json()['id']}"
    said = {**API, "X-Firstline-Why": "asked by Mr Smith", "X-Firstline-From": "6.6.6.6"}

    await running.http.get(f"{one}?fields=id,description", headers=said)
    await running.http.get(f"{TMF}?limit=5", headers=API)

    single, page = (await reads(running.office))[-2:]
    assert (single.reader, single.what, single.fields) == ("api", "TMF621 tickets", ["description", "id"])
    assert (single.why, single.address) == ("asked by Mr [name]", "127.0.0.1")  # an outsider does not say where it is
    assert (page.what, page.fields, page.tickets) == ("TMF621 tickets", [], single.tickets)


async def test_a_conversation_read_by_a_machine_is_recorded(running: Running, shift: Shift) -> None:
    contact_id = await shift.contact()
    await shift.says(contact_id, "my name is Jo Smith")

    reply = await running.http.get(f"{TALK}/{contact_id}", headers=API)

    read = await last(running.office)
    assert reply.status_code == 200
    assert (read.reader, read.what, read.contacts) == ("api", "TMF683 interaction", [contact_id])


async def test_where_a_person_sits_is_passed_on_by_the_console(running: Running, shift: Shift) -> None:
    reference = await with_personal_data(shift)

    with asking_from("10.1.2.3"):
        await running.client.ticket("sam.okoye", reference)

    assert (await last(running.office)).address == "10.1.2.3"


async def test_a_customers_own_copy_is_recorded(running: Running, shift: Shift) -> None:
    contact_id = await shift.contact()

    await running.client.copied(contact_id)

    read = await last(running.office)
    assert (read.reader, read.what, read.contacts, read.address) == ("customer", "copy", [contact_id], "")


async def test_an_auditor_looks_up_who_read_what(running: Running, shift: Shift) -> None:
    reference, other = await with_personal_data(shift), await shift.ticket()
    for name in ("sam.okoye", "amira.khan"):
        await running.client.ticket(name, reference)
    await running.client.ticket("sam.okoye", other)

    found = await running.client.reads("agnes.hall", ticket=reference)
    by_person = await _asked(running.http, person="sam.okoye")
    later = await _asked(running.http, since=(running.office.now() + timedelta(hours=1)).isoformat())

    assert [read.reader for read in found] == ["amira.khan", "sam.okoye"]
    assert [read["tickets"] for read in by_person] == [[other], [reference]]
    assert later == []


@pytest.mark.parametrize("name", [name for name, person in load().people.items() if person.role != "auditor"])
async def test_nobody_else_may(running: Running, name: str) -> None:
    with pytest.raises(EscalationRefused) as refusal:
        await running.client.reads(name)

    assert refusal.value.status == 403


async def _asked(http: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    reply = await http.get("/escalation/v1/reads", params=asked, headers={"X-Firstline-Person": "agnes.hall"})
    found: list[dict[str, Any]] = reply.json()["reads"]
    return found


@pytest.fixture(params=["records", "migrations"])
async def kept(request: pytest.FixtureRequest, settings: Settings, database_url: str) -> AsyncIterator[Office]:
    """A read of 100 days ago in a database made by the records, or by the migrations."""
    if request.param == "records":
        request.getfixturevalue("migrated")
    else:
        migrate.upgrade(database_url)
    engine = connect(settings)
    office = Office(sessions_of(engine), load(), "Larkfield Telecom")
    async with office.sessions.begin() as session:
        await session.execute(
            text(
                "INSERT INTO reads (at, reader, what, tickets, contacts, fields, masked, address, why) VALUES "
                "(now() - interval '100 days', 'old', 'ticket', '{}', '{}', '{}', false, '', ''), "
                "(now() - interval '80 days', 'young', 'ticket', '{}', '{}', '{}', false, '', '')"
            )
        )
    yield office
    await engine.dispose()


@pytest.mark.parametrize("change", ["UPDATE reads SET reader = 'x'", "DELETE FROM reads", "TRUNCATE reads"])
async def test_nothing_of_it_is_changed_or_deleted(kept: Office, change: str) -> None:
    with pytest.raises(ProgrammingError, match="only ever added to"):
        async with kept.sessions.begin() as session:
            await session.execute(text(change))

    assert [read.reader for read in await reads(kept)] == ["old", "young"]


async def test_retention_deletes_no_read_of_the_last_ninety_days(kept: Office) -> None:
    until = text("SELECT set_config('firstline.reads_until', (now() + interval '1 day')::text, true)")
    async with kept.sessions() as session:
        await session.execute(until)
        with pytest.raises(ProgrammingError, match="only ever added to"):
            await session.execute(delete(ReadRecord))

    async with kept.sessions.begin() as session:
        await session.execute(until)
        await session.execute(delete(ReadRecord).where(ReadRecord.reader == "old"))
    assert [read.reader for read in await reads(kept)] == ["young"]
