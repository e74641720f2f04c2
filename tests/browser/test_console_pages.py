"""The console in a real browser: signing in, working on a ticket, two people at once, by keyboard, without barriers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from settings import Settings
from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.morning import CHARGED, DOWN, SLOW
from tests.console.site import served

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary()


@pytest.fixture
async def site(settings: Settings, desk: FakeDesk, library: FakeLibrary) -> AsyncIterator[str]:
    async with served(settings, desk, library) as address:
        yield address


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        await chromium.close()


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


async def violations(page: Page) -> list[str]:
    found = await Axe().run(page)
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in found.response["violations"]]


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
    await keys.type("dana")  # the name has the focus
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


async def test_what_the_customer_writes_appears_at_once_while_an_agent_is_typing(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page = await person(browser, site, path=f"/tickets/{CHARGED}")
    await page.fill("#words", "One moment, I am")
    shown = await page.locator(".entry").count()

    desk.customer_says(CHARGED, "Are you still there?")

    await expect(page.locator(".entry.customer .words").last).to_have_text("Are you still there?")
    await expect(page.locator("#words")).to_have_value("One moment, I am")
    await expect(page.locator("#words")).to_be_focused()
    await expect(page.locator(".entry")).to_have_count(shown + 1)


async def test_a_reply_stands_there_once_and_is_marked_when_the_customer_sees_it(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page = await person(browser, site, path=f"/tickets/{CHARGED}")
    await page.fill("#words", "Found it.")
    await page.click("#send")
    mine = page.locator(".entry.agent", has_text="Found it.")
    await expect(mine).to_have_count(1)
    await expect(mine).not_to_contain_text("Shown in the conversation")

    desk.window_shows_reply(CHARGED)

    await expect(mine).to_contain_text("Shown in the conversation")
    await expect(mine).to_have_count(1)


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


async def test_two_agents_race_and_the_second_is_told_who_has_it(browser: Browser, site: str, desk: FakeDesk) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")
    await page.evaluate("window.WebSocket = null")  # this page does not hear of the other agent in time
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(
        update={"version": 2, "assignee": "omar", "agent_name": "Omar Reyes"}
    )

    await page.click("#accept")

    await expect(page.locator("#said")).to_contain_text("has changed in the meantime")
    await expect(page.locator("#head")).to_contain_text("Omar Reyes")


async def test_a_move_is_confirmed_even_when_the_page_heard_of_it_before_its_answer(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")
    desk.answers_late_s = 0.8

    await page.click("#accept")

    await expect(page.locator("#head")).to_contain_text("Dana Whitfield")
    await expect(page.locator("#said")).to_have_text("The ticket is yours.")


async def test_after_a_restart_of_the_server_the_page_catches_up(
    browser: Browser, settings: Settings, desk: FakeDesk, library: FakeLibrary
) -> None:
    async with served(settings, desk, library) as site:
        page = await person(browser, site, path=f"/tickets/{CHARGED}")
        await page.fill("#words", "One moment")
    await expect(page.locator("#link-state")).to_have_text("Reconnecting")
    desk.customer_says(CHARGED, "Hello?")

    async with served(settings, desk, library, port=int(site.split(":")[2].split("/")[0])):
        await expect(page.locator(".entry.customer .words").last).to_have_text("Hello?", timeout=15_000)
        await expect(page.locator("#link-state")).to_have_text("Live")
        await expect(page.locator("#words")).to_have_value("One moment")


async def test_a_note_that_comes_too_late_keeps_its_words_and_stays_a_note(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")
    await page.check("#move-hand_up", force=True)
    await page.fill("#words", "The line test failed, see the router's page.")
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"version": 2, "status": "pending"})

    await page.click("#send")

    await expect(page.locator("#said")).to_contain_text("your words are still here")
    await expect(page.locator("#words")).to_have_value("The line test failed, see the router's page.")
    await expect(page.locator("#move-note")).to_be_checked()
    await expect(page.locator("#composer")).to_have_attribute("data-seen-by", "staff")


async def test_a_chosen_tab_stays_chosen_while_the_page_changes_around_it(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page = await person(browser, site, path=f"/tickets/{CHARGED}")
    await page.check("#move-note", force=True)  # nothing is written yet

    desk.customer_says(CHARGED, "Hello?")
    await expect(page.locator(".entry.customer .words").last).to_have_text("Hello?")

    await expect(page.locator("#move-note")).to_be_checked()
    await expect(page.locator("#send")).to_have_text("Save note")


async def test_a_tab_that_is_gone_gives_way_to_the_note_and_not_to_a_reply(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page = await person(browser, site, path=f"/tickets/{CHARGED}")
    await page.check("#move-hold", force=True)
    desk.tickets[CHARGED] = desk.tickets[CHARGED].model_copy(update={"status": "pending"})

    desk.customer_says(CHARGED, "Hello?")
    await expect(page.locator("#move-hold")).to_have_count(0)

    await expect(page.locator("#move-note")).to_be_checked()


async def test_after_accepting_the_reply_is_ready(browser: Browser, site: str) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")
    await expect(page.locator("#move-note")).to_be_checked()

    await page.click("#accept")

    await expect(page.locator("#move-reply")).to_be_checked()


async def test_a_ticket_from_accepting_to_solved(browser: Browser, site: str, desk: FakeDesk) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")

    await page.click("#accept")
    await expect(page.locator("#head")).to_contain_text("Dana Whitfield")
    await page.fill("#words", "Hello, this is Dana. I see the fault on your line.")
    await page.click("#send")
    await expect(page.locator("#said")).to_have_text("Sent.")
    await page.check("#move-resolve", force=True)
    await page.fill("#words", "We reset your line; it runs at full speed now.")
    await page.click("#send")

    await expect(page.locator("#head")).to_contain_text("Resolved")
    assert desk.tickets[SLOW].status == "resolved"
    assert desk.tickets[SLOW].notes[-1].text == "We reset your line; it runs at full speed now."


async def test_an_outage_is_said_and_nothing_typed_is_lost(browser: Browser, site: str, desk: FakeDesk) -> None:
    page = await person(browser, site, path=f"/tickets/{CHARGED}")
    await page.fill("#words", "We found it.")
    desk.away = True

    await page.click("#send")
    await expect(page.locator("#notice-away")).to_be_visible()
    desk.away = False
    await page.click("#send")

    await expect(page.locator(".entry.agent .words").last).to_have_text("We found it.")
    await expect(page.locator("#notice-away")).to_be_hidden()


async def test_when_the_session_is_over_the_page_says_so_and_keeps_the_words(browser: Browser, site: str) -> None:
    page = await person(browser, site, path=f"/tickets/{CHARGED}")
    await page.fill("#words", "We found it.")
    await page.context.clear_cookies()

    await page.click("#send")

    await expect(page.locator("#notice-signed-out")).to_be_visible()
    await expect(page.locator("#words")).to_have_value("We found it.")


async def test_an_article_goes_into_the_writing_box(browser: Browser, site: str) -> None:
    page = await person(browser, site, path=f"/tickets/{CHARGED}")

    await page.click("#articles summary")
    await page.click("text=Put into the writing box")

    await expect(page.locator("#words")).to_have_value(
        "Check by cable first. If the speed by cable is low as well, the line needs a test."
    )


async def test_a_page_never_scrolls_sideways_on_a_phone(browser: Browser, site: str) -> None:
    page = await person(browser, site, viewport=PHONE)

    for path in ("/?view=all", f"/tickets/{SLOW}", f"/tickets/{CHARGED}"):
        await page.goto(site + path)

        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
