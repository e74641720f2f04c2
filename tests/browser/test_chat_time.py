"""The warning before a silent chat ends, in a real browser and without barriers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.async_api import BrowserContext, expect

from chat import ending, session
from tests.browser.chat_page import seen, welcomed, write
from tests.browser.chromium import needed

expect.set_options(timeout=20_000)
pytestmark = needed


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is looked at ten times a second."""
    monkeypatch.setattr(ending, "LOOK_S", 0.1)


@contextmanager
def silent_too_long() -> Iterator[None]:
    """So long, the warning is due at once, and the end in two minutes."""
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(session, "IDLE_AFTER", session.WARN_BEFORE)
        yield


@pytest.mark.usefixtures("often")
async def test_before_the_end_the_customer_is_warned_and_goes_on_by_one_key(
    context: BrowserContext, address: str
) -> None:
    page = await welcomed(context, address)
    other = await welcomed(context, address)
    warning, stay = page.get_by_role("alert"), page.get_by_role("button", name="Keep chatting")
    await page.get_by_label("Your message").focus()

    with silent_too_long():
        await expect(warning).to_contain_text("This chat will end at")
        await expect(other.get_by_role("alert")).to_be_visible()
    await expect(stay).to_be_focused()
    await seen(page, "warned")
    await page.keyboard.press("Enter")

    await expect(warning).to_be_hidden()
    await expect(page.get_by_label("Your message")).to_be_focused()
    await expect(other.get_by_role("alert")).to_be_hidden()


@pytest.mark.usefixtures("often")
async def test_the_warning_does_not_disturb_who_is_writing_and_one_letter_more_takes_it_away(
    context: BrowserContext, address: str
) -> None:
    page = await welcomed(context, address)
    field = page.get_by_label("Your message")
    await field.fill("the lights are")

    with silent_too_long():
        await expect(page.get_by_role("alert")).to_be_visible()
    await expect(field).to_be_focused()
    await page.keyboard.type(" red")

    await expect(page.get_by_role("alert")).to_be_hidden()
    await expect(field).to_have_value("the lights are red")


@pytest.mark.usefixtures("often")
async def test_a_chat_that_was_put_aside_says_so_and_goes_on(
    context: BrowserContext, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await welcomed(context, address)

    with monkeypatch.context() as clock:
        clock.setattr(session, "IDLE_AFTER", timedelta(seconds=1))
        await expect(page.get_by_text("This chat was put aside")).to_be_visible()
    await write(page, "I am back")

    await expect(page.get_by_text("You said: I am back")).to_be_visible()
