"""The whisper at the console: who has its tab, where its words go, and how it reads."""

import httpx

from console import moves
from console.timeline import entries
from tests.console.fake_desk import FakeDesk
from tests.console.morning import CHARGED, SLOW

WORDS = "Ask for the second payment's date"


async def test_who_looks_at_a_colleagues_ticket_has_the_tab_and_the_colleague_not(desk: FakeDesk) -> None:
    ticket = await desk.ticket("omar", CHARGED)  # it is Dana's

    assert "whisper" in moves.possible(ticket, "omar")
    assert "whisper" not in moves.possible(ticket, "dana")
    assert "whisper" not in moves.possible(await desk.ticket("omar", SLOW), "omar")  # nobody has it


async def test_it_is_sent_to_the_colleague_and_reads_as_an_internal_note(
    visitor: httpx.AsyncClient, desk: FakeDesk
) -> None:
    await visitor.post("/sign-in", data={"username": "omar", "password": "open sesame"})
    before = len(desk.asked)

    form = {"move": "whisper", "version": "1", "words": WORDS, "to": "dana"}
    reply = await visitor.post(f"/tickets/{CHARGED}/moves", data=form, headers={"HX-Request": "true"})

    assert (reply.status_code, "Whispered." in reply.text, "Whisper to Dana Whitfield, staff only" in reply.text) == (
        *(200, True, True),
    )
    assert desk.tickets[CHARGED].notes[-1].addressee == "dana"
    assert desk.asked[before:] == []  # no move was made, above all no reply


async def test_one_that_comes_too_late_is_refused_and_the_words_stay(
    visitor: httpx.AsyncClient, desk: FakeDesk
) -> None:
    await visitor.post("/sign-in", data={"username": "omar", "password": "open sesame"})

    form = {"move": "whisper", "version": "1", "words": WORDS, "to": "sue"}
    reply = await visitor.post(f"/tickets/{CHARGED}/moves", data=form, headers={"HX-Request": "true"})

    assert reply.status_code == 409
    assert WORDS not in str(desk.tickets[CHARGED].notes)


async def test_only_the_addressee_reads_it_as_theirs(desk: FakeDesk) -> None:
    await desk.whisper("omar", CHARGED, to="dana", text=WORDS)
    notes = desk.tickets[CHARGED].notes

    mine, colleagues = entries([], notes, me="dana")[-1], entries([], notes, me="omar")[-1]

    assert (mine.kind, mine.is_for_me, colleagues.is_for_me, mine.to) == ("note", True, False, "Dana Whitfield")


async def test_words_of_a_whisper_never_slide_into_a_tab_the_customer_reads() -> None:
    assert moves.chosen(["reply", "note"], wanted="whisper") == "note"
