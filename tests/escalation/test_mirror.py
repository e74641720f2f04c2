"""Tickets of one Firstline are kept in another one too, over HTTP, and what happens there comes back."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import NullPool, create_engine, select

from escalation import dead_letters, intake
from escalation.app import create_app
from escalation.asks import QueueAsked
from escalation.database import url_of
from escalation.dead_letters import DeadAsked
from escalation.detail import queue
from escalation.errors import NotLegal
from escalation.kind import Kind
from escalation.kind_wire import FileAsked, LinkAsked
from escalation.kinship import link
from escalation.mirror.mirror_file import MirrorFile, faults_of_mirror
from escalation.mirror.records import MirroredRecord
from escalation.mirror.way import moves_to
from escalation.records import Record, TicketRecord
from escalation.relation import Relation
from escalation.ticket import Status, after
from escalation.wire import TicketDetail
from ops.embedded import EmbeddedPostgres
from settings import Settings
from tests.escalation.escalation_service import Running
from tests.escalation.mirror_pair import Pair, mirror_file, paired, served, settings_of_the_other
from tests.escalation.shift import Shift

BROKEN = {"system": "switch", "version": "9.2", "expected": "a route", "happened": "none", "evidence": ["trace 17"]}


@pytest.fixture
def other_settings(settings: Settings, _postgres: EmbeddedPostgres, database_url: str) -> Iterator[Settings]:
    """Of an instance beside the first one, on a database of its own."""
    name = f"other_{uuid4().hex}"
    url = _postgres.ensure_database(name)
    engine = create_engine(url_of(url), poolclass=NullPool)
    with engine.begin() as connection:
        Record.metadata.create_all(connection, checkfirst=False)
    yield settings_of_the_other(settings, url)
    with psycopg.connect(_postgres.url(), autocommit=True) as connection_of_all:
        connection_of_all.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def pair(running: Running, other_settings: Settings) -> AsyncIterator[Pair]:
    async with paired(running.office, create_app(other_settings)) as both:
        yield both


async def their_copy(pair: Pair, reference: str) -> TicketDetail:
    """The one ticket there that has our reference as its external id."""
    async with pair.there.office.sessions() as session:
        found = await session.scalars(select(TicketRecord.reference).where(TicketRecord.external_id == reference))
        (their_reference,) = found
    return await pair.there.read(their_reference)


async def broken(shift: Shift) -> str:
    asked = FileAsked(kind=Kind.SYSTEM_PROBLEM, problem="No route to 0161", form=BROKEN)
    return await intake.file(shift.office, "felix.moreau", asked)


async def linked(shift: Shift, reference: str, relation: Relation, to: str) -> None:
    version = (await shift.read(reference)).version
    await link(shift.office, "sam.okoye", reference, LinkAsked(relation=relation, to=to, version=version))


async def test_a_ticket_appears_there_with_its_form_and_relations(pair: Pair) -> None:
    major, child = await broken(pair.here), await pair.here.ticket(problem="I cannot call Manchester")
    await linked(pair.here, child, Relation.CHILD_OF, major)
    async with served(pair.wire, pair.port):
        await pair.told()
        pair.here.watch.advance(seconds=3)  # the child may have had to wait for the other one
        await pair.told()

        copy, above = await their_copy(pair, child), await their_copy(pair, major)
        their_id = await id_of(pair.there, copy.reference)

    assert (above.kind, above.signals.problem) == ("system-problem", "No route to 0161")
    assert {"9.2", "a route", "none"} <= {entry.value for entry in above.form if isinstance(entry.value, str)}
    assert [(one.relation, one.direction, one.reference) for one in copy.relations] == [
        (Relation.CHILD_OF, "to", above.reference)
    ]
    ours = await pair.here.read(child)
    assert [(entry.what, entry.why) for entry in ours.audit if entry.who == "mirror"] == [
        ("mirrored", f"ERP {their_id}")
    ]


async def id_of(shift: Shift, reference: str) -> str:
    async with shift.office.sessions() as session:
        return str(await session.scalar(select(TicketRecord.id).where(TicketRecord.reference == reference)))


async def test_changes_go_both_ways_and_nothing_echoes(pair: Pair) -> None:
    reference = await pair.here.ticket()
    async with served(pair.wire, pair.port):
        await pair.here.act("amira.khan", reference, "accept")
        await pair.here.act("amira.khan", reference, "reply", text="We are looking at the exchange.")
        await pair.here.act("amira.khan", reference, "note", text="smells of the power supply")
        await pair.told()
        there = await their_copy(pair, reference)
        await pair.there.act("sam.okoye", there.reference, "reply", text="The rectifier is replaced.")
        await pair.there.act("sam.okoye", there.reference, "resolve", text="It has power again.")
        heard = await pair.hear()
        await pair.told()
        asked = len(pair.wire.changes)
        again = await pair.hear()
        await pair.told()
        here, there = await pair.here.read(reference), await their_copy(pair, reference)

    assert (there.status, heard, again) == ("resolved", 1, 0)
    assert here.status == "resolved"
    said = [(note.author, note.text) for note in here.notes if note.public]
    assert said == [
        ("Amira Khan", "We are looking at the exchange."),
        ("ERP/sam.okoye", "The rectifier is replaced."),
        ("ERP/sam.okoye", "It has power again."),
    ]
    assert [note.text for note in there.notes] == [text for _, text in said]  # the internal one stays ours
    assert len(pair.wire.changes) == asked


async def test_what_happens_while_it_is_down_is_told_when_it_is_back(pair: Pair) -> None:
    reference = await pair.here.ticket()
    async with served(pair.wire, pair.port):
        await pair.told()
    await pair.here.act("amira.khan", reference, "accept")
    await pair.here.act("amira.khan", reference, "hold", reason="a part is missing")
    await pair.here.act("amira.khan", reference, "resume", text="")
    await pair.told()
    (failing,) = await dead_letters.subscriptions(pair.here.office)

    pair.here.watch.advance(minutes=20)
    async with served(pair.wire, pair.port):
        await pair.told()
        there = await their_copy(pair, reference)

    assert (failing.state, failing.waiting, failing.last_fault) == (
        "retrying",
        3,
        "no connection or no HTTP (ConnectError)",
    )
    entered = [entry.what for entry in there.audit if entry.who != "policy"]
    assert (there.status, entered[-3:]) == ("inProgress", ["accept", "hold", "resume"])
    assert (await dead_letters.count(pair.here.office)) == {"waiting": 0, "dead": 0}


async def test_an_answer_that_is_lost_makes_no_double(pair: Pair) -> None:
    reference = await pair.here.ticket()
    pair.wire.lost = ["POST"]
    async with served(pair.wire, pair.port):
        pair.mirror.outgoing.system._token._token = "of another issuer"  # type: ignore[attr-defined]
        pair.mirror.outgoing.system._token._good_until_s = 1e12  # type: ignore[attr-defined]
        await pair.told()  # refused, so that a token is fetched, whose answer is lost
        pair.wire.lost = ["POST"]
        pair.here.watch.advance(seconds=3)
        await pair.told()
        pair.here.watch.advance(seconds=5)
        await pair.told()
        await pair.here.act("sam.okoye", reference, "accept")
        await pair.here.act("sam.okoye", reference, "reply", text="Soon.")
        pair.wire.lost = ["PATCH", "PATCH"]
        for _ in range(4):
            pair.here.watch.advance(seconds=20)
            await pair.told()
        there = await their_copy(pair, reference)
        rows = await queue(pair.there.office, "sam.okoye", QueueAsked())

    assert [row.reference for row in rows] == [there.reference]
    assert [note.text for note in there.notes] == ["Soon."]
    assert there.status == "inProgress"
    assert pair.wire.lost == []


async def test_a_state_that_is_not_possible_here_becomes_a_note_and_ours_stands(pair: Pair) -> None:
    reference = await pair.here.ticket(category="complaint")  # lacks the form that a complaint needs when it is filed
    async with served(pair.wire, pair.port):
        await pair.told()
        there = (await their_copy(pair, reference)).reference
        await pair.there.act("sam.okoye", there, "reject", reason="not ours")
        await pair.here.act("amira.khan", reference, "accept")
        await pair.told()
        await pair.hear()
        await pair.told()
        here, copy = await pair.here.read(reference), await their_copy(pair, reference)
        settled = len(pair.wire.changes)
        await pair.hear()
        await pair.told()

    assert (here.status, copy.status) == ("inProgress", "rejected")
    assert [note.public for note in here.notes] == [False]
    assert "rejected on their side" in here.notes[0].text
    assert ["inProgress on our side" in note.text for note in copy.notes] == [True]
    assert len(pair.wire.changes) == settled


async def test_news_of_ours_that_is_on_its_way_is_not_undone_by_what_they_had_before(pair: Pair) -> None:
    reference = await pair.here.ticket()
    async with served(pair.wire, pair.port):
        await pair.here.act("amira.khan", reference, "accept")
        await pair.told()
        there = (await their_copy(pair, reference)).reference
        await pair.there.act("sam.okoye", there, "hold", reason="a part is missing")
        await pair.here.act("amira.khan", reference, "resolve", text="It works again.")

        assert await pair.hear() == 0  # ours first
        await pair.told()
        await pair.hear()
        await pair.told()

        assert (await pair.here.read(reference)).status == "resolved"
        assert (await their_copy(pair, reference)).status == "resolved"


async def test_only_what_is_wanted_is_mirrored_and_a_dead_one_can_be_seen(
    running: Running, other_settings: Settings
) -> None:
    async with paired(
        running.office, create_app(other_settings), kinds=["incident"], departments=["frontline"]
    ) as pair:
        wanted = await pair.here.ticket(category="general")
        await pair.here.ticket(category="wifi")
        await pair.here.ticket(category="complaint")
        pair.here.watch.advance(hours=25)  # nobody answers there
        await pair.told()
        (dead,) = await dead_letters.listed(pair.here.office, DeadAsked())
        async with served(pair.wire, pair.port):
            await dead_letters.replay(pair.here.office, dead.id)
            await pair.told()
            assert (await their_copy(pair, wanted)).kind == "incident"
        async with pair.here.office.sessions() as session:
            assert len(list(await session.scalars(select(MirroredRecord)))) == 1

    assert str(dead.ticket_id) == await id_of(pair.here, wanted)


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_the_way_to_their_state_is_made_of_legal_moves(status: Status, target: Status) -> None:
    try:
        moves = moves_to(status, target)
    except NotLegal:
        assert status in {Status.CLOSED, Status.REJECTED, Status.CANCELLED} or target in {
            Status.ACKNOWLEDGED,
            Status.REJECTED,
            Status.CANCELLED,
        }
        return

    for move in moves:
        status = after(status, move)
    assert status is target


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"url": ""}, "needs url"),
        ({"we_are": "ERP"}, "must differ"),
        ({"they_are": "a/b"}, "pattern"),
        ({"url": "ftp://tickets.example"}, "pattern"),
    ],
)
def test_a_mirror_that_cannot_work_is_refused(more: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        mirror_file(1, **more)


def test_a_department_that_nobody_knows_is_named(shift: Shift) -> None:
    file: MirrorFile = mirror_file(1, departments=["legal", "billing"])

    assert list(faults_of_mirror(file, shift.office.policy.routing)) == [
        ("mirror.yml", ("departments",), "departments: legal is not a department of routing.yml")
    ]
