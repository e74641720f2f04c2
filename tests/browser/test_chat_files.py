"""Files, the warning before the end, the copy by e-mail and the call's link, in a real browser and without barriers."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser, BrowserContext, FilePayload, Page, expect

from bot.client import BotMessage
from chat import ending, session
from escalation.client import Continued, Turn
from settings import Settings
from tests.browser.chromium import needed, violations
from tests.chat.fakes import World, a_ticket, served, site
from tests.escalation.attachments.files import PDF, photo

DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
CALL = UUID("7f9c24e5-0d4c-4c9f-9a55-3b1f4f3f0c11")
PICTURES = os.environ.get("FIRSTLINE_PICTURES")  # a folder: where somebody wants to look at what was tested

expect.set_options(timeout=20_000)
pytestmark = needed


@pytest.fixture
def world() -> World:
    world = World()
    world.bot.replies["steps"] = [BotMessage("Are the lights steady?", choices=("Yes", "No"))]
    return world


@pytest.fixture
async def address(settings: Settings, world: World) -> AsyncIterator[str]:
    async with served(site(settings, world)) as url:
        yield url


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]  # two numbers
    yield context
    await context.close()


async def opened(context: BrowserContext, address: str, path: str = "/chat/") -> Page:
    page = await context.new_page()
    page.set_default_timeout(20_000)

    def broken(error: object) -> None:
        raise AssertionError(f"error on the page: {error}")

    page.on("pageerror", broken)
    await page.goto(address + path)
    return page


async def welcomed(context: BrowserContext, address: str) -> Page:
    page = await opened(context, address)
    await expect(page.get_by_text("I'm the automated assistant")).to_be_visible()
    return page


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")


async def seen(page: Page, name: str) -> None:
    """No barrier in this state; and a picture of it for whoever asked."""
    await page.wait_for_timeout(300)
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")
    assert await violations(page) == []


async def picked(page: Page, name: str, content: bytes, kind: str = "image/jpeg") -> None:
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Attach a photo or PDF").click()
    await (await chooser.value).set_files([FilePayload(name=name, mimeType=kind, buffer=content)])


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


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is looked at ten times a second."""
    monkeypatch.setattr(ending, "LOOK_S", 0.1)


@contextmanager
def silent_too_long() -> Iterator[None]:
    """So long, the warning is due at once, and the end in two minutes."""
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(session, "IDLE_AFTER", session.WARN_BEFORE)
        yield


@pytest.mark.usefixtures("often")
async def test_before_the_end_the_customer_is_warned_and_goes_on_by_one_key(
    context: BrowserContext, address: str
) -> None:
    page = await welcomed(context, address)
    other = await welcomed(context, address)
    warning, stay = page.get_by_role("alert"), page.get_by_role("button", name="Keep chatting")
    await page.get_by_label("Your message").focus()

    with silent_too_long():
        await expect(warning).to_contain_text("This chat will end at")
        await expect(other.get_by_role("alert")).to_be_visible()
    await expect(stay).to_be_focused()
    await seen(page, "warned")
    await page.keyboard.press("Enter")

    await expect(warning).to_be_hidden()
    await expect(page.get_by_label("Your message")).to_be_focused()
    await expect(other.get_by_role("alert")).to_be_hidden()


@pytest.mark.usefixtures("often")
async def test_the_warning_does_not_disturb_who_is_writing_and_one_letter_more_takes_it_away(
    context: BrowserContext, address: str
) -> None:
    page = await welcomed(context, address)
    field = page.get_by_label("Your message")
    await field.fill("the lights are")

    with silent_too_long():
        await expect(page.get_by_role("alert")).to_be_visible()
    await expect(field).to_be_focused()
    await page.keyboard.type(" red")

    await expect(page.get_by_role("alert")).to_be_hidden()
    await expect(field).to_have_value("the lights are red")


@pytest.mark.usefixtures("often")
async def test_a_chat_that_was_put_aside_says_so_and_goes_on(
    context: BrowserContext, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await welcomed(context, address)

    with monkeypatch.context() as clock:
        clock.setattr(session, "IDLE_AFTER", timedelta(seconds=1))
        await expect(page.get_by_text("This chat was put aside")).to_be_visible()
    await write(page, "I am back")

    await expect(page.get_by_text("You said: I am back")).to_be_visible()


async def test_a_copy_goes_to_the_address_the_customer_gives(
    context: BrowserContext, address: str, world: World
) -> None:
    page = await welcomed(context, address)
    await write(page, "that is all")
    await expect(page.get_by_text("You said: that is all")).to_be_visible()
    await page.get_by_role("button", name="End chat").click()
    await page.get_by_role("button", name="End it").click()

    await page.get_by_role("button", name="E-mail a copy").click()
    await expect(page.get_by_label("Your e-mail address")).to_be_focused()
    await expect(page.get_by_text("Whoever reads this mailbox")).to_be_visible()
    await seen(page, "mail")
    await page.keyboard.type("ada@example.com")
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("on its way to ada@example.com")).to_be_focused()
    await seen(page, "mailed")
    [(to, text, kind)] = world.messages.sent.values()
    assert (to, kind) == ("ada@example.com", "transcript")
    assert "You said: that is all" in text


async def test_the_link_of_a_call_shows_the_call_and_is_kept_for_a_second_look(
    context: BrowserContext, address: str, world: World
) -> None:
    at = a_ticket().created_at
    said = [("bot", "Is the light steady?"), ("customer", "It blinks")]
    turns = tuple(
        Turn.model_validate({"contact_id": CALL, "turn_id": str(n), "author": who, "text": text, "at": at})
        for n, (who, text) in enumerate(said)
    )
    world.escalation.calls["link-0123456789abcdef"] = Continued(
        contact_id=CALL, language="en", turns=turns, ticket=None
    )

    page = await opened(context, address, "/chat/#go-on=link-0123456789abcdef")
    await expect(page.get_by_text("We can go on here")).to_be_visible()
    await seen(page, "call")
    await write(page, "still blinking")
    await expect(page.get_by_text("You said: still blinking")).to_be_visible()
    again = await opened(context, address, "/chat/#go-on=link-0123456789abcdef")

    await expect(again.get_by_text("You said: still blinking")).to_be_visible()
    assert "#" not in page.url
    assert await page.get_by_text("It blinks").count() == 1


async def test_a_link_that_is_no_good_any_more_is_said_kindly(context: BrowserContext, address: str) -> None:
    page = await opened(context, address, "/chat/#go-on=link-0123456789abcdef")

    await expect(page.get_by_text("That link has already been used or is too old")).to_be_visible()
    await expect(page.get_by_text("I'm the automated assistant")).to_be_visible()


SHOP = """<!doctype html><html lang="en"><title>Shop</title>
<script src="{address}/chat/widget.js" defer data-dir="rtl" data-position="left" data-greeting="Welcome to the shop"
  data-logo="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" data-name="Shop"
  data-accent="#7a1f5c"></script></html>"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_site_gives_it_its_own_look_and_direction(browser: Browser, address: str, scheme: str) -> None:
    context = await browser.new_context(viewport=PHONE, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # plain
    page = await context.new_page()
    await page.route(
        "**/shop", lambda route: route.fulfill(body=SHOP.format(address=address), content_type="text/html")
    )
    await page.goto(f"{address}/shop")
    launcher = page.get_by_role("button", name="Chat with us")
    place = await launcher.evaluate("button => button.getBoundingClientRect().right")
    colour = await launcher.evaluate("button => getComputedStyle(button).backgroundColor")
    await launcher.click()
    await expect(page.get_by_text("Welcome to the shop")).to_be_visible()
    await expect(page.get_by_role("heading", name="Shop")).to_be_visible()
    await picked(page, "lights.jpg", photo())
    await expect(page.get_by_text("I have kept your file")).to_be_visible()

    assert await page.locator("firstline-chat").get_attribute("dir") == "rtl"
    assert await page.locator(".panel").evaluate("panel => getComputedStyle(panel).direction") == "rtl"
    assert place == PHONE["width"] - 24  # "left" is where lines end, in either direction
    assert (colour == "rgb(122, 31, 92)") == (scheme == "light")  # a dark accent is given for itself
    assert await page.locator(".mark img").count() == 1
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await seen(page, f"rtl-{scheme}")
    await context.close()


async def test_a_conversation_whose_token_is_gone_is_over_for_the_page_too(
    context: BrowserContext, address: str
) -> None:
    page = await welcomed(context, address)
    await page.evaluate("""() => {
      const [key, value] = Object.entries(localStorage)[0];
      localStorage.setItem(key, JSON.stringify({ ...JSON.parse(value), token: "expired" }));
    }""")

    await page.reload()

    await expect(page.get_by_text("This chat has ended.")).to_be_visible()
    await expect(page.get_by_role("button", name="Start a new chat")).to_be_visible()
