"""What the queue shows, and what it asks escalation for."""

import httpx

from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.morning import CHARGED, DOWN, SLOW

FRAGMENT = {"HX-Request": "true"}


async def test_an_agent_starts_with_the_own_tier_a_supervisor_with_everything(
    dana: httpx.AsyncClient, desk: FakeDesk
) -> None:
    await dana.get("/")
    await dana.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    await dana.get("/")

    assert [asked["view"] for asked in desk.asked] == ["tier", "all"]


async def test_filters_are_passed_on_and_escalation_decides(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    await dana.get("/?view=mine&tier=2&department=billing&status=held&search=%20debit%20")

    asked = desk.asked[-1]
    wanted = {"view": "mine", "tier": 2, "department": "billing", "status": "held", "search": "debit"}
    assert {**asked, **wanted} == asked


async def test_unknown_filter_values_are_ignored(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    reply = await dana.get("/?view=theirs&tier=nine&department=moon&status=odd&priority=P9")

    assert reply.status_code == 200
    assert desk.asked[-1]["tier"] is desk.asked[-1]["department"] is desk.asked[-1]["status"] is None


async def test_priority_filters_what_escalation_lists(dana: httpx.AsyncClient) -> None:
    page = (await dana.get("/?view=all&priority=P1", headers=FRAGMENT)).text

    assert DOWN in page
    assert SLOW not in page


async def test_time_left_is_said_in_words_and_coloured(dana: httpx.AsyncClient) -> None:
    page = (await dana.get("/?view=all")).text

    assert "12 min late" in page
    assert "23 min left" in page
    assert 'class="left late"' in page


async def test_who_waits_at_the_other_end_is_marked(dana: httpx.AsyncClient) -> None:
    page = (await dana.get("/?view=all")).text

    assert "In chat now" in page
    assert "On the phone now" in page


async def test_htmx_gets_the_table_alone(dana: httpx.AsyncClient) -> None:
    page = (await dana.get("/?view=all", headers=FRAGMENT)).text

    assert CHARGED in page
    assert "<html" not in page


async def test_more_than_a_page_of_tickets_can_be_paged_through(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    for number in range(150):
        reference = f"FL-{number:08}"
        desk.tickets[reference] = desk.tickets[SLOW].model_copy(update={"reference": reference})

    first = (await dana.get("/?view=all")).text
    second = (await dana.get("/?view=all&page=2")).text

    assert "100+" in first
    assert ">Next<" in first
    assert first.count('id="open-FL-') == 100
    assert "Previous" in second
    assert ">Next<" not in second


async def test_an_outage_of_escalation_is_a_clear_page(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.away = True

    reply = await dana.get("/")

    assert reply.status_code == 503
    assert "The ticket system does not answer" in reply.text
    assert (await dana.get("/", headers=FRAGMENT)).status_code == 503


async def test_signing_in_during_an_outage_says_so(visitor: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.away = True

    reply = await visitor.post("/sign-in", data={"username": "dana", "password": PASSWORD})

    assert reply.status_code == 503
    assert "The ticket system does not answer" in reply.text
