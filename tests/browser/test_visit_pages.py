"""A technician's day in a real browser on a telephone: no barriers, big targets, and nothing lost without a network."""

import os

import pytest
from playwright.async_api import Browser, expect

from tests.browser.chromium import needed, violations
from tests.console.fake_desk import FakeDesk
from tests.console.fake_visits import VISIT
from tests.console.in_browser import PHONE, person

pytestmark = needed
HERE = f"/visits/{VISIT}"
SMALLEST_PX = 44  # WCAG 2.2, target size enhanced


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_has_a_barrier_or_scrolls_sideways(browser: Browser, site: str, scheme: str) -> None:
    page = await person(browser, site, "rob", color_scheme=scheme, viewport=PHONE)
    found = {}

    for name in ("day", "before", "there", "closed"):
        if name == "there":
            await page.get_by_role("button", name="I have arrived").click()
        if name == "closed":
            await page.get_by_label("It works", exact=True).check()
            await page.get_by_label("Measured speed").fill("81")
            await page.get_by_role("button", name="Close the visit").click()
        await page.goto(site + ("/visits" if name == "day" else HERE))
        found[name] = await violations(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        for target in await page.locator("main button, main .pick, main .stop, main input[type=text]").all():
            box = await target.bounding_box()
            assert box is not None
            assert box["height"] >= SMALLEST_PX
        if folder := os.environ.get("FIRSTLINE_PICTURES"):
            await page.screenshot(path=f"{folder}/visit-{name}-{scheme}.png", full_page=True)

    assert found == {name: [] for name in found}


async def test_what_is_typed_without_a_network_is_kept_and_sent_when_there_is_one(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page = await person(browser, site, "rob", path=HERE, viewport=PHONE)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="I have arrived").click()
    await expect(page.locator("#kept")).to_contain_text("No network")
    assert desk.arrivals == []

    await page.context.set_offline(False)
    await expect(page.get_by_role("button", name="Close the visit")).to_be_visible()
    await page.get_by_label("In your words").fill("A joint was wet.")
    await page.reload()

    assert desk.arrivals[0] is not None
    await expect(page.get_by_label("In your words")).to_have_value("A joint was wet.")
