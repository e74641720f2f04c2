"""The chat's page in a real browser, as tests open it, write in it and look at it."""

import os
from pathlib import Path

from playwright.async_api import BrowserContext, FilePayload, Page, expect

from tests.browser.chromium import violations

DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
PICTURES = os.environ.get("FIRSTLINE_PICTURES")  # a folder: where somebody wants to look at what was tested


async def arrived(context: BrowserContext, address: str, path: str) -> Page:
    """Any error on the page fails the test."""
    page = await context.new_page()
    page.set_default_timeout(20_000)

    def broken(error: object) -> None:
        raise AssertionError(f"error on the page: {error}")

    page.on("pageerror", broken)
    await page.goto(address + path)
    return page


async def welcomed(context: BrowserContext, address: str) -> Page:
    page = await arrived(context, address, "/chat/")
    await expect(page.get_by_text("I'm the automated assistant")).to_be_visible()
    return page


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")


async def seen(page: Page, name: str) -> None:
    """No barrier in this state; and a picture of it for whoever asked."""
    await page.wait_for_timeout(300)
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")
    assert await violations(page) == []


async def picked(page: Page, name: str, content: bytes, kind: str = "image/jpeg") -> None:
    """A file chosen by the button of the chat."""
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Attach a photo or PDF").click()
    await (await chooser.value).set_files([FilePayload(name=name, mimeType=kind, buffer=content)])
