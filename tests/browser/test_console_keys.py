"""The console by single keys, saved views, the form of a new ticket and the menu of replies, in a real browser."""

from playwright.async_api import Browser, expect

from tests.browser.chromium import needed, violations
from tests.console.fake_desk import FakeDesk
from tests.console.in_browser import person
from tests.console.morning import CHARGED, SLOW

pytestmark = needed


async def test_from_the_queue_to_a_reply_without_a_mouse(browser: Browser, site: str, desk: FakeDesk) -> None:
    page = await person(browser, site, path="/?view=all")
    keys = page.keyboard

    for _ in range(20):
        await keys.press("j")
        if await page.evaluate("document.activeElement.id") == f"open-{SLOW}":
            break
    await keys.press("Enter")
    await expect(page.locator("#link-state")).to_have_text("Live")
    await keys.press("a")
    await expect(page.locator("#said")).to_have_text("The ticket is yours.")
    await page.locator("#main").focus()
    await keys.press("n")
    await expect(page.locator("#move-note")).to_be_checked()
    await page.locator("#main").focus()
    await keys.press("r")
    await expect(page.locator("#words")).to_be_focused()
    await keys.type("jk ?/g")
    await keys.press("Control+Enter")

    await expect(page.locator(".entry.agent .words").last).to_have_text("jk ?/g")
    await page.locator("#main").focus()
    await keys.press("g")
    await keys.press("q")
    await expect(page.locator("h1")).to_have_text("Queue")
    await keys.press("/")
    await expect(page.locator("#search")).to_be_focused()
    assert desk.tickets[SLOW].assignee == "dana"


async def test_the_help_has_no_barrier_and_gives_the_focus_back(browser: Browser, site: str) -> None:
    page = await person(browser, site, path="/?view=all")
    await page.locator("#main").focus()

    await page.keyboard.press("?")
    await expect(page.locator("#shortcuts")).to_be_visible()
    found = await violations(page)
    await page.keyboard.press("Escape")

    assert found == []
    await expect(page.locator("#shortcuts")).to_be_hidden()
    await expect(page.locator("#main")).to_be_focused()


async def test_single_keys_can_be_switched_off_and_stay_off(browser: Browser, site: str, desk: FakeDesk) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")
    await page.click("#show-shortcuts")
    await page.uncheck("#shortcuts-on")
    await page.keyboard.press("Escape")
    await page.reload()
    await page.locator("#main").focus()

    await page.keyboard.press("a")
    await page.keyboard.press("?")

    await expect(page.locator("#shortcuts")).to_be_hidden()
    assert desk.tickets[SLOW].assignee is None


async def test_a_key_for_what_cannot_be_done_says_so(browser: Browser, site: str) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")
    await page.locator("#main").focus()

    await page.keyboard.press("r")

    await expect(page.locator("#shortcut-said")).to_have_text("That cannot be done with this ticket now.")


async def test_a_view_is_saved_shown_renamed_and_deleted(browser: Browser, site: str, desk: FakeDesk) -> None:
    page = await person(browser, site, path="/?view=all")
    await page.select_option("#filter-priority", "P1")
    await page.check("#filter-live")
    await page.click("#view-menu summary")
    await page.fill("#view-name", "Burning")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-view]")).to_have_text("Burning")
    await expect(page.locator("[data-view]")).to_have_attribute("aria-current", "page")
    assert await violations(page) == []

    await page.get_by_label("Name of Burning").fill("On fire")
    await page.get_by_role("button", name="Rename").click()
    await expect(page.locator("[data-view]")).to_have_text("On fire")
    await page.goto(f"{site}/?view=all")
    await expect(page.locator("[data-view]")).not_to_have_attribute("aria-current", "page")
    await page.get_by_role("link", name="On fire").click()
    await expect(page.locator("#filter-live")).to_be_checked()
    await expect(page.locator("#filter-priority")).to_have_value("P1")
    await page.click("#view-menu summary")
    await page.get_by_role("button", name="Delete On fire").click()

    await expect(page.locator("[data-view]")).to_have_count(0)
    await expect(page.locator("#view-name")).to_be_focused()
    assert desk.views["dana"] == []


async def test_a_ticket_is_filed_through_the_form_and_nothing_written_is_lost(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page = await person(browser, site, path="/new")
    assert await violations(page) == []
    await page.fill("[name=problem]", "No dial tone in the whole house since noon")

    async with page.expect_navigation():
        await page.click("#file")

    filed = [ticket for ticket in desk.tickets.values() if "No dial tone" in ticket.problem]
    assert len(filed) == 1
    await expect(page.locator("#head")).to_contain_text("No dial tone")


async def test_a_reply_is_found_and_put_in_by_keyboard(browser: Browser, site: str) -> None:
    page = await person(browser, site, path=f"/tickets/{CHARGED}")
    await page.locator("#main").focus()

    await page.keyboard.press("c")
    await expect(page.locator("#canned-search")).to_be_focused()
    found = await violations(page)
    await page.keyboard.press("ArrowDown")
    text = await page.evaluate("document.activeElement.dataset.reply")
    await page.keyboard.press("Enter")

    assert found == []
    await expect(page.locator("#words")).to_have_value(text)
    await expect(page.locator("#words")).to_be_focused()
