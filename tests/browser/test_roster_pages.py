"""The roster and the offers in a real browser: no barriers, by keyboard, and nothing typed is lost to a live update."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.chromium import needed, violations
from tests.console.fake_desk import FakeDesk
from tests.console.fake_roster import offer
from tests.console.in_browser import DESK, PHONE, person
from tests.console.morning import DOWN, SLOW

pytestmark = needed


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESK), ("dark", PHONE)], ids=["desk", "dark phone"])
async def test_no_page_has_a_barrier_or_scrolls_sideways(
    browser: Browser, site: str, desk: FakeDesk, scheme: str, viewport: dict[str, int]
) -> None:
    desk.on_offer = [offer(SLOW), offer(DOWN, left_s=5000)]
    page = await person(browser, site, "sue", color_scheme=scheme, viewport=viewport)

    found, widths = {}, {}
    for path in ("/roster", "/roster/dana", "/"):
        await page.goto(site + path)
        found[path] = await violations(page)
        widths[path] = await page.evaluate("document.documentElement.scrollWidth")

    assert found == {path: [] for path in found}
    assert max(widths.values()) <= viewport["width"]


async def test_an_offer_counts_down_and_keeps_what_is_typed_while_others_come(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    desk.on_offer = [offer(SLOW)]
    page = await person(browser, site)
    reason = page.get_by_label(f"Reason to refuse {SLOW}")
    await expect(page.locator(".countdown")).to_contain_text("1:")
    await reason.fill("my shift")

    desk.on_offer = [offer(SLOW), offer(DOWN)]
    desk.offers_change(DOWN)

    await expect(page.locator(".offer")).to_have_count(2)
    await expect(reason).to_have_value("my shift")
    await expect(reason).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".offer")).to_have_count(1)
    assert desk.refused == [(SLOW, "my shift")]
