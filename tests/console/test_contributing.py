"""Proposing what solved a ticket as an article: for whom, what stands in the form, and what is never sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from console.solution import impersonal, solution_of
from escalation.client import AuditEntry, Note, TicketDetail
from tests.console.fake_desk import FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.morning import CHARGED, SLOW, quiet
from tests.console.test_deciding import signed_in
from tests.knowledge.proposed import OUT_OF_A_TICKET

NOW = datetime.now(UTC)
TOLD = "Hello Priya, we gave back the second payment of C-1004. Call 07700 900142. Greetings, Dana Whitfield"


def solved(*notes: Note, status: str = "resolved", **fields: Any) -> TicketDetail:
    audit = [AuditEntry(at=NOW, who="dana", what="resolve", why="")]
    said = {
        "category": "bill-dispute",
        "problem": "My name is Priya, I was charged twice",
        "status": status,
        "department": "billing",
    }
    return quiet(NOW, reference=SLOW, **{**said, "status": status, "notes": list(notes), "audit": audit, **fields})


def note(text: str, *, minutes: int = 0, public: bool = True) -> Note:
    return Note(author="Dana Whitfield", at=NOW + timedelta(minutes=minutes), text=text, public=public)


@pytest.fixture
async def dana(dana: httpx.AsyncClient, desk: FakeDesk) -> httpx.AsyncClient:
    """With a ticket that is solved, and how."""
    desk.tickets[SLOW] = solved(note(TOLD))
    return dana


def test_the_solution_is_what_was_told_at_the_end() -> None:
    notes = note("We look.", minutes=-9), note("Paid back."), note("Inside.", public=False), note("Good?", minutes=9)

    assert solution_of(solved(*notes)) == "Paid back."
    assert solution_of(solved(*notes, status="closed")) == "Paid back."


@pytest.mark.parametrize(
    "ticket",
    [
        solved(note("Paid."), status="inProgress"),
        solved(note("Paid."), audit=[]),
        solved(note("Paid."), masked=True),
        solved(note("Inside.", public=False)),
    ],
    ids=["open again", "nobody resolved it", "personal data is not shown", "the customer was told nothing"],
)
def test_there_is_none(ticket: TicketDetail) -> None:
    assert solution_of(ticket) == ""


def test_nobody_is_in_it_also_where_nothing_announces_a_name() -> None:
    ticket = solved(note(TOLD))
    signals = ticket.signals.model_copy(update={"customer_id": "C-1004"})

    text = impersonal(TOLD, ticket.model_copy(update={"signals": signals}))

    assert text == ("Hello [name], we gave back the second payment of [hidden]. Call [number]. Greetings, [name]")


async def test_the_form_holds_question_and_solution_without_who_it_was(dana: httpx.AsyncClient) -> None:
    page = (await dana.get(f"/tickets/{SLOW}")).text
    form = (await dana.get(f"/tickets/{SLOW}/article")).text

    assert f'href="/tickets/{SLOW}/article"' in page
    assert 'value="My name is [name], I was charged twice"' in form
    assert "we gave back the second payment" in form
    assert "Priya" not in form
    assert "900142" not in form


async def test_it_goes_to_the_list_with_who_proposes_it(dana: httpx.AsyncClient, library: FakeLibrary) -> None:
    typed = {"question": " why was I  charged twice ", "solution": "Priya, we pay it back."}

    reply = await dana.post(f"/tickets/{SLOW}/article", data=typed)

    assert reply.status_code == 200
    assert "with your name" in reply.text
    assert library.contributed == [
        {
            "question": "why was I charged twice",
            "solution": "[name], we pay it back.",
            "language": "en",
            "by": "dana",
            "reference": SLOW,
        }
    ]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"question": "", "solution": "Pay."}, "Please write both"),
        ({"question": "why", "solution": " "}, "Please write both"),
        ({"question": "w" * 301, "solution": "Pay."}, "The question is too long: 301 of at most 300"),
        ({"question": "why", "solution": "w " * 4001 + "w"}, "The solution is too long"),
    ],
)
async def test_what_is_wrong_is_said_and_the_words_stay(
    dana: httpx.AsyncClient, library: FakeLibrary, typed: dict[str, str], why: str
) -> None:
    reply = await dana.post(f"/tickets/{SLOW}/article", data=typed)

    assert reply.status_code == 422
    assert why in reply.text
    assert typed["question"] in reply.text
    assert library.contributed == []


async def test_refused_or_unheard_the_words_stay(dana: httpx.AsyncClient, library: FakeLibrary) -> None:
    typed = {"question": "why was I charged twice", "solution": "It comes back."}
    await dana.post(f"/tickets/{SLOW}/article", data=typed)

    again = await dana.post(f"/tickets/{SLOW}/article", data=typed)
    library.away = True
    unheard = await dana.post(f"/tickets/{SLOW}/article", data=typed)

    assert "The same question was proposed by dana already." in again.text
    assert "does not answer just now" in unheard.text
    assert "It comes back." in again.text
    assert "It comes back." in unheard.text


async def test_what_is_not_solved_cannot_be_proposed(dana: httpx.AsyncClient, library: FakeLibrary) -> None:
    path = f"/tickets/{CHARGED}/article"
    seen = await dana.get(path)
    sent = await dana.post(path, data={"question": "why was I charged", "solution": "It comes back."})

    assert (seen.status_code, sent.status_code) == (409, 409)
    assert f'{path}"' not in (await dana.get(f"/tickets/{CHARGED}")).text
    assert library.contributed == []


async def test_who_may_not_see_the_ticket_proposes_nothing(dana: httpx.AsyncClient, library: FakeLibrary) -> None:
    path = "/tickets/FL-00000000/article"

    assert (await dana.get(path)).status_code == 404
    assert (await dana.post(path, data={"question": "why", "solution": "So."})).status_code == 404
    assert library.contributed == []


async def test_who_sees_no_personal_data_proposes_nothing(
    visitor: httpx.AsyncClient, desk: FakeDesk, library: FakeLibrary
) -> None:
    desk.tickets[SLOW] = solved(note(TOLD), masked=True)
    ada = await signed_in(visitor, "ada")

    reply = await ada.post(f"/tickets/{SLOW}/article", data={"question": "why", "solution": "So."})

    assert reply.status_code == 409
    assert library.contributed == []


async def test_another_site_proposes_nothing(dana: httpx.AsyncClient, library: FakeLibrary) -> None:
    typed = {"question": "why was I charged", "solution": "It comes back."}

    reply = await dana.post(f"/tickets/{SLOW}/article", data=typed, headers={"Origin": "https://evil.example"})

    assert reply.status_code == 403
    assert library.contributed == []


async def test_nobody_proposes_without_signing_in(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get(f"/tickets/{SLOW}/article")).status_code == 303


async def test_those_who_decide_read_who_proposes_it_and_the_solution(
    visitor: httpx.AsyncClient, library: FakeLibrary
) -> None:
    library.found_proposals = [OUT_OF_A_TICKET.proposal]
    sue = await signed_in(visitor, "sue")

    text = (await sue.get("/knowledge/list")).text

    assert f'dana solved this in <a class="mono" href="/tickets/{OUT_OF_A_TICKET.reference}">' in text
    assert "The waiting list is in the app." in text
