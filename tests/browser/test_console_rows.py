"""A line of the queue that changed is replaced alone, in a real browser."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import needed
from tests.console.fake_desk import FakeDesk
from tests.console.in_browser import person
from tests.console.morning import CHARGED, DOWN, SLOW

pytestmark = needed

FIRST_LIST_MS = 1500  # when its socket opens, a page asks for its list anew once


async def queue(browser: Browser, site: str, query: str = "view=all") -> tuple[Page, list[str]]:
    """The page at rest, and the lists that it asks for from now on."""
    page = await person(browser, site, path=f"/?{query}")
    await page.wait_for_timeout(FIRST_LIST_MS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "view=" in request.url else None)
    return page, asked


async def order(page: Page) -> list[str]:
    shown: list[str] = await page.eval_on_selector_all("#rows tr", "rows => rows.map(row => row.id.slice(4))")
    return shown


async def test_the_line_alone_is_replaced_and_keeps_focus_and_words(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page, asked = await queue(browser, site)
    row = page.locator(f"#row-{SLOW}")
    await row.locator("a").focus()
    await page.evaluate("for (const row of document.querySelectorAll('#rows tr')) row.sameNode = true")

    desk.taken_by_another(SLOW)

    await expect(row).to_contain_text("Omar Reyes", timeout=600)
    await expect(row).to_contain_text("Internet really slow every evening")
    await expect(row.locator("a")).to_be_focused()
    await page.wait_for_timeout(FIRST_LIST_MS)
    assert await page.evaluate("[...document.querySelectorAll('#rows tr')].every(row => row.sameNode)")
    assert asked == []


@pytest.mark.parametrize("query", ["view=tier&department=fixed-access", "view=all&status=acknowledged"])
async def test_a_line_that_fits_no_more_leaves_the_list(
    browser: Browser, site: str, desk: FakeDesk, query: str
) -> None:
    page, asked = await queue(browser, site, query)
    await expect(page.locator(f"#row-{SLOW}")).to_have_count(1)

    await desk.act("omar", SLOW, "accept", version=1)
    await desk.act("omar", SLOW, "hand_up", version=2)
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"status": "held"})
    desk.taken_by_another(SLOW)

    await expect(page.locator(f"#row-{SLOW}")).to_have_count(0)
    assert asked


async def test_a_line_that_fits_now_comes_into_the_list(browser: Browser, site: str, desk: FakeDesk) -> None:
    page, _ = await queue(browser, site, "view=all&status=held")
    before = await order(page)

    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"status": "held"})
    desk.offers_change(SLOW)

    await expect(page.locator(f"#row-{SLOW}")).to_have_count(1)
    assert SLOW not in before


async def test_a_change_of_what_the_list_does_not_show_asks_for_nothing(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page, asked = await queue(browser, site, "view=all&department=billing")

    desk.taken_by_another(SLOW)
    await page.wait_for_timeout(FIRST_LIST_MS)

    assert asked == []


async def test_a_new_deadline_moves_the_line_and_the_counts_tell_the_truth(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page, asked = await queue(browser, site)
    before = await order(page)
    late = page.locator(".summary .late")
    await expect(late).to_have_text("1 late")

    due_at = datetime.now(UTC) - timedelta(minutes=30)
    changes = {"next_due_at": due_at, "left_s": -1800, "left_share": 0.0}
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update=changes)
    desk.taken_by_another(SLOW)

    await expect(late).to_have_text("2 late", timeout=600)
    assert await order(page) == [SLOW, *(reference for reference in before if reference != SLOW)]
    assert {CHARGED, DOWN} < set(before)
    assert asked == []
