"""Deciding about the knowledge base in a real browser: accepted, refused by the gate, published all the same."""

import pytest
from playwright.async_api import Browser, expect

from knowledge.client import Proposal
from tests.browser.chromium import needed, violations
from tests.console.fake_library import FakeLibrary
from tests.console.in_browser import PHONE, person
from tests.console.morning import CHARGED
from tests.console.test_deciding import WORSE

pytestmark = needed

PROPOSALS = [
    Proposal(
        id="b0ffe4", kind="example_question", language="en", articles=("slow-internet",), evidence={},
        text="Add “netflix keeps buffering” to the questions of slow-internet: 4 customers who asked so were helped.",
        question="netflix keeps buffering", examples=("netflix keeps buffering", "films stop every minute"),
    ),
    Proposal(
        id="5a7e11", kind="missing_article", language="en", articles=(), evidence={},
        text="No article answers this. 5 customers asked, 4 ended without an answer or with a person.",
        question="do you offer satellite", examples=("do you offer satellite",),
    ),
]  # fmt: skip


@pytest.mark.parametrize("viewport", [{}, {"viewport": PHONE}], ids=["desk", "phone"])
async def test_a_proposal_from_accepting_to_published(
    browser: Browser, site: str, library: FakeLibrary, viewport: dict[str, object]
) -> None:
    library.found_proposals = PROPOSALS
    page = await person(browser, site, "sue", path="/knowledge", **viewport)
    card = page.locator("#proposal-b0ffe4")
    await card.get_by_label("As customers would ask it").fill("films stop and start")

    await card.get_by_role("button", name="Accept and try").click()
    await expect(page.locator("#attempt")).to_contain_text("Being tried")
    assert await violations(page) == []
    library.becomes("running", "190 articles are in order.")
    await expect(page.locator("#attempt")).to_contain_text("190 articles are in order.")
    library.becomes("refused", "Not published", compared=WORSE)
    await expect(page.get_by_role("row", name="Right article first")).to_contain_text("Too much worse")
    await expect(page.locator("#attempt-announced")).to_contain_text("answers would get worse")
    assert await violations(page) == []

    await page.get_by_label("Publish it all the same").fill("launch day")
    await page.get_by_role("button", name="Publish all the same").click()
    await expect(page.locator("#attempt")).to_contain_text("to be published in any case: launch day")
    library.becomes("done", "Index 7 is live.", compared=WORSE)

    await expect(card).to_contain_text("Accepted by sue")
    assert await violations(page) == []


async def test_what_is_typed_elsewhere_stays_while_one_is_tried_and_rejected(
    browser: Browser, site: str, library: FakeLibrary
) -> None:
    library.found_proposals = PROPOSALS
    page = await person(browser, site, "sue", path="/knowledge")
    card, other = page.locator("#proposal-b0ffe4"), page.locator("#proposal-5a7e11")
    await card.get_by_label("As customers would ask it").fill("films stop and start")
    await other.locator("summary").click()
    await other.get_by_label("Why").fill("too rare")
    library.away = True

    await other.get_by_role("button", name="Reject").click()
    await expect(other).to_contain_text("does not answer just now")
    library.away = False
    await other.get_by_role("button", name="Reject").click()

    await expect(other).to_contain_text("Rejected by Sue Lindqvist")
    await expect(card.get_by_label("As customers would ask it")).to_have_value("films stop and start")
    assert library.rejected["5a7e11"]["reason"] == "too rare"


async def test_a_solution_is_proposed_as_an_article_as_soon_as_it_is_told(
    browser: Browser, site: str, library: FakeLibrary
) -> None:
    page = await person(browser, site, path=f"/tickets/{CHARGED}")
    await page.check("#move-resolve", force=True)
    await page.fill("#words", "The second payment comes back to you within three days. Greetings, Dana Whitfield")
    await page.click("#send")

    await page.get_by_role("link", name="Propose as an article").click()
    await expect(page.get_by_label("What solves it")).to_have_value(
        "The second payment comes back to you within three days. Greetings, [name]"
    )
    assert await violations(page) == []
    await page.get_by_label("What a customer would ask").fill("why was I charged twice")
    await page.get_by_role("button", name="Propose").click()

    await expect(page.get_by_role("heading", name="Proposed")).to_be_visible()
    assert (library.contributed[0]["by"], library.contributed[0]["reference"]) == ("dana", CHARGED)
