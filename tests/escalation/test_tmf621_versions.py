"""Entity tags of the TMF621 face: nobody overwrites what they have not read."""

import asyncio

import pytest

from tests.escalation.escalation_service import Running
from tests.escalation.test_delivery import talk
from tests.escalation.test_tmf621 import ADMIN, FAULT, PATH, filed, patched


async def test_every_answer_with_a_ticket_carries_its_version(running: Running) -> None:
    created = await running.http.post(PATH, json=FAULT)
    changed = await patched(running, created.json(), description="again")
    read = await running.http.get(f"{PATH}/{created.json()['id']}")

    assert [reply.headers["etag"] for reply in (created, changed, read)] == ['"1"', '"2"', '"2"']


@pytest.mark.parametrize("tags", ['"1"', '"7", "1"', "*"])
async def test_a_patch_of_the_version_that_was_read_is_made(running: Running, tags: str) -> None:
    ticket = await filed(running)

    reply = await running.http.patch(f"{PATH}/{ticket['id']}", json={"name": "n"}, headers={"If-Match": tags})

    assert (reply.status_code, reply.json()["name"]) == (200, "n")


@pytest.mark.parametrize("tags", ['"2"', 'W/"1"', "1", ""])
async def test_a_patch_of_another_version_changes_nothing(running: Running, tags: str) -> None:
    ticket = await filed(running)

    reply = await running.http.patch(f"{PATH}/{ticket['id']}", json={"name": "n"}, headers={"If-Match": tags})

    assert (reply.status_code, reply.json()["status"], reply.json()["code"]) == (412, "412", "412")
    assert (await running.http.get(f"{PATH}/{ticket['id']}")).json() == ticket


async def test_of_two_patches_of_one_version_at_once_one_is_made(running: Running) -> None:
    ticket = await filed(running)
    path, read = f"{PATH}/{ticket['id']}", {"If-Match": '"1"'}

    replies = await asyncio.gather(
        *(running.http.patch(path, json={"name": name}, headers=read) for name in ("one", "two"))
    )

    assert sorted(reply.status_code for reply in replies) == [200, 412]


async def test_an_agents_move_outdates_what_a_machine_has_read(running: Running) -> None:
    _, reference, version = await talk(running)
    read = (await running.http.get(f"{PATH}/{reference}")).headers["etag"]
    await running.client.act("amira.khan", reference, "reply", version=version, text="hello")

    reply = await running.http.patch(f"{PATH}/{reference}", json={"name": "n"}, headers={"If-Match": read})

    assert reply.status_code == 412


async def test_a_ticket_that_has_not_changed_is_not_sent_again(running: Running) -> None:
    path = f"{PATH}/{(await filed(running))['id']}"

    same = [await running.http.get(path, headers={"If-None-Match": tags}) for tags in ('"1"', 'W/"1"', '"0", "1"')]
    other = await running.http.get(path, headers={"If-None-Match": '"0"'})

    assert [(reply.status_code, reply.content, reply.headers["etag"]) for reply in same] == [(304, b"", '"1"')] * 3
    assert other.status_code == 200


async def test_an_outdated_delete_deletes_nothing(running: Running) -> None:
    path = f"{PATH}/{(await filed(running))['id']}"

    outdated = await running.http.delete(path, headers={**ADMIN, "If-Match": '"9"'})
    found = (await running.http.get(path)).status_code
    current = await running.http.delete(path, headers={**ADMIN, "If-Match": '"1"'})

    assert (outdated.status_code, found, current.status_code) == (412, 200, 204)
