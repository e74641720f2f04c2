"""The chat in a real browser: talking, choosing, a person joining, losing the line, reloading, without barriers."""

import asyncio
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from bot.client import BotMessage
from settings import Settings
from tests.browser.chat_page import DESK, PHONE, arrived, write
from tests.browser.chromium import needed, violations
from tests.chat.fakes import World, a_ticket, served, site

ATTACK = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script> [click](javascript:window.hurt=1) **bold**'

expect.set_options(timeout=20_000)  # a busy machine is no barrier

pytestmark = needed


@pytest.fixture
def world() -> World:
    world = World()
    ticket = a_ticket().model_dump(mode="json")
    opened = {"state": "opened", "key": "k", "ticket": ticket, "live": True, "next": "agent_joins", "queue_position": 2}
    opened["expected_wait_s"] = 250
    world.bot.replies["I want to talk to a person"] = [BotMessage("Your reference is FL-48317264.", handover=opened)]
    world.bot.replies["My internet is slow"] = [
        BotMessage(
            "**Step 1.** Stand next to the router:\n\n1. Close other apps\n2. Run a [test](https://speed.example)"
        ),
        BotMessage("Is it better there?", choices=("Yes, it is", "No, still slow")),
    ]
    return world


async def opened(context: BrowserContext, address: str, path: str = "/") -> Page:
    """A page with the chat open and the welcome said. Any error on the page fails the test."""
    page = await arrived(context, address, path)
    if path == "/":
        await page.get_by_role("button", name="Chat with us").click()
    await expect(page.get_by_text("I'm the automated assistant")).to_be_visible()
    return page


async def contact_of(page: Page) -> str:
    return str(await page.evaluate("JSON.parse(Object.values(localStorage)[0]).id"))


async def test_a_question_is_answered_and_choices_are_buttons(context: BrowserContext, address: str) -> None:
    page = await opened(context, address)

    await page.get_by_role("button", name="My internet is slow").click()
    await expect(page.get_by_role("listitem").filter(has_text="Close other apps")).to_be_visible()
    await expect(page.get_by_role("link", name="test")).to_have_attribute("rel", "noopener noreferrer")
    await page.get_by_role("button", name="No, still slow").click()

    await expect(page.get_by_text("You said: No, still slow")).to_be_visible()
    await expect(page.get_by_role("button", name="Yes, it is")).to_have_count(0)
    await expect(page.get_by_text("Delivered").last).to_be_visible()


async def test_it_says_what_it_is_and_offers_a_person_from_the_start(context: BrowserContext, address: str) -> None:
    page = await opened(context, address)

    await expect(page.get_by_text("You're talking to an automated assistant.")).to_be_visible()
    await expect(page.get_by_role("button", name="Talk to a person")).to_be_visible()


async def test_guided_steps_are_numbered_and_keep_their_number(
    context: BrowserContext, address: str, world: World
) -> None:
    def said(text: str, step: str) -> list[BotMessage]:
        return [BotMessage(text, about={"flow": "slow-wifi", "step": step})]

    world.bot.replies |= {"one": said("Unplug it", "unplug"), "two": said("Go near", "near")}
    world.bot.replies |= {"why": said("Because of walls", "near"), "back": said("Unplug it again", "unplug")}
    page = await opened(context, address)

    for word in ("one", "two", "why", "back"):
        await write(page, word)
    await expect(page.get_by_text("Unplug it again")).to_be_visible()

    assert await page.locator(".step").all_inner_texts() == ["Step 1", "Step 2", "Step 1"]


async def test_a_topic_of_the_page_starts_the_chat_with_it(context: BrowserContext, address: str) -> None:
    page = await arrived(context, address, "/")

    await page.get_by_role("button", name="Broadband and Wi-Fi").click()

    await expect(page.get_by_text("Is it better there?")).to_be_visible()


async def test_nothing_anybody_writes_is_run_as_html(context: BrowserContext, address: str, world: World) -> None:
    world.bot.replies[ATTACK] = [BotMessage(ATTACK, choices=("<b>choice</b>",))]
    page = await opened(context, address)

    await write(page, ATTACK)
    await expect(page.get_by_role("button", name="<b>choice</b>")).to_be_visible()
    world.escalation.did(await contact_of(page), "message", text=ATTACK, agent_name="<i>Eve</i>")
    await expect(page.get_by_text("<i>Eve</i>").first).to_be_visible()

    assert await page.evaluate("window.hurt") is None
    assert (
        await page.locator("firstline-chat img, firstline-chat script, firstline-chat a[href^=javascript]").count() == 0
    )


async def test_a_person_joins_writes_and_gives_back(context: BrowserContext, address: str, world: World) -> None:
    page = await opened(context, address)

    await page.get_by_role("button", name="Talk to a person").click()
    await expect(page.get_by_text("You're number 2 in line. Lately it took about 5 min.")).to_be_visible()
    await expect(page.locator("dd", has_text="FL-48317264")).to_be_visible()
    contact = await contact_of(page)
    ticket = a_ticket(status="inProgress", agent_name="Maya")
    world.escalation.did(contact, "accepted", agent_name="Maya", ticket=ticket)
    world.escalation.did(contact, "message", agent_name="Maya", text="Hello, I can see your steps.")
    await expect(page.get_by_text("Hello, I can see your steps.")).to_be_visible()
    await write(page, "Thank you, Maya")
    async with asyncio.timeout(10):  # turns are recorded in the background
        while not world.escalation.recorded:
            await asyncio.sleep(0.05)
    await expect(page.locator(".pill")).to_have_text("Being worked on")
    await expect(page.get_by_role("button", name="Talk to a person")).to_be_hidden()
    world.escalation.did(contact, "resolved", ticket=ticket.model_copy(update={"status": "resolved"}))
    await expect(page.get_by_role("button", name="Talk to a person")).to_be_visible()
    await write(page, "are you the assistant again")

    await expect(page.get_by_text("You said: are you the assistant again")).to_be_visible()
    await expect(page.locator(".pill")).to_have_text("Solved")
    assert [turn.text for turn in world.escalation.recorded] == ["Thank you, Maya"]


async def test_a_refused_sign_that_one_types_is_not_sent_again_and_not_told(
    context: BrowserContext, address: str, world: World
) -> None:
    page = await opened(context, address)
    await page.get_by_role("button", name="Talk to a person").click()
    await expect(page.locator("dd", has_text="FL-48317264")).to_be_visible()
    world.escalation.did(await contact_of(page), "accepted", agent_name="Maya", ticket=a_ticket(status="inProgress"))
    await expect(page.get_by_text("Maya has joined")).to_be_visible()
    signs = 0

    async def too_many(route: Route) -> None:
        nonlocal signs
        signs += 1
        await route.fulfill(status=429, json={"message": "Too fast"})

    await page.route("**/typing", too_many)
    field = page.get_by_label("Your message")
    async with page.expect_response("**/typing"):
        await field.press_sequentially("My")
    await page.wait_for_timeout(3500)  # past the pace of signs that are taken
    await field.press_sequentially(" router blinks")
    await page.keyboard.press("Enter")
    await expect(page.locator(".row.customer").last).to_contain_text("My router blinks")

    assert signs == 1
    await expect(page.get_by_text("Too fast")).to_have_count(0)


async def test_a_reload_brings_the_conversation_back(context: BrowserContext, address: str) -> None:
    page = await opened(context, address)
    await write(page, "remember me")
    await expect(page.get_by_text("You said: remember me")).to_be_visible()

    await page.reload()
    await page.get_by_role("button", name="Chat with us").click()
    await expect(page.get_by_text("You said: remember me")).to_be_visible()

    assert await page.locator(".row.customer").count() == 1
    assert await page.locator(".row.bot").count() == 2


async def test_two_tabs_agree(context: BrowserContext, address: str) -> None:
    one = await opened(context, address)
    two = await opened(context, address)

    await write(two, "from the second tab")
    await expect(one.get_by_text("You said: from the second tab")).to_be_visible()
    await one.close()
    await write(two, "after the first was closed")

    await expect(two.get_by_text("You said: after the first was closed")).to_be_visible()
    assert await two.locator(".row.customer").count() == 2


async def test_a_restart_of_the_server_loses_and_doubles_nothing(
    context: BrowserContext, settings: Settings, world: World
) -> None:
    async with served(site(settings, world)) as address:
        page = await opened(context, address)
        await write(page, "before")
        await expect(page.get_by_text("You said: before")).to_be_visible()
    await expect(page.get_by_text("Connection lost")).to_be_visible(timeout=20_000)
    await write(page, "while it was away")

    async with served(site(settings, world), port=int(address.rsplit(":", 1)[1])):
        again = page.get_by_role("button", name="Try again")
        await expect(again.or_(page.get_by_text("You said: while it was away"))).to_be_visible(timeout=30_000)
        if await again.count():
            await again.click()
        await expect(page.get_by_text("You said: while it was away")).to_be_visible(timeout=30_000)

        assert await page.locator(".row.customer").count() == 2
        assert await page.locator(".row.bot").count() == 3


async def test_an_account_fact_is_hidden_after_it_was_sent(context: BrowserContext, address: str, world: World) -> None:
    world.bot.replies["check my account"] = [BotMessage("What is your postcode?", expects="fact")]
    world.bot.replies["EC1A 1BB"] = [BotMessage("Thank you.")]
    page = await opened(context, address)
    await write(page, "check my account")
    await expect(page.get_by_text("This answer is hidden in the transcript.")).to_be_visible()

    await write(page, "EC1A 1BB")

    await expect(page.get_by_text("Account detail (hidden)")).to_be_visible()
    await expect(page.get_by_text("EC1A 1BB")).to_have_count(0)


async def test_the_chat_can_be_ended_rated_and_begun_anew(
    context: BrowserContext, address: str, world: World, tmp_path: Path
) -> None:
    page = await opened(context, address, "/chat/")
    await write(page, "that is all")
    await expect(page.get_by_text("You said: that is all")).to_be_visible()

    await page.get_by_role("button", name="End chat").click()
    await page.get_by_role("button", name="End it").click()
    await expect(page.get_by_text("This chat has ended.")).to_be_visible()
    await page.get_by_role("button", name="4 of 5").click()
    await expect(page.get_by_text("Thank you for telling us.")).to_be_visible()
    assert world.trail.satisfaction == [4]
    assert await violations(page) == []
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Save a copy").click()
    copy = await context.new_page()
    await (await saved.value).save_as(tmp_path / "copy.html")
    await copy.goto((tmp_path / "copy.html").as_uri())
    await expect(copy.get_by_text("You said: that is all")).to_be_visible()
    assert await violations(copy) == []
    await page.get_by_role("button", name="Start a new chat").click()

    await expect(page.get_by_text("I'm the automated assistant")).to_be_visible()
    await expect(page.get_by_text("You said: that is all")).to_have_count(0)


async def test_it_works_with_the_keyboard_alone(context: BrowserContext, address: str) -> None:
    page = await arrived(context, address, "/")
    launcher = page.get_by_role("button", name="Chat with us")

    await launcher.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Your message")).to_be_focused()
    await page.keyboard.type("typed by hand")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("You said: typed by hand")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(launcher).to_be_focused()


async def test_a_long_conversation_stays_at_its_end_unless_the_customer_reads_back(
    context: BrowserContext, address: str
) -> None:
    page = await opened(context, address)
    for number in range(12):
        await write(page, f"number {number}")
    await expect(page.get_by_text("You said: number 11")).to_be_in_viewport()

    await page.locator(".log").evaluate("log => { log.style.scrollBehavior = 'auto'; log.scrollTop = 0; }")
    await page.wait_for_timeout(150)

    await expect(page.get_by_text("I'm the automated assistant")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/", "/chat/"], ids=["support-page", "full-page"])
async def test_there_is_no_barrier(
    browser: Browser, address: str, scheme: str, viewport: dict[str, int], path: str
) -> None:
    options = {"viewport": viewport, "color_scheme": scheme, "reduced_motion": "reduce"}
    context = await browser.new_context(**options)  # type: ignore[arg-type]  # plain values
    page = await arrived(context, address, path)
    if path == "/":
        assert await violations(page) == []
        await page.get_by_role("button", name="Chat with us").click()
    await page.get_by_role("button", name="My internet is slow").last.click()
    await expect(page.get_by_text("Is it better there?")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Talk to a person").click()
    await expect(page.get_by_text("You can keep writing while you wait")).to_be_visible()

    assert await violations(page) == []


async def test_on_a_phone_nothing_is_cut_off(browser: Browser, address: str) -> None:
    context = await browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)  # type: ignore[arg-type]  # as above
    page = await opened(context, address)

    await page.get_by_role("button", name="My internet is slow").tap()
    await expect(page.get_by_text("Is it better there?")).to_be_in_viewport()

    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
    await context.close()


@pytest.mark.parametrize("allowed", [True, False])
async def test_another_site_may_embed_it_only_when_it_is_allowed(
    context: BrowserContext, settings: Settings, world: World, allowed: bool
) -> None:
    shop = FastAPI()
    async with served(shop) as shop_address:
        open_to = settings.model_copy(update={"firstline_allowed_origins": shop_address if allowed else ""})
        async with served(site(open_to, world)) as address:
            script = f'<script src="{address}/chat/widget.js" defer></script>'
            html = f'<!doctype html><html lang="en"><title>Shop</title>{script}</html>'
            shop.get("/")(lambda: HTMLResponse(html))
            page = await arrived(context, shop_address, "/")
            await page.get_by_role("button", name="Chat with us").click()

            welcome = page.get_by_text("I'm the automated assistant")
            refusal = page.get_by_text("Connection lost")
            await expect(welcome if allowed else refusal).to_be_visible()
            assert await page.locator(".panel").evaluate("panel => getComputedStyle(panel).position") == "fixed"


async def test_a_page_logs_its_customer_in_and_another_gets_a_conversation_of_their_own(
    context: BrowserContext, address: str, world: World
) -> None:
    world.bot.logins |= {"maya": "verified", "oliver": "other"}
    page = await opened(context, address)
    await page.get_by_label("Your message").fill("hello there")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("You said: hello there")).to_be_visible()

    await page.evaluate("document.querySelector('firstline-chat').login('made up')")
    await expect(page.get_by_text("Your login could not be checked")).to_be_visible()
    async with page.expect_response(lambda reply: reply.url.endswith("/login")) as taken:
        await page.evaluate("document.querySelector('firstline-chat').login('maya')")
    assert (await taken.value).status == 204
    await expect(page.get_by_text("You said: hello there")).to_be_visible()

    async with page.expect_response(lambda reply: reply.url.endswith("/conversations")) as begun:
        await page.evaluate("document.querySelector('firstline-chat').login('oliver')")
    assert (await begun.value).status == 201
    await expect(page.get_by_text("You said: hello there")).to_have_count(0)


async def test_the_script_is_small_and_asks_nobody_else(context: BrowserContext, address: str) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = await opened(context, address)
    script = await page.request.get(f"{address}/chat/widget.js")

    assert len(await script.body()) < 40_000
    assert [url for url in asked if not url.startswith(address)] == []
