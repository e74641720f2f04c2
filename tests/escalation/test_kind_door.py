"""Kinds and relations as other programs see them: through the door, and as TMF621."""

from datetime import datetime
from typing import Any

import pytest

from escalation.client import EscalationRefused, FileAsked, Kind, Relation
from escalation.following import pass_on
from tests.escalation.escalation_service import Running
from tests.escalation.test_tmf621 import MERGE, PATH

BOSS = "sam.okoye"
WINDOW = {"starts_at": "2026-11-24T01:00:00Z", "ends_at": "2026-11-24T03:00:00Z"}
SWITCH = {"system": "switch", "expected": "a route", "happened": "none"}


def filled(**form: Any) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in form.items()]


async def posted(running: Running, ticket_type: str, **more: Any) -> Any:
    body = {"description": "d", "severity": "High", "ticketType": ticket_type, **more}
    return await running.http.post(PATH, json=body)


async def test_staff_file_link_and_tell_through_the_door(running: Running) -> None:
    door = running.client
    major = await door.file(BOSS, FileAsked(kind=Kind.SYSTEM_PROBLEM, problem="Switch down", form=SWITCH))
    child = await door.file(BOSS, FileAsked(kind=Kind.INCIDENT, problem="No dial tone", reachable="a@b.example"))

    linked = await door.relate(BOSS, child.reference, Relation.CHILD_OF, to=major.reference, version=child.version)
    told = await door.tell_everyone(BOSS, major.reference, text="We are on it", version=major.version + 1)
    while await pass_on(running.office):
        pass
    heard = await door.ticket(BOSS, child.reference)
    alone = await door.unrelate(BOSS, child.reference, reason="a fault of its own", version=heard.version)

    assert (linked.relations[0].reference, told.followers) == (major.reference, 1)
    assert (heard.last_public_note, alone.relations) == ("We are on it", ())
    assert (await door.ticket(BOSS, major.reference)).followers == 0


@pytest.mark.parametrize(
    ("asked", "status", "complaint"),
    [
        (FileAsked(kind=Kind.PLANNED_MAINTENANCE, problem="p"), 400, "starts_at: Field required"),
        (FileAsked(kind=Kind.SYSTEM_PROBLEM, problem="p", form={**SWITCH, "system": "x"}), 400, "system: x is not one"),
        (FileAsked(kind=Kind.INCIDENT, problem="p", category="x"), 400, "category: x is not a topic"),
    ],
)
async def test_a_form_is_refused_in_plain_words(
    running: Running, asked: FileAsked, status: int, complaint: str
) -> None:
    with pytest.raises(EscalationRefused, match=complaint) as refused:
        await running.client.file(BOSS, asked)

    assert refused.value.status == status


async def test_an_early_end_of_maintenance_is_409(running: Running) -> None:
    form = {"starts_at": "2099-01-01T00:00:00Z", "ends_at": "2099-01-01T01:00:00Z"}
    window = await running.client.file(BOSS, FileAsked(kind=Kind.PLANNED_MAINTENANCE, problem="New disks", form=form))
    await running.client.act(BOSS, window.reference, "accept", version=1)

    with pytest.raises(EscalationRefused, match="cannot be completed before") as refused:
        await running.client.act(BOSS, window.reference, "resolve", version=2, text="done")

    assert refused.value.status == 409


async def test_what_is_read_across_tickets_comes_through_the_door(running: Running) -> None:
    await posted(running, "planned-maintenance", troubleTicketCharacteristic=filled(**WINDOW, services=["tv"]))
    await posted(running, "wish")
    door = running.client

    (window,) = await door.windows(at=datetime.fromisoformat(WINDOW["starts_at"]), service="TV")
    (wish,) = await door.wishes()

    assert (window.services, wish.count) == (("tv",), 1)
    assert {line.category: line.returned for line in await door.returns()} == {
        "planned-maintenance": 0,
        "feature-request": 0,
    }
    kinds = {entry.kind: entry for entry in (await door.kinds()).kinds}
    assert kinds[Kind.PLANNED_MAINTENANCE].fields["required"] == ["starts_at", "ends_at"]
    assert kinds[Kind.COMPLAINT].required == ("about",)


async def test_a_machine_files_a_kind_with_its_form_and_reads_it_back(running: Running) -> None:
    reply = await posted(running, "System Problem", troubleTicketCharacteristic=filled(**SWITCH))

    ticket = reply.json()
    assert (ticket["ticketType"], ticket["escalation"]["kind"]) == ("System Problem", "system-problem")
    assert {entry["name"]: entry["value"] for entry in ticket["troubleTicketCharacteristic"]} == {
        **SWITCH,
        "reported_by": "staff",
    }
    assert ticket["relatedEntity"] == [
        {"id": "switch", "name": "Core switch", "role": "affectedSystem", "@referredType": "Resource"}
    ]
    assert ticket["escalation"]["department"] == "core"


@pytest.mark.parametrize(
    ("ticket_type", "form", "complaint"),
    [
        ("planned-maintenance", [], "starts_at"),
        ("complaint", filled(about="bill", colour="red"), "colour"),
        ("incident", [*filled(area="A"), *filled(area="B")], "a name is given twice"),
    ],
)
async def test_a_form_of_a_machine_that_is_not_right_is_400(
    running: Running, ticket_type: str, form: list[dict[str, Any]], complaint: str
) -> None:
    reply = await posted(running, ticket_type, troubleTicketCharacteristic=form)

    assert (reply.status_code, complaint in reply.json()["message"]) == (400, True)


@pytest.mark.parametrize("ticket_type", ["Defect", "landline"])
async def test_a_type_that_is_no_kind_stays_as_sent(running: Running, ticket_type: str) -> None:
    ticket = (await posted(running, ticket_type)).json()

    assert (ticket["ticketType"], ticket["escalation"]["kind"]) == (ticket_type, "incident")


async def test_a_ticket_does_not_change_its_kind(running: Running) -> None:
    path = f"{PATH}/{(await posted(running, 'Defect')).json()['id']}"

    replies = [
        await running.http.patch(path, json={"ticketType": name}, headers=MERGE) for name in ("wish", "Incident", "Bug")
    ]

    assert [reply.status_code for reply in replies] == [409, 200, 200]


async def test_relations_are_relationships_both_ways_and_can_be_patched_back(running: Running) -> None:
    parent = (await posted(running, "incident")).json()
    foreign = {"id": "ERP-9", "relationshipType": "dependent"}
    wanted = [foreign, {"id": parent["id"], "relationshipType": "isChildOf"}]

    child = (await posted(running, "incident", troubleTicketRelationship=wanted)).json()

    path = f"{PATH}/{child['id']}"
    relations = child["troubleTicketRelationship"]
    assert relations[0] == foreign
    assert (relations[1]["name"], relations[1]["relationshipType"]) == (parent["name"], "isChildOf")
    back = await running.http.patch(path, json={"troubleTicketRelationship": relations}, headers=MERGE)
    assert back.json()["troubleTicketRelationship"] == relations
    above = (await running.http.get(f"{PATH}/{parent['id']}")).json()
    assert [entry["relationshipType"] for entry in above["troubleTicketRelationship"]] == ["isParentOf"]


@pytest.mark.parametrize(
    ("relation", "status"),
    [
        ({"relationshipType": "isChildOf", "id": "nobody"}, 400),
        ({"relationshipType": "isChildOf"}, 400),
        ({"relationshipType": "isCausedBy"}, 409),
    ],
)
async def test_a_relation_that_cannot_be_opens_nothing(running: Running, relation: dict[str, str], status: int) -> None:
    other = (await posted(running, "incident")).json()
    wanted = {"id": other["id"], **relation} if status == 409 else relation

    reply = await posted(running, "incident", troubleTicketRelationship=[wanted])

    assert reply.status_code == status
    assert len((await running.http.get(PATH)).json()) == 1


async def test_a_note_on_a_ticket_without_a_customer_is_news(running: Running) -> None:
    major = (await posted(running, "incident")).json()
    door = running.client
    child = await door.file(BOSS, FileAsked(kind=Kind.INCIDENT, problem="No dial tone"))
    await door.relate(BOSS, child.reference, Relation.CHILD_OF, to=major["name"], version=1)

    note = {"note": [{"author": "noc", "text": "Half is up"}]}
    await running.http.patch(f"{PATH}/{major['id']}", json=note, headers=MERGE)
    while await pass_on(running.office):
        pass

    assert (await door.ticket(BOSS, child.reference)).last_public_note == "Half is up"
