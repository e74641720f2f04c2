"""A whisper reaches the person in the chat, and the customer by no way at all."""

import uuid
from contextlib import AsyncExitStack

import httpx
import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from chat.front import Doors
from escalation import whispering
from escalation.asks import WhisperAsked
from escalation.client import EscalationRefused, Trail
from escalation.errors import NotAllowed, NotFound, NotLegal
from escalation.records import NoteRecord, OutboxRecord
from escalation.streams import STAFF
from settings import Settings
from tests.chat.fakes import Visitor, World, served, site
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift

AMIRA, TOM, SAM = "amira.khan", "tom.reed", "sam.okoye"
SECRET = "Careful, this one has complained twice already"
TMF621 = "/tmf-api/troubleTicket/v4/troubleTicket"
TMF683 = "/tmf-api/partyInteraction/v4/partyInteraction"


async def accepted(shift: Shift) -> str:
    reference = (await shift.hand_over(await shift.contact(), live=True)).ticket.reference
    await shift.act(AMIRA, reference, "accept")
    return reference


async def whisper(shift: Shift, reference: str, *, by: str = SAM, to: str = AMIRA) -> None:
    await whispering.whisper(shift.office, by, reference, WhisperAsked(to=to, text=SECRET))


@pytest.mark.parametrize("by", [SAM, TOM])
async def test_it_stands_among_the_internal_notes_of_the_person_in_the_chat(shift: Shift, by: str) -> None:
    reference = await accepted(shift)

    await whisper(shift, reference, by=by)

    ticket = await shift.read(reference, AMIRA)
    note = ticket.notes[-1]
    assert (note.text, note.public, note.addressee, note.to) == (SECRET, False, AMIRA, "Amira Khan")
    assert (ticket.audit[-1].who, ticket.audit[-1].what, ticket.audit[-1].why) == (by, "whispered", f"to {AMIRA}")
    assert (await shift.events(STAFF))[-1]["kind"] == "whisper"


async def test_what_the_person_is_writing_can_still_be_sent(shift: Shift) -> None:
    reference = await accepted(shift)
    version = (await shift.read(reference, AMIRA)).version

    await whisper(shift, reference)

    await shift.act(AMIRA, reference, "reply", text="Good evening.", version=version)


async def test_it_goes_to_nobody_who_has_the_ticket_no_more(shift: Shift) -> None:
    reference = await accepted(shift)
    await shift.act(SAM, reference, "accept")

    for by, to in ((TOM, AMIRA), (SAM, SAM)):
        with pytest.raises(NotLegal):
            await whisper(shift, reference, by=by, to=to)

    assert (await shift.read(reference)).notes == []


async def test_only_who_may_add_a_note_whispers(shift: Shift) -> None:
    reference = await accepted(shift)

    with pytest.raises(NotAllowed):
        await whisper(shift, reference, by="agnes.hall")
    with pytest.raises(NotFound):
        await whisper(shift, reference, by="priya.shah")


async def test_the_database_takes_no_whisper_that_is_public(shift: Shift) -> None:
    reference = await accepted(shift)
    await whisper(shift, reference)
    async with shift.office.sessions() as session:
        ticket_id = await session.scalar(select(NoteRecord.ticket_id))
        public = {"author": SAM, "at": shift.watch(), "text": SECRET, "public": True, "addressee": AMIRA}

        with pytest.raises(IntegrityError, match="whispers_are_internal"):
            await session.execute(insert(NoteRecord).values(ticket_id=ticket_id, **public))


async def test_no_event_that_leaves_us_carries_it(shift: Shift) -> None:
    reference = await accepted(shift)

    await whisper(shift, reference)

    async with shift.office.sessions() as session:
        left = (await session.scalars(select(OutboxRecord.payload))).all()
    assert left
    assert SECRET not in str(left)


async def test_the_customer_sees_it_neither_live_nor_kept_nor_by_the_standard_interfaces(
    running: Running, migrated: Settings
) -> None:
    world = World()
    async with AsyncExitStack() as stack:
        trail = Trail(running.redis, "chat", running.client)
        doors = Doors(bot=world.bot, escalation=running.client, trail=trail, messages=world.messages)
        world.connect = lambda *_: doors  # type: ignore[method-assign]  # the real escalation behind the real chat
        url = await stack.enter_async_context(served(site(migrated, world)))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=10))
        visitor = await Visitor.comes(http)
        await visitor.writes("My internet is slow")
        await visitor.hears("You said")
        shift = Shift(running.office, running.office.now)  # type: ignore[arg-type]  # the clock on the wall
        reference = (await shift.hand_over(uuid.UUID(visitor.id), live=True)).ticket.reference
        accepted_now = await shift.act(AMIRA, reference, "accept")
        await visitor.hears("Amira Khan has joined")

        await running.client.whisper(SAM, reference, to=AMIRA, text=SECRET)
        version = (await running.client.ticket(AMIRA, reference)).version
        await running.client.act(AMIRA, reference, "reply", version=version, text="Good evening.")
        await visitor.hears("Good evening.")

        mine = f"/chat/conversations/{visitor.id}"
        told = [str(visitor.seen)] + [
            (await http.get(f"{mine}/{what}", headers=visitor.headers)).text for what in ("history", "copy")
        ]
        machine = {"Authorization": "Bearer test-api-token"}
        tickets = await running.http.get(f"{TMF621}/{accepted_now.ticket_id}", headers=machine)
        talk = await running.http.get(f"{TMF683}/{visitor.id}", headers=machine)
        assert (tickets.status_code, talk.status_code) == (200, 200)
        told += [tickets.text, talk.text]

    assert all("Good evening." in text for text in told)
    assert not any("complained" in text for text in told)
    assert SECRET in [note.text for note in (await running.client.ticket(AMIRA, reference)).notes]


async def test_the_door_refuses_in_words(running: Running) -> None:
    shift = Shift(running.office, running.office.now)  # type: ignore[arg-type]
    reference = await accepted(shift)

    with pytest.raises(EscalationRefused, match="does not have this ticket"):
        await running.client.whisper(SAM, reference, to=TOM, text=SECRET)
