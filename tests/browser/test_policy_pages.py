"""A policy changed in a real browser over the real service: proposed by one person, decided by another."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect
from pydantic import SecretStr
from sqlalchemy import NullPool, create_engine

from escalation.client import ContactStart, ProposeAsked
from escalation.database import url_of
from escalation.records import Record
from escalation.signals import Signals
from settings import Settings
from tests.browser.chromium import needed, violations
from tests.console.fake_desk import PASSWORD
from tests.console.fake_library import FakeLibrary
from tests.console.in_browser import DESK, PHONE, person
from tests.console.site import served
from tests.escalation.escalation_service import Running, started

pytestmark = needed

FILE = "/policies/sla.yml"
SLOW, FASTER = "resolve: {within: 4h, calendar: always}", "resolve: {within: 2h, calendar: always}"


@pytest.fixture
async def service(settings: Settings, database_url: str) -> AsyncIterator[Running]:
    engine = create_engine(url_of(database_url), poolclass=NullPool)
    with engine.begin() as connection:
        Record.metadata.create_all(connection, checkfirst=False)
    engine.dispose()
    opens = settings.model_copy(update={"firstline_demo_password": SecretStr(PASSWORD)})
    async with started(opens) as running:
        yield running


@pytest.fixture
async def policies(settings: Settings, service: Running) -> AsyncIterator[str]:
    async with served(settings, service.client, FakeLibrary()) as address:
        yield address


async def a_fire(service: Running) -> str:
    """A ticket of P1."""
    contact_id = uuid4()
    start = ContactStart(
        contact_id=contact_id, channel="chat", language="en", started_at=datetime.now(UTC), caller=None
    )
    await service.client.start_contact(start)
    signals = Signals(category="outage", reason="safety", problem="no emergency calls", safety=True, affected="many")
    return (await service.client.hand_over(contact_id, signals, key="t1")).ticket.reference


def asked(text: str, base: str) -> ProposeAsked:
    return ProposeAsked(text=text, base=base, why="as agreed")


async def write(page: Page, written: str, instead: str) -> None:
    field = page.get_by_label("The text", exact=True)
    text = await field.input_value()
    assert written in text
    await field.fill(text.replace(written, instead, 1))


async def test_a_change_from_the_first_look_to_in_force(browser: Browser, policies: str, service: Running) -> None:
    reference = await a_fire(service)
    page = await person(browser, policies, "sam.okoye", path=FILE)
    assert await violations(page) == []
    await page.get_by_role("link", name="Propose a change").click()

    await write(page, SLOW, "resolve: {within: soon, calendar: always}")
    await page.get_by_role("button", name="Look at it").click()
    await expect(page.locator("#checked")).to_contain_text("1 mistake")
    await expect(page.locator("#checked")).to_contain_text("sla.yml, line")
    await expect(page.get_by_role("button", name="Propose it")).to_have_count(0)
    assert await violations(page) == []

    await write(page, "within: soon", "within: 2h")
    await page.get_by_label("Why it should change").fill("the new contract")
    await page.get_by_role("button", name="Look at it").click()
    await expect(page.locator("#checked")).to_contain_text("1 of 1 open ticket would begin otherwise")
    await expect(page.locator("#checked")).to_contain_text(reference)
    assert await violations(page) == []
    await page.get_by_role("button", name="Propose it").click()

    await expect(page.get_by_role("heading", name="the new contract")).to_be_visible()
    await expect(page.get_by_role("button", name="Accept and publish")).to_have_count(0)
    assert await violations(page) == []

    other = await person(browser, policies, "dora.berg", path="/policies")
    assert await violations(other) == []
    await other.get_by_role("link", name="the new contract").click()
    assert await violations(other) == []
    await other.get_by_label("Why").fill("agreed with finance")
    await other.get_by_role("button", name="Accept and publish").click()

    await expect(other.locator("main")).to_contain_text("Accepted by Dora Berg")
    await other.goto(f"{policies}{FILE}")
    await expect(other.get_by_role("region", name="Lines of sla.yml")).to_contain_text(FASTER)
    await expect(other.locator(".history").first).to_contain_text("decided by Dora Berg: agreed with finance")
    await other.get_by_role("button", name="Show the difference").click()
    await expect(other.locator("tr.new")).to_contain_text(FASTER)
    assert await violations(other) == []


async def test_by_keyboard_alone_with_a_base_that_moves_meanwhile(
    browser: Browser, policies: str, service: Running
) -> None:
    page = await person(browser, policies, "sam.okoye", path=f"{FILE}/change")
    present = await service.client.policy_file("dora.berg", "sla.yml")
    await service.client.propose_policy("dora.berg", "sla.yml", asked(present.text.replace(SLOW, FASTER), present.base))
    await service.client.accept_policy("sam.okoye", 1)

    await page.get_by_label("The text", exact=True).focus()
    await page.keyboard.press("Control+End")
    await page.keyboard.type("# seen by sam")
    await page.keyboard.press("Tab")
    await page.keyboard.type("a remark")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Look at it")).to_be_focused()
    await page.keyboard.press("Enter")
    bring = page.get_by_role("button", name="Bring my change onto it")
    await expect(bring).to_be_visible()
    await expect(page.get_by_role("button", name="Propose it")).to_have_count(0)
    await bring.focus()
    await page.keyboard.press("Enter")

    text = page.get_by_label("The text", exact=True)
    await expect(page.get_by_role("alert").first).to_contain_text("Your change stands on the text in force now")
    assert FASTER in await text.input_value()
    assert "# seen by sam" in await text.input_value()
    await page.get_by_role("button", name="Propose it").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="a remark")).to_be_visible()


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESK), ("dark", PHONE)], ids=["desk", "dark phone"])
async def test_no_page_has_a_barrier_or_scrolls_sideways(
    browser: Browser, policies: str, service: Running, scheme: str, viewport: dict[str, int]
) -> None:
    present = await service.client.policy_file("dora.berg", "sla.yml")
    for number in (2, 3):
        text = present.text.replace(SLOW, f"resolve: {{within: {number}h, calendar: always}}")
        await service.client.propose_policy("dora.berg", "sla.yml", asked(text, present.base))
    await service.client.accept_policy("sam.okoye", 1)
    page = await person(browser, policies, "dora.berg", color_scheme=scheme, viewport=viewport)

    found, widths = {}, {}
    for path in ("/policies", FILE, f"{FILE}/change", f"{FILE}/difference?was=1&now=2", "/policy-proposals/2"):
        await page.goto(policies + path)
        found[path] = await violations(page)
        widths[path] = await page.evaluate("document.documentElement.scrollWidth")

    assert found == {path: [] for path in found}
    assert max(widths.values()) <= viewport["width"]


async def test_an_administrator_decides_alone_and_an_auditor_reads_why(
    browser: Browser, policies: str, service: Running
) -> None:
    present = await service.client.policy_file("dora.berg", "sla.yml")
    await service.client.propose_policy("dora.berg", "sla.yml", asked(present.text.replace(SLOW, FASTER), present.base))
    page = await person(browser, policies, "dora.berg", path="/policy-proposals/1")
    await expect(page.get_by_role("button", name="Turn down")).to_have_count(0)

    await page.get_by_text("Nobody else can decide").click()
    assert await violations(page) == []
    await page.get_by_label("Why nobody else can").fill("nobody is here at night")
    await page.get_by_role("button", name="Accept and publish alone").click()
    await expect(page.locator("main")).to_contain_text("Accepted by Dora Berg")

    auditor = await person(browser, policies, "agnes.hall", path=FILE)
    await expect(auditor.locator(".history").first).to_contain_text("decided alone: nobody is here at night")
    await expect(auditor.get_by_role("link", name="Propose a change")).to_have_count(0)
    assert await violations(auditor) == []


async def test_what_is_turned_down_says_why(browser: Browser, policies: str, service: Running) -> None:
    present = await service.client.policy_file("dora.berg", "sla.yml")
    await service.client.propose_policy("dora.berg", "sla.yml", asked(present.text.replace(SLOW, FASTER), present.base))
    page = await person(browser, policies, "sam.okoye", path="/policy-proposals/1")

    await page.get_by_role("button", name="Turn down").click()
    await expect(page.get_by_role("alert")).to_contain_text("Say why it is turned down")
    await page.get_by_label("Why").fill("too few people at night")
    await page.get_by_role("button", name="Turn down").click()

    await expect(page.locator("main")).to_contain_text("Turned down by Sam Okoye")
    await expect(page.locator("main")).to_contain_text("too few people at night")
