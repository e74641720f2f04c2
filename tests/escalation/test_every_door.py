"""Every route × every role and machine over the real applications: who is let in, and what they see there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

import console.app
from console.session import COOKIE
from escalation import clients, telephone
from escalation.phone_wire import CallbackAsked
from escalation.records import TicketRecord
from settings import Settings
from tests.console.fake_library import FakeLibrary
from tests.escalation import doors
from tests.escalation.doors import CONSOLE, PEOPLE, PERSON, ROLES, TMF, PersonRoute, Route
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift
from tests.escalation.test_roles import KNOWN, SAID, SECRETS

NOBODY = "00000000-0000-4000-8000-000000000000"
PLACES = {"contact_id": NOBODY, "ticket_id": NOBODY, "subscription_id": NOBODY, "webhook_id": "1"}
PLACES |= {"agreement_id": "gold", "username": "tom.reed", "span_id": "77", "attachment_id": NOBODY, "visit_id": NOBODY}
PLACES |= {"call_id": NOBODY, "review_id": "77", "view_id": "77", "proposal_id": "5a7e11"}
PLACES |= {"file": "sla.yml", "number": "0", "policy_proposal_id": "77"}
HERE = "http://console.test"
MACHINES = {
    "tickets:read": "erp",
    "tickets:write": "erp",
    "hub": "erp",
    "interactions:read": "quality",
}


async def a_ticket(shift: Shift, number: int = 0) -> str:
    """A private customer's at level 1, with personal data everywhere, a promised callback and a voicemail."""
    contact_id, sid = await shift.contact("voice", "+447700900142"), sid_of(number)
    await shift.says(contact_id, SAID)
    handed = await shift.hand_over(contact_id, **KNOWN)
    await telephone.promise_callback(shift.office, contact_id, CallbackAsked(number=None, by_voicemail=False))
    await telephone.keep_voicemail(shift.office, contact_id, sid, length_s=3, audio=b"RIFF")
    await telephone.transcribe(shift.office, sid, SAID)
    return handed.ticket.reference


def sid_of(number: int) -> str:
    return f"RE{number:032x}"


async def version_of(shift: Shift, reference: str) -> int:
    async with shift.office.sessions() as session:
        found = await session.scalar(select(TicketRecord.version).where(TicketRecord.reference == reference))
    assert found is not None
    return found


async def changed(shift: Shift, reference: str, **values: Any) -> None:
    async with shift.office.sessions.begin() as session:
        await session.execute(update(TicketRecord).where(TicketRecord.reference == reference).values(**values))


def filled(path: str, reference: str, number: int = 0) -> str:
    path += {"penalties": "?month=2026-11", "attachments": "?name=a.pdf&version=1"}.get(path.rpartition("/")[2], "")
    path += "?was=0&now=0" if path.endswith("/difference") else ""
    return path.format(**PLACES, reference=reference, recording_sid=sid_of(number), key="backlog")


def body_of(route: PersonRoute, **known: Any) -> dict[str, Any] | None:
    if route.body is None:
        return None
    return {name: known["other"] if value == "{other}" else value for name, value in route.body.items()} | {
        "version": known["version"]
    }


@asynccontextmanager
async def browser(settings: Settings, running: Running, role: str | None) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the console, in which somebody of the role is signed in."""
    app = console.app.create_app(settings, desk=running.client, library=FakeLibrary())
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HERE, headers={"Origin": HERE}) as http,
    ):
        if role is not None:
            password = settings.firstline_demo_password.get_secret_value()
            reply = await http.post("/sign-in", data={"username": PERSON[role], "password": password})
            assert COOKIE in reply.cookies
        yield http


async def test_every_route_is_in_the_tables(settings: Settings, running: Running) -> None:
    pages = console.app.create_app(settings, desk=running.client, library=FakeLibrary())

    assert doors.routes_of(running.app) == doors.OPEN | doors.INTERNAL | doors.SCOPED.keys() | PEOPLE.keys()
    assert doors.routes_of(pages) == doors.CONSOLE_OPEN | CONSOLE.keys()
    assert all(set(route.expected) == set(ROLES) for route in [*PEOPLE.values(), *CONSOLE.values()] if route.expected)


async def test_without_our_own_token_nothing_of_ours_opens(running: Running) -> None:
    bearers = ["", "Bearer ", "Bearer wrong", "Basic test-internal-token", "Bearer test-api-token"]
    bearers += ["Bearer test-admin-token", f"Bearer {await machine(running, 'tickets:read')}"]

    let_in = [
        (route, bearer)
        for route in [*doors.INTERNAL, *PEOPLE]
        for bearer in bearers
        if await status(running, route, bearer, person="sam.okoye") != 401
    ]

    assert let_in == []


async def test_a_token_opens_what_its_scope_says(running: Running) -> None:
    for scope in MACHINES:
        bearer = f"Bearer {await machine(running, scope)}"
        for route, needed in doors.SCOPED.items():
            found = await status(running, route, bearer)
            assert (found == 403) == (needed != scope), (scope, route, found)
            assert found != 401, (scope, route)
    for bearer in ("", "Bearer wrong"):
        assert {await status(running, route, bearer) for route in doors.SCOPED} == {401}


async def test_only_the_administrators_token_deletes(running: Running) -> None:
    delete = ("DELETE", f"{TMF}/{{ticket_id}}")

    found = [await status(running, delete, f"Bearer test-{name}-token") for name in ("api", "internal", "admin")]

    assert found == [403, 403, 404]


async def test_what_each_role_may_do_through_the_service(running: Running, shift: Shift) -> None:
    other, wrong = await shift.ticket(), []
    for number, role in enumerate(ROLES):
        reference = await a_ticket(shift, number)
        for (method, path), route in PEOPLE.items():
            if route.status:
                await changed(shift, reference, status=route.status)
            body = body_of(route, other=other, version=await version_of(shift, reference))
            person = {"X-Firstline-Person": PERSON[role]}
            reply = await running.http.request(method, filled(path, reference, number), json=body, headers=person)
            if reply.status_code != route.expected[role]:
                wrong.append((role, method, path, reply.status_code, reply.text[:200]))

    assert wrong == []


async def test_what_each_role_may_do_in_the_console(settings: Settings, running: Running, shift: Shift) -> None:
    other, wrong = await shift.ticket(), []
    for number, role in enumerate(ROLES):
        reference = await a_ticket(shift, number)
        async with browser(settings, running, role) as http:
            for (method, path), route in CONSOLE.items():
                if method == "SOCKET":
                    continue
                body = body_of(route, other=other, version=await version_of(shift, reference))
                part = {"HX-Request": "true"}
                reply = await http.request(method, filled(path, reference, number), data=body, headers=part)
                if reply.status_code != route.expected[role]:
                    wrong.append((role, method, path, reply.status_code, reply.text[:200]))

    assert wrong == []


async def test_who_is_not_signed_in_gets_no_page(settings: Settings, running: Running, shift: Shift) -> None:
    reference = await a_ticket(shift)
    async with browser(settings, running, None) as http:
        for method, path in CONSOLE.keys() - {("SOCKET", "/live")}:
            whole = await http.request(method, filled(path, reference))
            part = await http.request(method, filled(path, reference), headers={"HX-Request": "true"})
            assert (whole.status_code, part.status_code) == (303, 401), (method, path)
            assert [secret for secret in SECRETS if secret in whole.text + part.text] == []


async def test_no_page_of_who_needs_no_personal_data_has_any(
    settings: Settings, running: Running, shift: Shift
) -> None:
    reference = await a_ticket(shift)
    await shift.act("bea.novak", reference, "accept")
    await shift.act("bea.novak", reference, "note", text=f"Smith rang: {SAID}")
    await shift.act("bea.novak", reference, "hold", reason="Jo Smith asks her bank")
    paths = [path for method, path in CONSOLE if method == "GET"] + ["/?view=all&status=held"]
    leaks = []
    for role in ("auditor", "administrator", "vendor", "partner"):
        await changed(shift, reference, assignee=None, asked=PERSON[role])
        async with browser(settings, running, role) as http:
            for path in paths:
                for headers in ({}, {"HX-Request": "true"}):
                    page = (await http.get(filled(path, reference), headers=headers)).text
                    leaks += [(role, path, secret) for secret in (*SECRETS, "447700900142") if secret in page]
            assert "Personal data masked" in (await http.get(f"/tickets/{reference}")).text

    assert leaks == []


@pytest.mark.parametrize("role", ["vendor", "partner", "field_technician"])
async def test_an_outsider_finds_its_own_tickets_alone(
    settings: Settings, running: Running, shift: Shift, role: str
) -> None:
    own, others = await shift.ticket(), [await shift.ticket(), await shift.ticket(segment="corporate")]
    await changed(shift, own, assignee=None, asked=PERSON[role])
    asked = ["/", "/?view=all", "/?view=tier", f"/?search={others[0]}", f"/?view=all&search={others[1]}", "/?tier=1"]

    async with browser(settings, running, role) as http:
        lists = [(await http.get(path)).text for path in asked]
        pages = [(await http.get(f"/tickets/{reference}")).status_code for reference in (own, *others)]

    assert own in lists[1]
    assert [reference for reference in others for text in lists[:3] if reference in text] == []
    assert [f"/tickets/{reference}" for reference in others for text in lists if f"/tickets/{reference}" in text] == []
    assert pages == [200, 404, 404]


async def test_a_machine_with_its_own_tickets_finds_no_other(running: Running, shift: Shift) -> None:
    reference = await shift.ticket()
    bearer = {"Authorization": f"Bearer {await machine(running, 'tickets:read', 'partner-shop')}"}

    listed = await running.http.get(TMF, headers=bearer)
    narrowed = await running.http.get(f"{TMF}?status=acknowledged", headers=bearer)
    one = await running.http.get(f"{TMF}/{reference}", headers=bearer)

    assert (listed.json(), narrowed.json(), one.status_code) == ([], [], 404)


@pytest.mark.parametrize("role", ["vendor", "partner", "field_technician", "corporate_engineer"])
async def test_a_relation_shows_nobody_a_ticket_that_does_not_exist_for_them(
    running: Running, shift: Shift, role: str
) -> None:
    own, other = await shift.ticket(), await shift.ticket(problem="the fence of Jo Smith")
    await changed(shift, own, assignee=None, asked=PERSON[role], tier=4)
    asked = {"relation": "duplicate-of", "to": other, "version": (await shift.read(own)).version}
    person = {"X-Firstline-Person": PERSON[role]}

    linked = await running.http.post(f"/escalation/v1/tickets/{own}/relation", json=asked, headers=person)
    await running.http.post(
        f"/escalation/v1/tickets/{own}/relation", json=asked, headers={"X-Firstline-Person": "sam.okoye"}
    )
    page = await running.http.get(f"/escalation/v1/tickets/{own}", headers=person)

    assert linked.status_code == 404
    assert page.status_code == 200
    assert "Smith" not in page.text


@pytest.mark.parametrize("role", ["vendor", "partner"])
async def test_another_company_sends_no_news_to_customers(running: Running, shift: Shift, role: str) -> None:
    own = await shift.ticket()
    await changed(shift, own, assignee=None, asked=PERSON[role], tier=4)
    person = {"X-Firstline-Person": PERSON[role]}
    asked = {"text": "buy our box", "version": (await shift.read(own)).version}

    reply = await running.http.post(f"/escalation/v1/tickets/{own}/news", json=asked, headers=person)

    assert reply.status_code == 403


async def test_an_agent_moves_no_ticket_of_a_tier_above(running: Running, shift: Shift) -> None:
    moves = ["accept", "reply", "note", "ask_customer", "hand_up", "hand_back", "return", "hold", "resolve", "cancel"]
    reference = await shift.ticket()
    await changed(shift, reference, assignee=None, asked="nadia.petrova", tier=3, department="billing")
    version = (await shift.read(reference)).version

    found = {}
    for name in ("amira.khan", "lena.fox"):  # levels 1 and 2, every department
        for move in moves:
            asked = {"move": move, "version": version, "text": "x", "reason": "x"}
            path = f"/escalation/v1/tickets/{reference}/moves"
            reply = await running.http.post(path, json=asked, headers={"X-Firstline-Person": name})
            found[name, move] = reply.status_code

    assert set(found.values()) <= {403, 409}
    assert (await shift.read(reference)).version == version


async def machine(running: Running, scope: str, client: str | None = None) -> str:
    """A token with this scope alone."""
    name = client or MACHINES[scope]
    secret = await clients.new_secret(running.office.sessions, name)
    form = {"grant_type": "client_credentials", "scope": scope, "client_id": name, "client_secret": secret}
    reply = await running.http.post("/oauth2/token", data=form, headers={"Authorization": ""})
    token: str = reply.json()["access_token"]
    return token


async def status(running: Running, route: Route, bearer: str, *, person: str = "") -> int:
    method, path = route
    headers = {"Authorization": bearer, "X-Firstline-Person": person}
    return (await running.http.request(method, filled(path, "FL-10000000"), headers=headers)).status_code
