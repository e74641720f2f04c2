"""Undoing what was just done to a ticket, in a real browser and by keys alone."""

from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import needed, violations
from tests.console.fake_desk import FakeDesk
from tests.console.in_browser import person
from tests.console.morning import CHARGED, SLOW

pytestmark = needed

REFRESHED = """new Promise((done) => {
  document.addEventListener("htmx:afterRequest", () => setTimeout(done, 100), { once: true });
  htmx.trigger("#now", "firstline:changed");
})"""


async def on_hold(browser: Browser, site: str) -> Page:
    """By keys alone: the tab is reached from the writing box, the words are sent from it."""
    page = await person(browser, site, path=f"/tickets/{CHARGED}")
    await page.locator("#move-hold").focus()
    await page.keyboard.press("Space")
    await page.locator("#words").focus()
    await page.keyboard.type("the bank is closed")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#undo")).to_contain_text("You put it on hold.")
    return page


async def test_a_hold_is_undone_by_a_single_key(browser: Browser, site: str, desk: FakeDesk) -> None:
    page = await on_hold(browser, site)
    found = await violations(page)

    await page.locator("#main").focus()
    await page.keyboard.press("z")

    await expect(page.locator("#said")).to_have_text("Undone.")
    await expect(page.locator("#undo")).to_be_hidden()
    await expect(page.locator("#head")).to_contain_text("In progress")
    assert found == []
    assert desk.tickets[CHARGED].status == "inProgress"


async def test_the_button_is_before_the_writing_box_and_the_focus_is_not_lost(browser: Browser, site: str) -> None:
    page = await on_hold(browser, site)
    await page.locator("#undo-it").focus()

    await page.keyboard.press("Enter")

    await expect(page.locator("#said")).to_have_text("Undone.")
    await expect(page.locator("#undo")).to_be_hidden()
    await expect(page.locator("#main")).to_be_focused()
    assert await violations(page) == []


async def test_a_tab_that_a_key_is_pressed_on_is_chosen_though_the_page_is_refreshed_meanwhile(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page = await person(browser, site, path=f"/tickets/{CHARGED}")
    await page.locator("#move-hold").focus()
    await page.keyboard.down("Space")
    await page.evaluate(REFRESHED)

    await page.keyboard.up("Space")

    await expect(page.locator("#move-hold")).to_be_checked()
    await expect(page.locator("#send")).to_have_text("Put on hold")


async def test_a_z_that_is_written_undoes_nothing(browser: Browser, site: str, desk: FakeDesk) -> None:
    page = await on_hold(browser, site)

    await page.locator("#words").focus()
    await page.keyboard.type("zz")

    await expect(page.locator("#undo-it")).to_be_visible()
    assert desk.tickets[CHARGED].status == "held"


async def test_the_offer_goes_when_its_time_is_over_and_gives_the_focus_back(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    desk.undo_within_s = 2.0
    page = await on_hold(browser, site)
    await page.locator("#undo-it").focus()

    await expect(page.locator("#undo")).to_be_hidden()

    await expect(page.locator("#main")).to_be_focused()
    assert desk.tickets[CHARGED].status == "held"


async def test_where_nothing_can_be_undone_the_key_says_so(browser: Browser, site: str) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")
    await page.locator("#main").focus()

    await page.keyboard.press("z")

    await expect(page.locator("#shortcut-said")).to_have_text("There is nothing to undo here.")


async def test_the_help_names_the_key(browser: Browser, site: str) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")
    await page.locator("#main").focus()

    await page.keyboard.press("?")

    await expect(page.locator("#shortcuts")).to_contain_text("Undo what you have just done to the ticket")
