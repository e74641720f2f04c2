"""The console in a real browser: the browser, a person signed in, and what axe-core finds on a page."""

from playwright.async_api import Browser, Page, expect

from tests.console.fake_desk import PASSWORD

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


async def person(browser: Browser, site: str, username: str = "dana", *, path: str = "/", **context: object) -> Page:
    """A page of somebody signed in, with its live connection open; errors on the page fail the test."""
    page = await (await browser.new_context(**{"viewport": DESK, **context})).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(5000)
    await page.goto(f"{site}/sign-in")
    await page.fill("[name=username]", username)
    await page.fill("[name=password]", PASSWORD)
    await page.click("text=Sign in >> nth=-1")
    await page.goto(site + path)
    await expect(page.locator("#link-state")).to_have_text("Live")
    return page


async def hears_nothing_more(page: Page) -> None:
    """The page shows its ticket as it is now and learns of later changes only from the answers to its own moves."""
    await page.route("**/now", lambda route: route.fulfill(status=204))
    await page.reload()
    await expect(page.locator("#link-state")).to_have_text("Live")
