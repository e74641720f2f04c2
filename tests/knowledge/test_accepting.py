"""Trying what was accepted: in a process of its own, one at a time, seen by whoever asks; decided over HTTP."""

import asyncio
import getpass
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from knowledge.accepting import Accepting, Busy
from knowledge.app import create_app
from knowledge.attempt import Attempt, Order
from knowledge.client import KnowledgeClient, KnowledgeRefused
from knowledge.comparison import COMPARISON, Comparison, Moved
from knowledge.learn import main
from knowledge.rulings import Ruling, Rulings
from knowledge.shelf import Shelf
from settings import Settings
from tests.knowledge.proposed import BUFFERING, learning

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ORDER = Order(proposal_id="b0ffe41n9", by="sam.okoye", days=30)


def running(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


async def ended(accepting: Accepting) -> Attempt:
    async with asyncio.timeout(20):
        while (attempt := accepting.last()) is None or attempt.state == "running":
            await asyncio.sleep(0.02)
    return attempt


async def said(accepting: Accepting, words: str) -> None:
    async with asyncio.timeout(20):
        while (attempt := accepting.last()) is None or words not in attempt.lines:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("code", "state"), [("print('tried')", "done"), ("print('tried'); exit(3)", "refused"), ("exit('no')", "failed")]
)
async def test_how_it_ended_is_known_also_to_who_comes_later(tmp_path: Path, code: str, state: str) -> None:
    accepting = Accepting(tmp_path, running(code))
    began = await accepting.begin(ORDER, now=NOW)

    found = await ended(accepting)

    assert (began.state, found.state, found.began_at, found.order) == ("running", state, NOW, ORDER)
    assert found.lines == (("no",) if state == "failed" else ("tried",))
    assert Accepting(tmp_path).last() == found


async def test_it_is_told_what_was_typed_and_takes_no_word_for_an_option(tmp_path: Path) -> None:
    order = Order(proposal_id="b0ffe41n9", by="sam.okoye", days=7, words="--slow", because="launch", override=True)
    accepting = Accepting(tmp_path, running("import sys; print(*sys.argv[1:], sep='|')"))
    await accepting.begin(order, now=NOW)

    (line,) = (await ended(accepting)).lines

    told = "accept|--days=7|--by=sam.okoye|--as=--slow|--because=launch|--override=sam.okoye"
    assert line == f"{told}|--compared={tmp_path}/accepting/compared.json|--|b0ffe41n9"


async def test_what_the_gate_saw_is_known_until_the_next_begins(tmp_path: Path) -> None:
    compared = Comparison((Moved("right article first", "90.0%", "80.0%", "TOO MUCH WORSE"),))
    file = tmp_path / "accepting" / "compared.json"
    accepting = Accepting(tmp_path, running("exit(3)"))
    await accepting.begin(ORDER, now=NOW)
    file.write_bytes(COMPARISON.dump_json(compared))

    tried = await ended(accepting)
    await accepting.begin(ORDER, now=NOW)
    next_one = await ended(accepting)

    assert (tried.compared, next_one.compared) == (compared, None)


async def test_two_are_never_tried_at_once_nor_by_two_programs(tmp_path: Path) -> None:
    waits = "import time; print('up', flush=True); time.sleep(60)"
    one, other = Accepting(tmp_path, running(waits)), Accepting(tmp_path)
    await one.begin(ORDER, now=NOW)
    await said(one, "up")

    for accepting in (one, other):
        with pytest.raises(Busy):
            await accepting.begin(ORDER, now=NOW)
    seen = other.last()
    await one.stop()

    assert seen is not None
    assert (seen.state, seen.lines) == ("running", ("up",))
    assert (await ended(other)).state == "stopped"


@pytest.mark.parametrize(("decided", "state"), [(True, "done"), (False, "stopped")])
async def test_of_an_end_that_nobody_saw_the_ruling_tells(tmp_path: Path, decided: bool, state: str) -> None:
    accepting = Accepting(tmp_path, running("print('tried')"))
    await accepting.begin(ORDER, now=NOW)
    await ended(accepting)
    (tmp_path / "accepting" / "ended").unlink()
    if decided:
        Rulings(tmp_path).add(Ruling(ORDER.proposal_id, "example_question", "accepted", "", ORDER.by, NOW))

    found = Accepting(tmp_path).last()

    assert found is not None
    assert found.state == state


async def test_no_trace_of_a_mistake_is_shown(tmp_path: Path) -> None:
    accepting = Accepting(tmp_path, running("print('tried', flush=True); {}['secret']"))
    await accepting.begin(ORDER, now=NOW)

    found = await ended(accepting)

    assert found.state == "failed"
    assert found.lines[0] == "tried"
    assert "Nothing was changed" in found.lines[1]
    assert "secret" not in " ".join(found.lines)


def test_nothing_was_tried_yet(tmp_path: Path) -> None:
    assert Accepting(tmp_path).last() is None


@pytest.mark.parametrize(("given", "kept"), [(["--by", "sam.okoye"], "sam.okoye"), ([], getpass.getuser())])
def test_who_decided_is_kept(house: tuple[Settings, Path], given: list[str], kept: str) -> None:
    settings, _ = house

    main(["reject", *given, "--because=rare", "--", BUFFERING.id], settings=settings, learn=learning(BUFFERING))

    assert [ruling.by for ruling in Rulings(Shelf.folder_of(settings)).all()] == [kept]


@pytest.fixture
async def door(house: tuple[Settings, Path]) -> AsyncIterator[KnowledgeClient]:
    """The door over HTTP, whose attempts only say what they were asked."""
    app = create_app(house[0])
    headers = {"Authorization": "Bearer test-internal-token"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner", headers=headers) as http,
    ):
        program = running("import sys, time; print(*sys.argv[1:], flush=True); time.sleep(60)")
        app.state.accepting = Accepting(app.state.shelf.folder, program)
        yield KnowledgeClient(http)


async def test_over_http_one_is_tried_and_the_next_must_wait(door: KnowledgeClient) -> None:
    assert await door.last_attempt() is None

    begun = await door.accept(ORDER)
    with pytest.raises(KnowledgeRefused, match="Another proposal is being tried"):
        await door.accept(ORDER)

    seen = await door.last_attempt()
    assert seen is not None
    assert (begun.state, seen.state, seen.order) == ("running", "running", ORDER)


async def test_over_http_what_was_rejected_is_decided(door: KnowledgeClient) -> None:
    await door.reject("5a7e111te", "missing_article", by="sam.okoye", reason="too rare", alike=["f1lm5"])

    for proposal_id in ("5a7e111te", "f1lm5"):
        with pytest.raises(KnowledgeRefused, match=r"It was rejected by sam\.okoye on "):
            await door.accept(Order(proposal_id=proposal_id, by="ann", days=30))
        with pytest.raises(KnowledgeRefused, match="It was rejected"):
            await door.reject(proposal_id, "missing_article", by="ann", reason="again")


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (Order(proposal_id="b1", by="ann", days=30, override=True), "gives a reason"),
        (Order(proposal_id="../b1", by="ann", days=30), "cannot be taken"),
        (Order(proposal_id="b1", by="ann", days=30, words="one\ntwo"), "cannot be taken"),
        (Order(proposal_id="b1", by="ann", days=30, words="w" * 301), "cannot be taken"),
    ],
)
async def test_over_http_what_cannot_be_tried_is_refused(door: KnowledgeClient, order: Order, why: str) -> None:
    with pytest.raises(KnowledgeRefused, match=why):
        await door.accept(order)

    assert await door.last_attempt() is None


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "attempts"), ("GET", "attempts/last"), ("POST", "rulings")], ids=str
)
async def test_nobody_decides_without_the_internal_token(built: Settings, method: str, path: str) -> None:
    app = create_app(built)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner") as http:
        assert (await http.request(method, f"/knowledge/v1/{path}", json={})).status_code == 401
