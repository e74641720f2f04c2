"""Files of a conversation in the console: a customer's are looked at and never run, ours go out as replies."""

import re
from uuid import uuid4

import httpx
import pytest

from tests.console.fake_desk import FakeDesk
from tests.console.morning import CHARGED, SLOW

FRAGMENT = {"HX-Request": "true"}


async def test_a_picture_is_a_thumbnail_in_the_transcript_and_opens_in_a_tab(
    dana: httpx.AsyncClient, desk: FakeDesk
) -> None:
    kept = desk.customer_attaches(CHARGED, "lights.jpg", b"jpeg")
    place = f"/tickets/{CHARGED}/attachments/{kept}"

    page = (await dana.get(f"/tickets/{CHARGED}")).text
    picture = await dana.get(place)

    assert f'src="{place}/small"' in page
    assert re.search(rf'href="{place}" target="_blank" rel="noopener"', page)
    assert (picture.content, picture.headers["content-type"]) == (b"jpeg", "image/jpeg")
    assert picture.headers["content-disposition"] == "inline; filename*=UTF-8''lights.jpg"
    assert picture.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert picture.headers["cache-control"] == "no-store"


async def test_a_document_is_downloaded_and_not_shown(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    kept = desk.customer_attaches(CHARGED, 'bill "x"\r\n.pdf', b"%PDF-", "application/pdf")

    document = await dana.get(f"/tickets/{CHARGED}/attachments/{kept}")

    assert document.headers["content-disposition"] == "attachment; filename*=UTF-8''bill%20%22x%22%0D%0A.pdf"


async def test_nobody_opens_a_file_without_signing_in(visitor: httpx.AsyncClient, desk: FakeDesk) -> None:
    kept = desk.customer_attaches(CHARGED, "lights.jpg", b"jpeg")

    reply = await visitor.get(f"/tickets/{CHARGED}/attachments/{kept}")

    assert reply.status_code == 303
    assert reply.content == b""


async def test_who_may_not_open_files_sees_only_that_there_was_one(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.customer_attaches(CHARGED, "lights.jpg", b"jpeg")
    desk.tickets[CHARGED] = desk.tickets[CHARGED].model_copy(update={"attachments": ()})

    page = (await dana.get(f"/tickets/{CHARGED}")).text

    assert "Attached: lights.jpg" in page
    assert "/attachments/" not in page.split('id="send-file"')[0]


async def test_a_file_that_is_not_there_is_not_there(dana: httpx.AsyncClient) -> None:
    assert (await dana.get(f"/tickets/{CHARGED}/attachments/{uuid4()}")).status_code == 404


async def sent(dana: httpx.AsyncClient) -> httpx.Response:
    return await dana.post(
        f"/tickets/{CHARGED}/attachments",
        data={"version": "1"},
        files={"file": ("how to.pdf", b"%PDF-", "application/pdf")},
        headers=FRAGMENT,
    )


async def test_an_agent_sends_a_file(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    page = await sent(dana)

    assert page.status_code == 200
    assert "The file is sent." in page.text
    assert "Open how to.pdf" in page.text


@pytest.mark.parametrize(
    ("status", "words"),
    [(413, "too large"), (415, "JPEG, PNG, WebP"), (422, "scanner refused"), (409, "Not sent. not taken")],
)
async def test_a_file_that_is_not_sent_is_said(
    dana: httpx.AsyncClient, desk: FakeDesk, status: int, words: str
) -> None:
    desk.refuses_files = status

    page = await sent(dana)

    assert page.status_code == 409
    assert words in page.text


async def test_the_form_is_there_once_one_may_reply_and_only_for_a_chat(dana: httpx.AsyncClient) -> None:
    before = (await dana.get(f"/tickets/{SLOW}")).text
    accepted = await dana.post(f"/tickets/{SLOW}/moves", data={"move": "accept", "version": "1"}, headers=FRAGMENT)
    call = (await dana.get(f"/tickets/{CHARGED}")).text

    assert ['type="file"' in page for page in (before, accepted.text, call)] == [False, True, False]
