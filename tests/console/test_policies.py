"""Policy files in the console: looked at before they are proposed, compared, and decided by somebody else."""

import re

import httpx
import pytest

from console.text_diff import differences
from escalation.client import EscalationRefused, ProposeAsked
from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.fake_policies import IN_FORCE, INSTALLED, digest

FASTER = IN_FORCE.replace("4h", "2h")


@pytest.fixture
async def sue(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    reply = await visitor.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    assert reply.status_code == 303
    return visitor


def form(text: str, **more: str) -> dict[str, str]:
    return {"text": text.replace("\n", "\r\n"), "base": digest(IN_FORCE), "why": "the new contract", **more}


def seen_in(html: str) -> str:
    found: str = re.findall(r'name="seen" value="(\w+)"', html)[0]
    return found


async def test_a_look_tells_mistakes_with_their_lines_and_offers_nothing_to_propose(sue: httpx.AsyncClient) -> None:
    reply = await sue.post("/policies/sla.yml/check", data=form(IN_FORCE.replace("4h", "soon")))

    assert "1 mistake: it cannot be published" in reply.text
    assert "sla.yml, line 2" in reply.text
    assert "Propose it" not in reply.text


async def test_what_was_looked_at_is_proposed(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    looked = await sue.post("/policies/sla.yml/check", data=form(FASTER), headers={"HX-Request": "true"})
    assert desk.proposed == []

    reply = await sue.post("/policies/sla.yml/proposals", data=form(FASTER, seen=seen_in(looked.text)))

    assert (reply.status_code, reply.headers["location"]) == (303, "/policy-proposals/1")
    assert desk.proposed[0].why == "the new contract"
    assert "P1: {resolve: 2h}" in desk.proposed[0].text


@pytest.mark.parametrize("seen", ["", "0" * 64])
async def test_what_was_not_looked_at_is_shown_first_and_not_stored(
    sue: httpx.AsyncClient, desk: FakeDesk, seen: str
) -> None:
    reply = await sue.post("/policies/sla.yml/proposals", data=form(FASTER, seen=seen))

    assert reply.status_code == 422
    assert "You changed the text after you looked at it" in reply.text
    assert desk.proposed == []
    again = await sue.post("/policies/sla.yml/proposals", data=form(FASTER, seen=seen_in(reply.text)))
    assert again.status_code == 303


async def test_a_base_that_has_moved_is_told_and_nothing_typed_is_lost(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    looked = await sue.post("/policies/sla.yml/check", data=form(FASTER))
    desk.texts.append(IN_FORCE.replace("7h", "6h"))

    reply = await sue.post("/policies/sla.yml/proposals", data=form(FASTER, seen=seen_in(looked.text)))

    assert reply.status_code == 409
    assert "Somebody published another text of this file since you began" in reply.text
    assert "P1: {resolve: 2h}" in reply.text
    assert "the new contract" in reply.text
    assert 'formaction="/policies/sla.yml/rebase"' in reply.text


async def test_a_change_brought_onto_the_new_text_has_the_new_base_and_must_be_looked_at(
    sue: httpx.AsyncClient, desk: FakeDesk
) -> None:
    desk.texts.append(IN_FORCE.replace("7h", "6h"))

    reply = await sue.post("/policies/sla.yml/rebase", data=form(FASTER, replaces="7"))

    assert "# brought along" in reply.text
    assert f'name="base" value="{digest(desk.texts[-1])}"' in reply.text
    assert 'name="replaces" value="7"' in reply.text


async def test_what_it_would_change_is_counted_and_shown_by_reference(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    changes = [
        {"what": "priority", "was": "P3", "now": "P2"},
        {"what": "resolve", "was": "2026-11-23T18:00:00+00:00", "now": "2026-11-23T16:00:00+00:00"},
        {"what": "update", "was": "2026-11-23T18:00:00+00:00", "now": ""},
    ]
    counts = {"open": 5000, "looked_at": 2000, "changed": 12, "priority": 3, "queue": 0, "level": 1, "deadline": 12}
    desk.effect = {**counts, "examples": [{"reference": "FL-20951876", "changes": changes}]}

    text = (await sue.post("/policies/sla.yml/check", data=form(FASTER))).text

    assert "<b>12 of 2000</b>" in text
    assert "the newest 2000 of 5000" in text
    assert 'href="/tickets/FL-20951876"' in text
    assert "Next message to the customer" in text
    assert 'datetime="2026-11-23T16:00:00+00:00"' in text


async def test_what_somebody_wrote_is_text_and_no_markup(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.proposed.append(ProposeAsked(text="<script>1</script>\n", base="", why="<i>so</i>"))

    pages = [(await sue.get(path)).text for path in ("/policies", "/policies/sla.yml", "/policy-proposals/1")]

    assert all("&lt;i&gt;so&lt;/i&gt;" in page for page in pages)
    assert not [page for page in pages if "<script>1" in page or "<i>so" in page or "<b>Berg" in page]


async def test_a_decision_that_is_refused_leaves_the_page_with_the_reason(
    sue: httpx.AsyncClient, desk: FakeDesk
) -> None:
    desk.proposed.append(ProposeAsked(text=FASTER, base=digest(IN_FORCE), why="so"))
    desk.unwilling = EscalationRefused(403, "somebody else decides about what you propose")

    reply = await sue.post("/policy-proposals/1/acceptance", data={"because": "I am sure"})

    assert reply.status_code == 409
    assert "Nothing was done. Somebody else decides about what you propose." in reply.text


@pytest.mark.parametrize(
    ("path", "data", "ruled"),
    [
        ("acceptance", {"because": " agreed "}, ("accepted", "agreed", False)),
        ("acceptance", {"because": "at night", "alone": "true"}, ("accepted", "at night", True)),
        ("rejection", {"because": "too dear"}, ("rejected", "too dear", False)),
        ("withdrawal", {}, ("withdrawn", "", False)),
    ],
)
async def test_a_decision_reaches_escalation(
    sue: httpx.AsyncClient, desk: FakeDesk, path: str, data: dict[str, str], ruled: tuple[str, str, bool]
) -> None:
    desk.proposed.append(ProposeAsked(text=FASTER, base=digest(IN_FORCE), why="so"))

    reply = await sue.post(f"/policy-proposals/1/{path}", data=data)

    assert (reply.status_code, reply.headers["location"], desk.ruled) == (303, "/policy-proposals/1", [ruled])


async def test_two_versions_are_compared_line_by_line(sue: httpx.AsyncClient) -> None:
    text = (await sue.get("/policies/sla.yml/difference?was=1&now=2")).text

    assert re.search(r'class="gone"><td class="number">3</td>.*P2: {resolve: 8h}', text)
    assert re.search(r'class="new"><td class="number"></td><td class="number">3</td>.*P2: {resolve: 7h}', text)


async def test_an_installed_file_that_differs_is_told_and_can_be_proposed(
    sue: httpx.AsyncClient, desk: FakeDesk
) -> None:
    desk.differs = True

    told = (await sue.get("/policies/sla.yml")).text
    offered = (await sue.get("/policies/sla.yml/change?version=0")).text

    assert "which was never in force" in told
    assert INSTALLED in offered.replace("&#34;", '"')


async def test_a_text_without_end_is_refused(sue: httpx.AsyncClient) -> None:
    reply = await sue.post("/policies/sla.yml/check", data=form("x: 1\n" * 30_000))

    assert reply.status_code == 422
    assert "The text is too long" in reply.text


def test_far_apart_changes_have_a_gap_between_them() -> None:
    before = "\n".join(f"line {number}" for number in range(40))
    after = before.replace("line 2\n", "line two\n").replace("line 30", "line thirty")

    lines = differences(before, after)

    assert [line.text for line in lines if line.sort == "new"] == ["line two", "line thirty"]
    assert [line.sort for line in lines].count("gap") == 1
    assert differences(before, before) == []
