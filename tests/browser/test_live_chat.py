"""A subscriber's window and an agent's console, side by side, on the running product."""

import pytest
from playwright.async_api import Browser, Page, expect

from ops.product import Product
from tests.browser.chromium import needed
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


async def test_both_sides_see_each_other_at_once(browser: Browser, product: Product) -> None:
    customer, staff = await subscriber(browser, product.url), await agent(browser, product)

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
    await staff.locator("#words").fill("Good evening, how can I help?")
    await staff.keyboard.press("Control+Enter")
    await expect(customer.get_by_role("log")).to_contain_text("Good evening, how can I help?", timeout=10_000)
    await says(customer, "Is the weather nice at yours?")

    await expect(staff.locator("#timeline")).to_contain_text("Is the weather nice at yours?", timeout=10_000)
