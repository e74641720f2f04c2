"""Filing a ticket in the console: a form per kind, errors at the field, and what might spare it."""

import re

import httpx
import pytest

from escalation.client import Person
from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.morning import SLOW

FRAGMENT = {"HX-Request": "true"}
AGNES = Person(username="agnes", name="Agnes Hall", role="auditor", tier=1, departments=("*",), files=False)


async def test_the_form_is_that_of_the_kind(dana: httpx.AsyncClient) -> None:
    page = (await dana.get("/new?kind=planned-maintenance")).text

    assert re.findall(r'name="(form\.\w+)"', page)[:5] == [
        "form.starts_at",
        "form.ends_at",
        "form.services",
        "form.areas",
        "form.system",
    ]
    assert 'type="datetime-local" name="form.starts_at"' in page
    assert '<option value="interconnect">Interconnect</option>' in page  # a system of this operator


async def test_a_field_that_only_a_program_sets_is_not_asked(dana: httpx.AsyncClient) -> None:
    page = (await dana.get("/new?kind=operational-task")).text

    assert ("form.due_at" in page, "form.missed" in page) == (True, False)


async def test_what_is_filed_arrives_typed_and_opens_the_ticket(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    form = {
        "kind": "planned-maintenance",
        "key": "k1",
        "problem": "Fibre is moved in Hill Road",
        "form.starts_at": "2026-12-01T01:00",
        "form.ends_at": "2026-12-01T05:00",
        "form.areas": "Hill Road\n\nNorthfield ",
        "form.announced_by": ["sms", "email"],
        "form.announced_at": "2026-11-24T10:00",
        "affected": "many",
        "safety": "yes",
    }

    reply = await dana.post("/new", data=form)

    (asked, reference), *_ = desk.filed.values()
    assert (reply.status_code, reply.headers["location"]) == (303, f"/tickets/{reference}")
    assert asked.form == {
        "starts_at": "2026-12-01T01:00:00+00:00",  # London in winter
        "ends_at": "2026-12-01T05:00:00+00:00",
        "areas": ["Hill Road", "Northfield"],
        "announced_by": ["sms", "email"],
        "announced_at": "2026-11-24T10:00:00+00:00",
    }
    assert (asked.kind, asked.affected, asked.safety, asked.service) == ("planned-maintenance", "many", True, "ok")


async def test_a_fault_stands_at_its_field_and_nothing_that_was_written_is_lost(
    dana: httpx.AsyncClient, desk: FakeDesk
) -> None:
    form = {"kind": "complaint", "key": "k1", "problem": "The <bill> is wrong", "form.wanted": "an excuse"}

    reply = await dana.post("/new", data=form)

    assert reply.status_code == 422
    assert '<p class="fault" id="f-about-fault">Please fill this in.</p>' in reply.text
    assert "The &lt;bill&gt; is wrong</textarea>" in reply.text
    assert "an excuse</textarea>" in reply.text
    assert desk.filed == {}


@pytest.mark.parametrize("written", [{}, {"problem": "  "}, {"problem": "x" * 4001}])
async def test_a_problem_is_needed_and_bounded(dana: httpx.AsyncClient, written: dict[str, str]) -> None:
    reply = await dana.post("/new", data={"kind": "incident", **written})

    assert reply.status_code == 422
    assert 'id="f-problem-fault"' in reply.text


async def test_the_same_form_sent_twice_is_one_ticket(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    key = re.findall(r'name="key" value="([^"]+)"', (await dana.get("/new")).text)[0]
    form = {"kind": "incident", "key": key, "problem": "No dial tone at the town hall"}

    first, second = await dana.post("/new", data=form), await dana.post("/new", data=form)

    assert first.headers["location"] == second.headers["location"]
    assert len(desk.filed) == 1


async def test_a_form_sent_again_with_other_words_gets_a_key_of_its_own(
    dana: httpx.AsyncClient, desk: FakeDesk
) -> None:
    await dana.post("/new", data={"kind": "incident", "key": "k1", "problem": "No dial tone at the town hall"})

    reply = await dana.post("/new", data={"kind": "incident", "key": "k1", "problem": "No dial tone at the school"})

    assert reply.status_code == 422
    assert 'name="key" value="k1"' not in reply.text
    assert "No dial tone at the school</textarea>" in reply.text


async def test_without_javascript_another_kind_keeps_what_is_written(dana: httpx.AsyncClient) -> None:
    reply = await dana.post("/new", data={"kind": "order-problem", "problem": "Late", "change": "yes"})

    assert reply.status_code == 200
    assert 'name="form.order_number"' in reply.text
    assert "Late</textarea>" in reply.text


async def test_while_the_problem_is_written_articles_and_tickets_like_it_are_shown(dana: httpx.AsyncClient) -> None:
    words = {"problem": "the internet is slow every evening", "category": ""}

    page = (await dana.post("/new/suggestions", data=words, headers=FRAGMENT)).text

    assert "Slow broadband in the evening" in page
    assert f'href="/tickets/{SLOW}"' in page


async def test_open_tickets_of_the_same_customer_come_first(dana: httpx.AsyncClient) -> None:
    page = (await dana.post("/new/suggestions", data={"customer_id": "C-1004"}, headers=FRAGMENT)).text

    assert (SLOW in page, "the same customer" in page) == (True, True)


async def test_a_form_does_not_wait_for_an_absent_knowledge_base(dana: httpx.AsyncClient, library: FakeLibrary) -> None:
    library.away = True

    reply = await dana.post("/new/suggestions", data={"problem": "the internet is slow"}, headers=FRAGMENT)

    assert (reply.status_code, "does not answer just now" in reply.text) == (200, True)


async def test_who_only_reads_files_nothing(visitor: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.people["agnes"] = AGNES
    await visitor.post("/sign-in", data={"username": "agnes", "password": PASSWORD})

    answers = [await visitor.get("/new"), await visitor.post("/new", data={"problem": "x"})]

    assert [reply.status_code for reply in answers] == [403, 403]
    assert "/new" not in (await visitor.get("/")).text
    assert desk.filed == {}
