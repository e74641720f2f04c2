"""The supervisors' pages in a real browser: no barriers, by keyboard, on a phone, refreshed in place."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.chromium import needed, violations
from tests.console.in_browser import DESK, PHONE, person

pytestmark = needed
PAGES = (
    "/quality",
    "/quality/1",
    "/quality/2",
    "/board",
    "/board?tier=2",
    "/board/answered_in_time",
    "/board/callbacks_in_time",
    "/wall",
    "/funnel",
    "/knowledge",
)


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESK), ("dark", PHONE)], ids=["desk", "dark phone"])
async def test_no_page_has_a_barrier_or_scrolls_sideways(
    browser: Browser, site: str, scheme: str, viewport: dict[str, int]
) -> None:
    page = await person(browser, site, "sue", color_scheme=scheme, viewport=viewport)

    found, widths = {}, {}
    for path in PAGES:
        await page.goto(site + path)
        found[path] = await violations(page)
        widths[path] = await page.evaluate("document.documentElement.scrollWidth")

    assert found == {path: [] for path in PAGES}
    assert max(widths.values()) <= viewport["width"]


async def test_a_definition_is_shown_on_focus_and_goes_with_escape(browser: Browser, site: str) -> None:
    page = await person(browser, site, "sue", path="/board")
    meaning = page.locator("#meaning-answered_in_time")
    await expect(meaning).to_be_hidden()

    await page.locator("#ask-answered_in_time").focus()
    await expect(meaning).to_be_visible()
    await expect(meaning).to_contain_text("within 20 seconds")
    await page.keyboard.press("Escape")

    await expect(meaning).to_be_hidden()


async def test_a_filter_changes_the_figures_in_place_and_stays_in_the_address(browser: Browser, site: str) -> None:
    page = await person(browser, site, "sue", path="/board")
    await page.evaluate("window.sameDocument = true")

    await page.get_by_label("Tier", exact=True).select_option("2")

    await expect(page.locator("[aria-labelledby=name-contained]")).to_contain_text("Not measured.")
    assert "tier=2" in page.url
    assert await page.evaluate("window.sameDocument")
