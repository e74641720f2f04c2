"""A customer's files in the console's transcript, and a file on its way to the customer, in a real browser."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.chromium import needed, violations
from tests.console.fake_desk import FakeDesk
from tests.console.in_browser import DESK, PHONE, person
from tests.console.morning import SLOW
from tests.escalation.attachments.files import PDF, photo

PICTURES = os.environ.get("FIRSTLINE_PICTURES")  # a folder: where somebody wants to look at what was tested
pytestmark = needed


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
async def test_files_are_seen_opened_and_sent_without_barriers(
    browser: Browser, site: str, desk: FakeDesk, scheme: str, viewport: dict[str, int]
) -> None:
    desk.customer_attaches(SLOW, "lights.jpg", photo())
    desk.customer_attaches(SLOW, "bill.pdf", PDF, "application/pdf")
    page = await person(browser, site, path=f"/tickets/{SLOW}", color_scheme=scheme, viewport=viewport)
    await page.get_by_role("button", name="Accept ticket").click()

    picture = page.get_by_role("link", name="Open lights.jpg").locator("img")
    await expect(picture).to_have_js_property("naturalWidth", 640)
    async with page.context.expect_page() as tab:
        await page.get_by_role("link", name="Open lights.jpg").click()
    shown = await tab.value
    await expect(shown.locator("img")).to_have_js_property("naturalWidth", 640)
    await shown.close()
    await page.get_by_label("Send the customer a photo or PDF").set_input_files(
        {"name": "how to.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    await page.get_by_role("button", name="Send file").click()
    await expect(page.get_by_role("link", name="Open how to.pdf")).to_be_visible()
    await expect(page.get_by_label("Send the customer a photo or PDF")).to_have_value("")
    await page.wait_for_timeout(300)
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"console-{scheme}-{viewport['width']}.png")

    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
