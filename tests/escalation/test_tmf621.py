"""The TMF621 face, as another system sees it."""

from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from escalation.client import EscalationRefused
from escalation.records import AuditRecord, OutboxRecord, TicketRecord
from settings import Settings
from tests.escalation.escalation_service import Running, started
from tests.escalation.test_delivery import talk

PATH = "/tmf-api/troubleTicket/v4/troubleTicket"
ADMIN = {"Authorization": "Bearer test-admin-token"}
MERGE = {"Content-Type": "application/merge-patch+json"}
FAULT = {"description": "No dial tone", "severity": "High", "ticketType": "landline"}


async def filed(running: Running, **more: Any) -> dict[str, Any]:
    reply = await running.http.post(PATH, json={**FAULT, **more})
    assert reply.status_code == 201
    ticket: dict[str, Any] = reply.json()
    return ticket


async def patched(running: Running, ticket: dict[str, Any], **changes: Any) -> httpx.Response:
    return await running.http.patch(f"{PATH}/{ticket['id']}", json=changes, headers=MERGE)


async def test_a_filed_ticket_comes_back_with_what_we_know_of_it(running: Running) -> None:
    reply = await running.http.post(PATH, json={**FAULT, "status": "closed", "externalId": "ERP-7"})

    ticket = reply.json()
    assert reply.headers["location"] == ticket["href"]
    assert (ticket["status"], ticket["priority"], ticket["externalId"]) == ("acknowledged", "P3", "ERP-7")
    assert (ticket["severity"], ticket["ticketType"]) == ("High", "landline")
    assert ticket["expectedResolutionDate"]
    assert ticket["relatedParty"][0]["role"] == "supportTier"
    assert ticket["escalation"]["department"] == "fixed-access"


async def test_the_answer_to_a_filing_is_the_ticket_as_it_is_read(running: Running) -> None:
    ticket = await filed(running, name="Line 4", note=[{"author": "NOC", "text": "Seen since noon"}])

    reply = await running.http.get(ticket["href"])

    assert ticket["note"][0]["id"]
    assert reply.json() == ticket


@pytest.mark.parametrize(
    "body",
    [
        b'{"description": "x", "severity": "High"}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "note": {"author": "z"}}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "note": [{"author": "z"}]}',
        b'{"description": 7, "severity": "High", "ticketType": "y"}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "attachment": [{"size": NaN}]}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "@baseType": 7}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "@schemaLocation": null}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "creationDate": "soon"}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "requestedResolutionDate": 0}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "requestedResolutionDate": "2027-01-01T00:00"}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "channel": {"name": "z"}}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "attachment": [{"validFor": 7}]}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "attachment": [{"size": {"amount": "7"}}]}',
        b'{"description": "x", "severity": "High", "ticketType": "y", "troubleTicketRelationship": [{"id": 7}]}',
        b'{"description": "x", "severity": "y", "ticketType": "y", "relatedParty": [{"id": "1", "@referredType": "P", '
        b'"@schemaLocation": 7}]}',
        b"[]",
        b"not json",
        b"",
        b"[" * 5000,
    ],
)
async def test_a_bad_body_is_400_in_the_form_of_the_standard(running: Running, body: bytes) -> None:
    reply = await running.http.post(PATH, content=body)

    assert reply.status_code == 400
    assert set(reply.json()) == {"code", "reason", "message", "status"}
    assert reply.json()["status"] == "400"


async def test_what_is_filed_comes_back_as_it_came(running: Running) -> None:
    parts = {
        "attachment": [
            {"name": "photo", "size": {"amount": 7, "units": "kB"}, "validFor": {"endDateTime": "2027-01-01T00:00:00Z"}}
        ],
        "channel": {"id": "erp", "@referredType": "Channel", "region": {"code": 7}},
        "troubleTicketRelationship": [{"id": "t-1", "relationshipType": "dependent"}],
    }

    ticket = await filed(running, **parts)

    assert {name: ticket[name] for name in parts} == parts


async def test_filters_are_and_and_fields_are_exact(running: Running) -> None:
    await filed(running)
    await filed(running, severity="Low")
    await filed(running, ticketType="tv")

    reply = await running.http.get(PATH, params={"severity": "High", "ticketType": "tv", "fields": "severity,status"})

    assert reply.json() == [{"severity": "High", "status": "acknowledged"}]
    assert (reply.headers["x-total-count"], reply.headers["x-result-count"]) == ("1", "1")


async def test_pages_are_counted_and_linked(running: Running) -> None:
    for _ in range(3):
        await filed(running)

    reply = await running.http.get(PATH, params={"limit": 1, "offset": 1, "severity": "High"})

    assert (reply.headers["x-total-count"], reply.headers["x-result-count"]) == ("3", "1")
    for rel, offset in (("first", 0), ("prev", 0), ("next", 2), ("last", 2)):
        assert f'offset={offset}&limit=1>; rel="{rel}"' in reply.headers["link"]


@pytest.mark.parametrize(
    "query",
    ["limit=-1", "limit=x", "offset=-1", "colour=red", "offset=1&offset=1", "limit=1&limit=2", "fields=id&fields=id"],
)
async def test_a_query_we_do_not_understand_is_400(running: Running, query: str) -> None:
    assert (await running.http.get(f"{PATH}?{query}")).status_code == 400


async def test_a_trailing_slash_works_without_a_redirect(running: Running) -> None:
    ticket = (await running.http.post(f"{PATH}/", json=FAULT)).json()
    path = f"{PATH}/{ticket['id']}/"

    replies = [
        await running.http.get(f"{PATH}/"),
        await running.http.get(path),
        await running.http.patch(path, json={"name": "n"}, headers=MERGE),
        await running.http.delete(path, headers=ADMIN),
    ]

    assert [reply.status_code for reply in replies] == [200, 200, 200, 204]


async def test_the_customers_reference_finds_it_too(running: Running) -> None:
    ticket = await filed(running)

    found = await running.http.get(f"{PATH}/{ticket['escalation']['reference']}")

    assert found.json()["id"] == ticket["id"]


async def test_states_move_by_the_same_table_as_for_people(running: Running) -> None:
    ticket = await filed(running)

    refused = await patched(running, ticket, status="closed")
    moved = [await patched(running, ticket, status=status) for status in ("inProgress", "pending", "inProgress")]
    solved = await patched(running, ticket, status="resolved", statusChangeReason="replaced")

    assert refused.status_code == 409
    assert "within reach: cancelled, inProgress, rejected" in refused.json()["message"]
    assert [reply.status_code for reply in moved] == [200, 200, 200]
    assert "expectedResolutionDate" not in moved[1].json()  # the clock stands still
    assert solved.json()["statusChange"][-1] == {
        "changeDate": solved.json()["statusChange"][-1]["changeDate"],
        "status": "resolved",
        "changeReason": "replaced",
    }


async def test_a_merge_patch_changes_what_it_names_and_clears_what_it_nulls(running: Running) -> None:
    ticket = await filed(running, externalId="old", name="Phone", channel={"id": "erp", "name": "ERP"})

    reply = await patched(running, ticket, externalId="new", name=None, note=[{"author": "erp", "text": "seen"}])

    changed = reply.json()
    assert (changed["externalId"], changed["name"]) == ("new", ticket["escalation"]["reference"])
    assert (changed["channel"]["id"], changed["note"][0]["text"]) == ("erp", "seen")


async def test_what_was_read_can_be_patched_back(running: Running) -> None:
    ticket = await filed(running, note=[{"author": "erp", "text": "one"}])

    changed = (
        await patched(running, ticket, relatedParty=ticket["relatedParty"], note=ticket["note"], description="d")
    ).json()

    assert (len(changed["relatedParty"]), len(changed["note"]), changed["description"]) == (1, 1, "d")


@pytest.mark.parametrize("changes", [{"priority": "P1"}, {"id": "x"}, {"status": "nonsense"}, {"description": None}])
async def test_what_the_server_sets_is_not_patched(running: Running, changes: dict[str, Any]) -> None:
    ticket = await filed(running)

    assert (await patched(running, ticket, **changes)).status_code == 400


async def test_a_refused_change_of_state_changes_nothing_else_either(running: Running) -> None:
    ticket = await filed(running)

    refused = await patched(running, ticket, status="resolved", description="solved")

    assert (refused.status_code, refused.json()["status"]) == (409, "409")
    assert (await running.http.get(f"{PATH}/{ticket['id']}")).json() == ticket


async def test_after_the_end_no_state_is_within_reach(running: Running) -> None:
    ticket = await filed(running)
    await patched(running, ticket, status="cancelled")

    refused = await patched(running, ticket, status="inProgress")

    assert (refused.status_code, "within reach: none" in refused.json()["message"]) == (409, True)


async def test_a_deleted_ticket_is_hidden_and_kept(running: Running) -> None:
    ticket = await filed(running)
    path, reference = f"{PATH}/{ticket['id']}", ticket["escalation"]["reference"]

    deleted = await running.http.delete(path, headers=ADMIN)

    assert (deleted.status_code, deleted.content) == (204, b"")
    for reply in (await running.http.get(path), await patched(running, ticket, name="n")):
        assert reply.status_code == 404
    assert (await running.http.delete(path, headers=ADMIN)).status_code == 404
    assert (await running.http.get(PATH)).json() == []
    assert await running.client.queue("sam.okoye", view="all") == []
    with pytest.raises(EscalationRefused, match="404"):
        await running.client.ticket("sam.okoye", reference)
    async with running.office.sessions() as session:
        (entry,) = await session.scalars(select(AuditRecord).where(AuditRecord.what == "deleted"))
        kept = await session.get_one(TicketRecord, entry.ticket_id)
    assert (entry.who, kept.reference, kept.problem) == ("admin", reference, FAULT["description"])


@pytest.mark.parametrize("token", ["test-api-token", "test-internal-token"])
async def test_only_an_administrator_deletes(running: Running, token: str) -> None:
    path = f"{PATH}/{(await filed(running))['id']}"

    refused = await running.http.delete(path, headers={"Authorization": f"Bearer {token}"})

    assert (refused.status_code, refused.json()["status"]) == (403, "403")
    assert (await running.http.get(path)).status_code == 200


async def test_without_an_admin_token_nobody_deletes(migrated: Settings) -> None:
    async with started(migrated.model_copy(update={"firstline_admin_token": SecretStr("")})) as service:
        path = f"{PATH}/{(await filed(service))['id']}"

        replies = [await service.http.delete(path, headers={"Authorization": value}) for value in ("Bearer ", "Bearer")]

    assert [reply.status_code for reply in replies] == [401, 401]


async def test_a_customer_whose_ticket_is_deleted_goes_back_to_the_assistant(running: Running) -> None:
    _, reference, _ = await talk(running)

    await running.http.delete(f"{PATH}/{reference}", headers=ADMIN)

    async with running.office.sessions() as session:
        told = await session.scalars(select(OutboxRecord).where(OutboxRecord.topic == "escalation:live:chat"))
        assert "released" in [event.payload["kind"] for event in told]


async def test_a_ticket_points_to_its_conversation(running: Running) -> None:
    contact_id, reference, _ = await talk(running)

    ticket = (await running.http.get(f"{PATH}/{reference}")).json()
    (transcript,) = ticket["relatedEntity"]
    interaction = (await running.http.get(httpx.URL(transcript["href"]).path)).json()

    assert (transcript["role"], transcript["id"]) == ("transcript", str(contact_id))
    assert interaction["interactionItem"][0]["id"] == reference


@pytest.mark.parametrize("token", ["", "Bearer wrong", "Bearer ", "Basic dGVzdA=="])
async def test_nobody_comes_in_without_the_token(running: Running, token: str) -> None:
    reply = await running.http.get(PATH, headers={"Authorization": token})

    assert (reply.status_code, reply.json()["code"]) == (401, "401")


async def test_the_machine_client_does_not_reach_the_inside(running: Running, settings: Settings) -> None:
    token = {"Authorization": f"Bearer {settings.firstline_api_token.get_secret_value()}"}

    outside = await running.http.get(PATH, headers=token)
    inside = await running.http.get("/escalation/v1/health", headers=token)

    assert (outside.status_code, inside.status_code) == (200, 401)


async def test_a_body_without_end_is_cut_off(running: Running) -> None:
    reply = await running.http.post(PATH, content=b" " * 3_000_000)

    assert reply.status_code == 413
