"""Files in the chat, in a real browser and without barriers."""

from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from bot.client import BotMessage
from tests.browser.chat_page import picked, seen, welcomed, write
from tests.browser.chromium import needed
from tests.chat.fakes import World
from tests.escalation.attachments.files import PDF, photo

expect.set_options(timeout=20_000)
pytestmark = needed


@pytest.fixture
def world() -> World:
    world = World()
    world.bot.replies["steps"] = [BotMessage("Are the lights steady?", choices=("Yes", "No"))]
    return world


GIVEN = """([name, bytes, how]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
  const chat = document.querySelector("firstline-chat").shadowRoot;
  const at = chat.querySelector(how === "paste" ? "textarea" : ".panel");
  const more = how === "paste" ? { clipboardData: data } : { dataTransfer: data };
  const kind = how === "paste" ? ClipboardEvent : DragEvent;
  at.dispatchEvent(new kind(how, { bubbles: true, cancelable: true, ...more }));
}"""


async def test_a_photo_is_attached_and_the_assistants_question_still_stands(
    context: BrowserContext, address: str, world: World
) -> None:
    page = await welcomed(context, address)
    await write(page, "steps")
    await expect(page.get_by_role("button", name="Yes")).to_be_visible()

    await picked(page, "lights.jpg", photo())
    await expect(page.get_by_role("button", name="Open lights.jpg")).to_be_visible()
    await expect(page.get_by_text("I have kept your file")).to_be_visible()
    await seen(page, "attached")
    await page.get_by_role("button", name="Yes").click()

    await expect(page.get_by_text("You said: Yes")).to_be_visible()
    assert [file.content for _, file in world.escalation.files.values()] == [photo()]


@pytest.mark.parametrize("how", ["paste", "drop"])
async def test_a_photo_is_pasted_or_dropped(context: BrowserContext, address: str, world: World, how: str) -> None:
    page = await welcomed(context, address)

    await page.evaluate(GIVEN, ["lights.jpg", list(photo(size=(60, 40))), how])

    await expect(page.get_by_role("button", name="Open lights.jpg")).to_be_visible()
    assert len(world.escalation.files) == 1


async def test_on_its_way_a_file_shows_how_far_it_is(context: BrowserContext, address: str, world: World) -> None:
    page = await welcomed(context, address)
    throttled = await context.new_cdp_session(page)
    await throttled.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 300_000},
    )

    await picked(page, "bill.pdf", PDF + b"\n" * 900_000, "application/pdf")

    await expect(page.get_by_role("progressbar", name="Sending bill.pdf")).to_be_visible()
    await seen(page, "sending")
    await expect(page.get_by_role("progressbar")).to_have_count(0)
    await expect(page.get_by_role("button", name="Open bill.pdf")).to_be_visible()


async def test_a_refused_file_says_why_and_only_what_may_help_can_be_tried_again(
    context: BrowserContext, address: str, world: World
) -> None:
    page = await welcomed(context, address)
    again = page.get_by_role("button", name="Try again")

    await picked(page, "huge.jpg", b"x" * (5 * 1024 * 1024 + 1))
    await expect(page.get_by_text("can have up to 5 MB")).to_be_visible()
    world.escalation.refuses = 415
    await picked(page, "page.html", b"<html>", "text/html")
    await expect(page.get_by_text("Only photos (JPEG, PNG, WebP)")).to_be_visible()
    assert await again.count() == 0
    world.escalation.refuses, world.escalation.away = None, True
    await picked(page, "lights.jpg", photo())
    await expect(page.get_by_text("Files can't be sent right now")).to_be_visible()
    await seen(page, "refused")
    world.escalation.away = False
    await again.click()

    await expect(page.get_by_role("button", name="Open lights.jpg")).to_be_visible()


async def test_a_file_from_a_person_is_downloaded(
    context: BrowserContext, address: str, world: World, tmp_path: Path
) -> None:
    page = await welcomed(context, address)
    contact = await page.evaluate("JSON.parse(Object.values(localStorage)[0]).id")
    kept = world.escalation.holds(contact, "how to.pdf", PDF, by_customer=False)
    world.escalation.did(contact, "message", agent_name="Maya", text="how to.pdf", attachment=kept)

    async with page.expect_download() as download:
        await page.get_by_role("button", name="Open how to.pdf").click()

    assert (await download.value).suggested_filename == "how to.pdf"
    saved = tmp_path / "saved.pdf"
    await (await download.value).save_as(saved)
    assert saved.read_bytes() == PDF
