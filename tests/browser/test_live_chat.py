"""A subscriber's window and an agent's console, side by side, on the running product."""

import pytest
from playwright.async_api import Browser, Page, expect

from ops.product import Product
from tests.browser.chromium import needed, violations
from tests.journeys.people import REFERENCE

pytestmark = [*needed, pytest.mark.product]
DESK = {"width": 1280, "height": 860}


async def subscriber(browser: Browser, url: str) -> Page:
    page = await (await browser.new_context(viewport=DESK)).new_page()  # type: ignore[arg-type]
    await page.goto(url)
    await page.get_by_role("button", name="Chat with us").click()
    await expect(page.get_by_role("log")).to_contain_text("automated assistant", timeout=20_000)
    return page


async def says(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")


async def agent(browser: Browser, product: Product, username: str = "amira.khan") -> Page:
    page = await (await browser.new_context(viewport=DESK)).new_page()  # type: ignore[arg-type]
    await page.goto(f"{product.url}/console/")
    await page.fill("[name=username]", username)
    await page.fill("[name=password]", product.environment["FIRSTLINE_DEMO_PASSWORD"])
    await page.keyboard.press("Enter")
    await expect(page.locator("#link-state")).to_have_text("Live", timeout=20_000)
    return page


async def talking(customer: Page, staff: Page) -> str:
    """The customer asks for a person, who accepts; the reference."""
    await customer.get_by_role("button", name="Talk to a person").first.click()
    for _ in range(4):  # what it is about, how to be reached
        log = customer.get_by_role("log")
        await customer.wait_for_timeout(1500)
        if REFERENCE.search(await log.inner_text()):
            break
        await says(customer, "07700 900321")
    found = REFERENCE.search(await customer.get_by_role("log").inner_text())
    assert found is not None
    await staff.locator(f"a[href$='{found[0]}']").first.click()
    await staff.get_by_role("button", name="Accept ticket").click()
    await expect(staff.locator("#move-reply")).to_be_checked(timeout=10_000)
    await expect(customer.get_by_role("log")).to_contain_text("Amira Khan has joined", timeout=10_000)
    return found[0]


async def test_both_sides_see_each_other_at_once(browser: Browser, product: Product) -> None:
    customer, staff = await subscriber(browser, product.url), await agent(browser, product)

    await talking(customer, staff)
    await staff.locator("#words").fill("Good evening, how can I help?")
    await staff.keyboard.press("Control+Enter")
    await expect(customer.get_by_role("log")).to_contain_text("Good evening, how can I help?", timeout=10_000)
    await says(customer, "Is the weather nice at yours?")

    await expect(staff.locator("#timeline")).to_contain_text("Is the weather nice at yours?", timeout=10_000)


async def test_typing_whisper_and_a_lost_agent_on_three_pages(browser: Browser, product: Product) -> None:
    """One story, because each step needs a live chat."""
    customer, staff = await subscriber(browser, product.url), await agent(browser, product)
    reference = await talking(customer, staff)
    typing, types = customer.get_by_text("Amira Khan is typing…"), staff.locator("#types")

    await staff.locator("#words").press_sequentially("One mom", delay=20)
    await expect(typing).to_be_visible(timeout=5000)
    await expect(customer.get_by_role("status")).to_have_text("Amira Khan is typing…")
    await expect(typing).to_be_hidden(timeout=9000)  # she stopped
    await customer.get_by_label("Your message").press_sequentially("My ro", delay=20)
    await expect(types).to_have_text("The customer is typing…", timeout=5000)
    await expect(types).to_be_empty(timeout=9000)
    await staff.check("#move-note", force=True)
    await staff.wait_for_timeout(3100)  # the pace at which a page tells that it types
    await staff.locator("#words").press_sequentially("ent", delay=20)
    await staff.wait_for_timeout(1500)
    await expect(typing).to_be_hidden()  # a note is not for the customer
    await staff.check("#move-reply", force=True)

    supervisor = await agent(browser, product, "sam.okoye")
    await supervisor.goto(f"{product.url}/console/tickets/{reference}")
    await supervisor.check("#move-whisper", force=True)
    await supervisor.locator("#words").fill("Offer him the new router")
    await supervisor.keyboard.press("Control+Enter")
    await expect(staff.locator("#whispered")).to_contain_text("Offer him the new router", timeout=10_000)
    await expect(staff.locator("#words")).to_have_value("One moment")
    await staff.locator("#words").focus()
    await staff.keyboard.press("Control+Enter")
    await expect(customer.get_by_role("log")).to_contain_text("One moment", timeout=10_000)
    await expect(staff.locator(".timeline")).to_contain_text("One moment", timeout=10_000)
    assert await violations(staff) == []
    assert "new router" not in await customer.get_by_role("log").inner_text()
    await customer.reload()
    await customer.get_by_role("button", name="Chat with us").click()
    await expect(customer.get_by_role("log")).to_contain_text("One moment", timeout=10_000)
    assert "new router" not in await customer.get_by_role("log").inner_text()

    session = await staff.context.storage_state()
    await staff.close()
    log = customer.get_by_role("log")
    await expect(log).to_contain_text("I'm sorry, Amira Khan's connection was lost.", timeout=90_000)
    again = await (await browser.new_context(viewport=DESK, storage_state=session)).new_page()  # type: ignore[arg-type]
    await again.goto(f"{product.url}/console/")
    await expect(again.locator("#lost")).to_contain_text(f"went back to the queue: {reference}", timeout=10_000)
    assert await violations(again) == []
    await again.select_option("#own-state", "ready")
    await expect(again.locator("#lost")).to_be_empty(timeout=10_000)
