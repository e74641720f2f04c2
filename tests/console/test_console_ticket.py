"""A ticket's page: what it shows, what it offers, and what happens when somebody was faster."""

import re

import httpx
import pytest

from escalation.client import FormField, Kind, Relation, RelationView
from tests.console.fake_desk import FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.morning import CHARGED, SLOW

FRAGMENT = {"HX-Request": "true"}


async def move(browser: httpx.AsyncClient, reference: str, **form: str) -> httpx.Response:
    return await browser.post(f"/tickets/{reference}/moves", data=form, headers=FRAGMENT)


def offered(page: str) -> list[str]:
    return re.findall(r'name="move" value="(\w+)" id="move-', page)


async def test_the_page_tells_the_whole_story(dana: httpx.AsyncClient) -> None:
    page = (await dana.get(f"/tickets/{SLOW}")).text

    for told in (
        "I have done this three times this week!!",  # what was said
        "Article: My internet is slow, 91% sure",  # what the assistant went by
        "Steps: Broadband slow, restart router",
        "Monday evening",  # since
        "Several people",
        "07700 900142",
        "C-1004",
        "Restart router",
        "No change",
        "Line test",
        "Fault",
        "Omar Reyes, level 2",  # who gets it when time runs out
        "Urgency high: third contact about this.",
    ):
        assert told in page


async def test_the_page_shows_the_kind_its_form_and_its_relations(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    form = (
        FormField(name="starts_at", label="Window starts", value="2026-11-24T01:00:00Z"),
        FormField(name="areas", label="Affected areas", value=["Northfield", "<b>"]),
        FormField(name="urgent", label="Urgent", value=True),
    )
    link = RelationView(
        relation=Relation.CHILD_OF,
        direction="from",
        words="child",
        reference=CHARGED,
        kind=Kind.INCIDENT,
        status="held",
        problem="No dial tone",
    )
    known = {"kind_name": "Planned maintenance", "form": form, "relations": (link,), "followers": 1}
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update=known)

    page = (await dana.get(f"/tickets/{SLOW}")).text

    for told in (
        "Planned maintenance",
        "24 Nov 01:00 UTC",
        "Northfield, &lt;b&gt;",
        "<dd>Yes</dd>",
        "customers of 1 more",
    ):
        assert told in page
    assert f'href="/tickets/{CHARGED}">{CHARGED}</a>, on hold' in page


async def test_a_rule_of_the_kind_is_told_in_its_own_words(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"status": "closed"})  # allows no move

    reply = await move(dana, SLOW, move="note", version="1", words="too late")

    assert (reply.status_code, "Not possible now" in reply.text) == (409, True)
    assert "has changed in the meantime" not in reply.text


async def test_html_in_a_transcript_is_text(dana: httpx.AsyncClient) -> None:
    page = (await dana.get(f"/tickets/{SLOW}")).text

    assert "&lt;script&gt;" in page
    assert "<img src=x" not in page


async def test_internal_and_public_notes_say_which_they_are(dana: httpx.AsyncClient) -> None:
    page = (await dana.get(f"/tickets/{CHARGED}")).text

    assert "Internal note, staff only" in page
    assert "To the customer" in page


async def test_only_moves_that_are_legal_now_are_offered(dana: httpx.AsyncClient) -> None:
    before = (await dana.get(f"/tickets/{SLOW}")).text

    after = (await move(dana, SLOW, move="accept", version="1")).text

    assert offered(before) == ["note", "hand_up", "reject"]
    assert 'id="accept"' in before
    assert offered(after) == ["reply", "note", "ask_customer", "hand_up", "hand_back", "hold", "resolve"]
    assert 'id="accept"' not in after


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("reply", "text"),
        ("note", "text"),
        ("ask_customer", "text"),
        ("resolve", "text"),
        ("hand_up", "reason"),
        ("hold", "reason"),
    ],
)
async def test_words_go_where_the_move_wants_them(
    dana: httpx.AsyncClient, desk: FakeDesk, name: str, field: str
) -> None:
    await move(dana, CHARGED, move=name, version="1", words="  Batch 20261114-2 ran twice. ")

    asked = desk.asked[-1]
    assert asked["move"] == name
    assert asked[field] == "Batch 20261114-2 ran twice."


@pytest.mark.parametrize("name", ["reply", "note", "ask_customer", "resolve", "hand_up", "hand_back", "hold"])
async def test_a_move_that_needs_words_is_not_made_without(dana: httpx.AsyncClient, desk: FakeDesk, name: str) -> None:
    reply = await move(dana, CHARGED, move=name, version="1", words="   ")

    assert reply.status_code == 422
    assert "Please write first" in reply.text
    assert desk.tickets[CHARGED].version == 1


async def test_too_long_a_reason_is_said_before_it_is_sent(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    reply = await move(dana, CHARGED, move="hand_up", version="1", words="x" * 2001)

    assert reply.status_code == 422
    assert "at most 2000 characters" in reply.text


async def test_who_comes_second_gets_a_friendly_word_and_the_newest_state(
    dana: httpx.AsyncClient, desk: FakeDesk
) -> None:
    desk.taken_by_another(SLOW)

    reply = await move(dana, SLOW, move="accept", version="1")

    assert reply.status_code == 409
    assert "has changed in the meantime" in reply.text
    assert "Omar Reyes" in reply.text
    assert 'name="version" value="2"' in reply.text
    assert "HX-Trigger" not in reply.headers  # nothing typed is cleared


async def test_words_meant_for_staff_never_slide_into_a_reply(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.taken_by_another(SLOW)

    page = (await move(dana, SLOW, move="reject", version="1", words="Not ours.")).text

    checked = re.search(r'id="move-(\w+)" checked', page)
    assert checked is not None
    assert checked[1] == "note"


async def test_a_move_clears_the_writing_box_only_when_it_was_made(dana: httpx.AsyncClient) -> None:
    reply = await move(dana, CHARGED, move="reply", version="1", words="We found it.")

    assert reply.status_code == 200
    assert reply.headers["HX-Trigger"] == "firstline:done"
    assert "We found it." in reply.text


async def test_an_unknown_ticket_is_a_clear_page(dana: httpx.AsyncClient) -> None:
    reply = await dana.get("/tickets/FL-00000000")

    assert reply.status_code == 404
    assert "There is no such ticket" in reply.text


async def test_articles_that_fit_come_from_the_knowledge_base(dana: httpx.AsyncClient) -> None:
    page = (await dana.get(f"/tickets/{SLOW}/articles")).text

    assert "Slow broadband in the evening" in page
    assert "91% sure" in page


async def test_without_the_knowledge_base_the_ticket_still_opens_and_says_so(
    dana: httpx.AsyncClient, library: FakeLibrary
) -> None:
    library.away = True

    assert (await dana.get(f"/tickets/{SLOW}")).status_code == 200
    assert "does not answer just now" in (await dana.get(f"/tickets/{SLOW}/articles")).text
