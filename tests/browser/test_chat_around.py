"""Where a chat comes from and goes to: a call's link, another site's page, a copy by e-mail, its end, in a real
browser and without barriers."""

from uuid import UUID

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from escalation.client import Continued, Turn
from tests.browser.chat_page import PHONE, arrived, picked, seen, welcomed, write
from tests.browser.chromium import needed
from tests.chat.fakes import World, a_ticket
from tests.escalation.attachments.files import photo

CALL = UUID("7f9c24e5-0d4c-4c9f-9a55-3b1f4f3f0c11")

expect.set_options(timeout=20_000)
pytestmark = needed


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

    page = await arrived(context, address, "/chat/#go-on=link-0123456789abcdef")
    await expect(page.get_by_text("We can go on here")).to_be_visible()
    await seen(page, "call")
    await write(page, "still blinking")
    await expect(page.get_by_text("You said: still blinking")).to_be_visible()
    again = await arrived(context, address, "/chat/#go-on=link-0123456789abcdef")

    await expect(again.get_by_text("You said: still blinking")).to_be_visible()
    assert "#" not in page.url
    assert await page.get_by_text("It blinks").count() == 1


async def test_a_link_that_is_no_good_any_more_is_said_kindly(context: BrowserContext, address: str) -> None:
    page = await arrived(context, address, "/chat/#go-on=link-0123456789abcdef")

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
