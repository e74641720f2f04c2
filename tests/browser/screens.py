"""Pictures of the pages for the documentation, from a product of its own:

.venv/bin/python -m tests.browser.screens
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg
from playwright.async_api import Browser, Page, expect

from benchmarks.board import fill
from ops import trial
from ops.product import Product
from settings import ROOT
from tests.browser.chromium import chromium
from tests.browser.test_live_chat import agent, says, subscriber

SCREENS = ROOT / "docs" / "screens"
PHONE = {"width": 390, "height": 844}
PLACES = ("wall", "roster", "agreements", "inspection")
WITH_A_HISTORY = ("board", "funnel")
TICKETS = 4000  # of the invented history behind the board


async def take(product: Product) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        customer = await subscriber(browser, product.url)
        await _guided_steps(customer)
        await customer.screenshot(path=SCREENS / "chat.png")

        await _bill(browser, product.url)

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

        await _places(staff, product, PLACES)
        _history(product)
        await _places(staff, product, WITH_A_HISTORY)
        await _policy(browser, staff, product)


async def _places(staff: Page, product: Product, places: Sequence[str]) -> None:
    for place in places:
        await staff.goto(f"{product.url}/console/{place}")
        await expect(staff.locator("main h1").first).to_be_visible()
        await staff.wait_for_timeout(1500)
        await staff.screenshot(path=SCREENS / f"{place}.png")


async def _policy(browser: Browser, staff: Page, product: Product) -> None:
    """What somebody else proposes, as the person sees it who decides."""
    proposer = await agent(browser, product, "dora.berg")
    await proposer.goto(f"{product.url}/console/policies/routing.yml/change")
    field = proposer.get_by_label("The text", exact=True)
    sim = "  sim: {department: provisioning, urgency: "
    await field.fill((await field.input_value()).replace(f"{sim}medium", f"{sim}high"))
    await proposer.get_by_label("Why it should change").fill("Without a SIM nobody can call: this is urgent")
    await proposer.get_by_role("button", name="Look at it").click()
    await proposer.get_by_role("button", name="Propose it").click()
    await expect(proposer.get_by_role("heading", name="Without a SIM nobody can call")).to_be_visible()
    await staff.goto(f"{product.url}/console/policies")
    await staff.get_by_role("link", name="Without a SIM nobody can call").click()
    await expect(staff.get_by_role("button", name="Accept and publish")).to_be_visible()
    await staff.wait_for_timeout(1000)
    await staff.screenshot(path=SCREENS / "policies.png", full_page=True)


async def _guided_steps(page: Page) -> None:
    await says(page, "my internet is really slow tonight")
    await page.get_by_role("button", name="Go on without").click()
    await page.get_by_role("button", name="Wi-Fi", exact=True).click()
    await page.wait_for_timeout(1500)


async def _bill(browser: Browser, url: str) -> None:
    """On a telephone in the dark: the demo customer whose last bill is higher."""
    page = await (await browser.new_context(viewport=PHONE, color_scheme="dark")).new_page()  # type: ignore[arg-type]
    await page.goto(url)
    await page.get_by_role("button", name="Chat with us").click()
    log = page.get_by_role("log")
    await expect(log).to_contain_text("automated assistant", timeout=20_000)
    for said, answer in (
        ("why is my bill higher than last month?", "account number"),
        ("10023456", "postcode"),
        ("LF1 4AB", "what makes the difference"),
    ):
        await says(page, said)
        await expect(log).to_contain_text(answer, timeout=10_000)
    await page.wait_for_timeout(1000)
    await page.screenshot(path=SCREENS / "bill.png")


async def _billing(page: Page) -> None:
    await says(page, "I was charged twice this month")
    await expect(page.get_by_role("log")).to_contain_text("reach you", timeout=10_000)
    await says(page, "07700 900123")
    await expect(page.get_by_role("log")).to_contain_text("FL-", timeout=10_000)
    await page.wait_for_timeout(1000)


def _history(product: Product) -> None:
    """90 invented days in place of what was just said, so that figures and trends have something to show."""
    with psycopg.connect(product.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("TRUNCATE contacts, tickets, answer_fates, agent_states RESTART IDENTITY CASCADE")
        fill(connection, TICKETS, datetime.now(UTC))


def main() -> None:
    with trial.running(print) as product:
        asyncio.run(take(product))


if __name__ == "__main__":
    main()
