"""Pictures of the pages for the documentation, from a product of its own:

.venv/bin/python -m tests.browser.screens
"""

import asyncio

from playwright.async_api import Page, expect

from ops import trial
from ops.product import Product
from settings import ROOT
from tests.browser.chromium import chromium
from tests.browser.test_live_chat import agent, says, subscriber

SCREENS = ROOT / "docs" / "screens"


async def take(product: Product) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        customer = await subscriber(browser, product.url)
        await _guided_steps(customer)
        await customer.screenshot(path=SCREENS / "chat.png")

        other = await subscriber(browser, product.url)
        await _billing(other)
        await other.screenshot(path=SCREENS / "ticket-told.png")

        staff = await agent(browser, product, "sam.okoye")
        await expect(staff.get_by_text("charged twice").first).to_be_visible()
        await staff.screenshot(path=SCREENS / "queue.png")
        await staff.get_by_role("link", name="I was charged twice this month").first.click()
        await staff.get_by_role("button", name="Accept ticket").click()
        await expect(staff.locator("#move-reply")).to_be_checked(timeout=10_000)
        await staff.locator("#words").fill("Hello, I can see both payments. The second goes back to your card today.")
        await staff.keyboard.press("Control+Enter")
        await expect(other.get_by_role("log")).to_contain_text("both payments", timeout=10_000)
        await staff.wait_for_timeout(1500)
        await staff.screenshot(path=SCREENS / "ticket.png")
        await other.screenshot(path=SCREENS / "person.png")


async def _guided_steps(page: Page) -> None:
    await says(page, "my internet is really slow tonight")
    await page.get_by_role("button", name="Go on without").click()
    await page.get_by_role("button", name="Wi-Fi", exact=True).click()
    await page.wait_for_timeout(1500)


async def _billing(page: Page) -> None:
    await says(page, "I was charged twice this month")
    await expect(page.get_by_role("log")).to_contain_text("reach you", timeout=10_000)
    await says(page, "07700 900123")
    await expect(page.get_by_role("log")).to_contain_text("FL-", timeout=10_000)
    await page.wait_for_timeout(1000)


def main() -> None:
    with trial.running(print) as product:
        asyncio.run(take(product))


if __name__ == "__main__":
    main()
