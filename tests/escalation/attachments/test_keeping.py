"""Files belong to their contact: its customer and whoever serves its tickets get them, nobody else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from escalation.attachments import keeping, sending
from escalation.attachments.intake import Intake
from escalation.attachments.scan import NoScanner
from escalation.client import EscalationRefused, EscalationUnavailable
from escalation.errors import Conflict, NotAllowed, NotFound, NotLegal, Outdated
from escalation.reception import finish_contact
from escalation.streams import live
from settings import Settings
from tests.escalation.attachments.files import HTML, PDF, bomb, photo
from tests.escalation.escalation_service import Running, started
from tests.escalation.shift import Shift

INTAKE = Intake(NoScanner(), most_mb=5, most=2)


async def kept(shift: Shift, contact_id: Any, key: str = "c-1", content: bytes = PDF) -> Any:
    return await keeping.keep(shift.office, INTAKE, contact_id, key=key, name="bill.pdf", content=content)


async def test_a_file_sent_twice_is_one_file(shift: Shift) -> None:
    contact = await shift.contact()

    first, again = await kept(shift, contact), await kept(shift, contact)

    assert first == again


async def test_a_contact_has_at_most_so_many_however_they_come(shift: Shift) -> None:
    contact = await shift.contact()

    tried = await asyncio.gather(*(kept(shift, contact, f"c-{n}") for n in range(5)), return_exceptions=True)

    assert sum(isinstance(each, Conflict) for each in tried) == 3
    with pytest.raises(Conflict):
        await kept(shift, contact, "c-9")


async def test_agents_see_them_with_the_ticket_and_open_them(shift: Shift) -> None:
    contact = await shift.contact()
    reference = (await shift.hand_over(contact)).ticket.reference
    one = await kept(shift, contact, content=photo())

    ticket = await shift.read(reference)
    whole = await keeping.of_ticket(shift.office, "sam.okoye", reference, one.id)
    small = await keeping.of_ticket(shift.office, "sam.okoye", reference, one.id, small=True)

    assert ticket.attachments == (one,)
    assert (whole.name, whole.media_type) == ("bill.jpg", "image/jpeg")
    assert len(small.content) < len(whole.content)


async def test_another_ticket_does_not_open_them(shift: Shift) -> None:
    one = await kept(shift, await shift.contact())
    other = await shift.ticket()

    with pytest.raises(NotFound):
        await keeping.of_ticket(shift.office, "sam.okoye", other, one.id)


async def test_who_sees_no_personal_data_sees_no_files(shift: Shift) -> None:
    contact = await shift.contact()
    reference = (await shift.hand_over(contact)).ticket.reference
    one = await kept(shift, contact)
    auditor = next(name for name, person in shift.office.policy.people.items() if person.role == "auditor")

    assert (await shift.read(reference, auditor)).attachments == ()
    with pytest.raises(NotFound):
        await keeping.of_ticket(shift.office, auditor, reference, one.id)


async def test_an_agent_sends_a_file_as_a_reply(shift: Shift) -> None:
    contact = await shift.contact()
    reference = (await shift.hand_over(contact, live=True)).ticket.reference
    accepted = await shift.act("sam.okoye", reference, "accept")

    sent = await sending.send(
        shift.office, INTAKE, "sam.okoye", reference, name="how to.pdf", content=PDF, version=accepted.version
    )

    ticket = await shift.read(reference)
    told = (await shift.events(live("chat")))[-1]
    assert (ticket.notes[-1].text, ticket.notes[-1].attachment_id) == ("how to.pdf", sent.id)
    assert (told["kind"], told["attachment"]["id"]) == ("message", str(sent.id))
    assert not sent.by_customer
    assert (await keeping.of_customer(shift.office, contact, sent.id)).content == PDF
    with pytest.raises(Outdated):
        await sending.send(shift.office, INTAKE, "sam.okoye", reference, name="a.pdf", content=PDF, version=1)


async def test_a_file_reaches_nobody_who_has_gone(shift: Shift) -> None:
    contact = await shift.contact()
    reference = (await shift.hand_over(contact, live=True)).ticket.reference
    accepted = await shift.act("sam.okoye", reference, "accept")
    await finish_contact(shift.office, contact, "handed_over")

    with pytest.raises(NotLegal):
        await sending.send(
            shift.office, INTAKE, "sam.okoye", reference, name="a.pdf", content=PDF, version=accepted.version
        )


async def test_who_may_not_reply_sends_no_file(shift: Shift) -> None:
    reference = await shift.ticket(live=True)

    with pytest.raises(NotAllowed):
        await sending.send(shift.office, INTAKE, "sam.okoye", reference, name="a.pdf", content=PDF, version=1)


async def test_the_door_carries_files_both_ways_and_says_why_not(running: Running) -> None:
    contact, client = uuid4(), running.client
    tried = [(PDF + b"\n" * 5_300_000, 413), (HTML, 415), (bomb(), 422)]

    one = await client.keep_attachment(contact, key="c-1", name="a.pdf", content=PDF + b"\n" * 3_000_000)

    assert (await client.contact_attachment(contact, one.id)).name == "a.pdf"
    for content, status in tried:
        with pytest.raises(EscalationRefused) as refused:
            await client.keep_attachment(contact, key="c-2", name="a", content=content)
        assert refused.value.status == status
    with pytest.raises(EscalationRefused):
        await client.contact_attachment(uuid4(), one.id)


@pytest.fixture
async def with_silent_scanner(migrated: Settings) -> AsyncIterator[Running]:
    async with started(migrated.model_copy(update={"attachment_scan_command": "sh -c 'exit 9'"})) as service:
        yield service


async def test_while_nothing_can_be_scanned_it_is_said_as_an_outage(with_silent_scanner: Running) -> None:
    with pytest.raises(EscalationUnavailable):
        await with_silent_scanner.client.keep_attachment(uuid4(), key="c", name="a.pdf", content=PDF)

    health = (await with_silent_scanner.http.get("/escalation/v1/health")).json()
    assert health["attachments"] == "scanned"


async def test_tmf621_refers_to_them_and_a_client_that_reads_conversations_gets_them(running: Running) -> None:
    contact = uuid4()
    one = await running.client.keep_attachment(contact, key="c-1", name="lights.jpg", content=photo())
    signals = {"category": "general", "reason": "wants_person", "problem": "no light"}
    handed = await running.http.post(
        f"/escalation/v1/contacts/{contact}/handovers", json={"signals": signals, "key": "k"}
    )
    path = f"/tmf-api/troubleTicket/v4/troubleTicket/{handed.json()['ticket']['ticket_id']}"

    reference = (await running.http.get(path)).json()["attachment"][0]
    file = await running.http.get(reference["url"].removeprefix(running.app.state.public_url))
    patched = await running.http.patch(path, json={"attachment": [reference]})

    assert (reference["id"], reference["name"], reference["mimeType"]) == (str(one.id), "lights.jpg", "image/jpeg")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert len(file.content) == reference["size"]["amount"]
    assert len(patched.json()["attachment"]) == 1
    async with httpx.AsyncClient(transport=running.http._transport, base_url="http://escalation") as stranger:
        assert (await stranger.get(reference["url"].removeprefix(running.app.state.public_url))).status_code == 401
