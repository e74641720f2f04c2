"""The console's pages in a real browser: no barriers, by keyboard, on a phone, changing in place."""

import pytest
from playwright.async_api import Browser, expect

from settings import Settings
from tests.browser.chromium import needed, violations
from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.in_browser import DESK, PHONE, person
from tests.console.morning import CHARGED, DOWN, SLOW
from tests.console.site import served

pytestmark = needed


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
async def test_no_page_has_a_barrier(browser: Browser, site: str, scheme: str, viewport: dict[str, int]) -> None:
    page = await person(browser, site, color_scheme=scheme, viewport=viewport)

    found = {}
    for path in ("/sign-in", "/?view=all", "/?search=nothing-like-it", "/tickets/FL-00000000"):
        await page.goto(site + path)
        found[path] = await violations(page)
    for reference in (SLOW, CHARGED):
        await page.goto(f"{site}/tickets/{reference}")
        await page.locator("#articles details").first.wait_for()
        await page.check("#move-note", force=True)
        await page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        found[reference] = await violations(page)

    assert found == {place: [] for place in found}


async def test_sign_in_and_reply_by_keyboard_alone(browser: Browser, site: str, desk: FakeDesk) -> None:
    page = await (await browser.new_context()).new_page()
    keys = page.keyboard

    await page.goto(f"{site}/tickets/{CHARGED}")
    await expect(page.get_by_label("User name")).to_be_focused()
    await keys.type("dana")
    await keys.press("Tab")
    await keys.type(PASSWORD)
    await keys.press("Enter")
    await expect(page.locator("#link-state")).to_have_text("Live")
    for _ in range(20):
        await keys.press("Tab")
        if await page.evaluate("document.activeElement.id") == "words":
            break
    await keys.type("We found the second payment.")
    await keys.press("Control+Enter")

    await expect(page.locator(".entry.agent .words").last).to_have_text("We found the second payment.")
    await expect(page.locator("#words")).to_have_value("")
    assert desk.tickets[CHARGED].notes[-1].text == "We found the second payment."


async def test_markup_in_a_transcript_is_shown_as_text(browser: Browser, site: str) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")

    await expect(page.locator(".entry.customer .words").last).to_contain_text("<img src=x onerror=")
    await expect(page).to_have_title(f"{SLOW} · Firstline console")
    assert await page.locator("#timeline img, #timeline script").count() == 0


async def test_the_queue_changes_in_place(browser: Browser, site: str, desk: FakeDesk) -> None:
    page = await person(browser, site, path="/?view=all")
    await page.evaluate("window.sameDocument = true")
    row = page.locator("tr", has_text=SLOW)
    await row.locator("a").focus()

    desk.taken_by_another(SLOW)

    await expect(row).to_contain_text("Omar Reyes")
    await expect(row.locator("a")).to_be_focused()
    assert await page.evaluate("window.sameDocument")


async def test_filters_and_search_narrow_the_queue_and_stay_in_the_address(browser: Browser, site: str) -> None:
    page = await person(browser, site, path="/?view=all")

    await page.fill("#search", "village")
    await expect(page.locator("tbody tr")).to_have_count(1)

    await expect(page.locator("tbody tr")).to_contain_text(DOWN)
    assert "search=village" in page.url


async def test_after_a_restart_of_the_server_the_page_catches_up(
    browser: Browser, settings: Settings, desk: FakeDesk
) -> None:
    async with served(settings, desk, FakeLibrary()) as site:
        page = await person(browser, site, path=f"/tickets/{CHARGED}")
        await page.fill("#words", "One moment")
    await expect(page.locator("#link-state")).to_have_text("Reconnecting")
    desk.customer_says(CHARGED, "Hello?")

    async with served(settings, desk, FakeLibrary(), port=int(site.split(":")[2].split("/")[0])):
        await expect(page.locator(".entry.customer .words").last).to_have_text("Hello?", timeout=15_000)
        await expect(page.locator("#link-state")).to_have_text("Live")
        await expect(page.locator("#words")).to_have_value("One moment")


async def test_a_page_never_scrolls_sideways_on_a_phone(browser: Browser, site: str) -> None:
    page = await person(browser, site, viewport=PHONE)

    for path in ("/?view=all", f"/tickets/{SLOW}", f"/tickets/{CHARGED}"):
        await page.goto(site + path)

        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
