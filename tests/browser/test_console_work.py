"""Working on a ticket in a real browser: live, two people at once, and nothing typed is lost."""

from uuid import uuid4

from playwright.async_api import Browser, expect

from escalation.client import TypingSign
from tests.browser.chromium import needed, violations
from tests.console.fake_desk import FakeDesk
from tests.console.in_browser import hears_nothing_more, person
from tests.console.morning import CHARGED, SLOW

pytestmark = needed


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


async def test_who_else_looks_at_a_ticket_is_shown_and_gone_with_the_page(browser: Browser, site: str) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")
    await expect(page.locator("#others")).to_be_hidden()

    other = await person(browser, site, "sue", path=f"/tickets/{SLOW}")
    await expect(page.locator("#others")).to_contain_text("Sue Lindqvist looks at this ticket too")
    await expect(other.locator("#others")).to_contain_text("Dana Whitfield")
    assert await violations(page) == []
    await other.close()

    await expect(page.locator("#others")).to_be_hidden()


async def test_two_agents_race_and_the_second_is_told_who_has_it(browser: Browser, site: str, desk: FakeDesk) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")
    await hears_nothing_more(page)
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


async def test_a_note_that_comes_too_late_keeps_its_words_and_stays_a_note(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page = await person(browser, site, path=f"/tickets/{SLOW}")
    await hears_nothing_more(page)
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


async def test_the_typing_line_covers_nothing_of_the_transcripts_end(
    browser: Browser, site: str, desk: FakeDesk
) -> None:
    page = await person(browser, site, path=f"/tickets/{CHARGED}", viewport={"width": 1280, "height": 600})
    left = "(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(transcript)"
    assert await page.evaluate(left) < 2

    sign = TypingSign(by="customer", contact_id=uuid4(), reference=CHARGED, username="dana")
    desk.signs.put_nowait(sign)

    await expect(page.locator("#types")).to_have_text("The customer is typing…")
    assert await page.evaluate(left) < 2
    assert await violations(page) == []
