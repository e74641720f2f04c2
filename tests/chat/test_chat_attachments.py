"""Files in a conversation: kept once, told as what they are, refused in words, and given to nobody else."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from bot.client import BotMessage
from chat import attachments
from tests.chat.fakes import Visitor, World, a_ticket

PHOTO = b"\xff\xd8\xff\xe0 lights"


async def attached(visitor: Visitor, name: str = "lights.jpg", content: bytes = PHOTO, message_id: str = "") -> Any:
    params = {"name": name, "message_id": message_id or uuid.uuid4().hex}
    url = f"/chat/conversations/{visitor.id}/attachments"
    return await visitor.http.post(url, params=params, content=content, headers=visitor.headers)


async def test_a_file_is_kept_shown_and_answered(visitor: Visitor, world: World) -> None:
    sent = await attached(visitor, message_id="m1")
    shown = await visitor.hears("Attached: lights.jpg")
    answer = await visitor.hears("I have kept your file")

    assert (sent.status_code, sent.json()["message_id"]) == (202, "m1")
    assert shown["data"]["about"]["attachment"]["name"] == "lights.jpg"
    assert answer["data"]["author"] == "system"
    turn = world.trail.turns["c-m1"]
    assert (turn.author, turn.about) == ("customer", shown["data"]["about"])


async def test_the_assistant_is_not_told_and_goes_on_waiting_for_its_answer(visitor: Visitor, world: World) -> None:
    world.bot.replies["steps"] = [BotMessage("Are the lights steady?", choices=("Yes", "No"))]
    await visitor.writes("steps")
    await visitor.hears("steady")

    await attached(visitor)
    answer = await visitor.hears("I have kept your file")
    await visitor.writes("Yes")
    await visitor.hears("You said: Yes")

    assert answer["data"]["choices"] == ["Yes", "No"]
    assert world.bot.heard == ["steps", "Yes"]


async def test_a_file_is_no_account_fact_and_the_fact_is_masked_after_it(visitor: Visitor, world: World) -> None:
    world.bot.replies["check my account"] = [BotMessage("What is your postcode?", expects="fact")]
    await visitor.writes("check my account")
    await visitor.hears("postcode")

    await attached(visitor)
    answer = await visitor.hears("I have kept your file")
    await visitor.writes("EC1A 1BB")
    await visitor.hears("You said: EC1A 1BB")

    assert answer["data"]["expects"] == "fact"
    assert "Attached: lights.jpg" in [text for _, text in world.trail.said]
    assert ("customer", "EC1A 1BB") not in world.trail.said


async def test_the_same_file_twice_is_one_message(visitor: Visitor) -> None:
    first, second = await attached(visitor, message_id="m1"), await attached(visitor, message_id="m1")

    assert first.json() == second.json()


async def test_while_a_person_is_there_the_file_goes_to_them(visitor: Visitor, world: World) -> None:
    world.escalation.did(visitor.id, "accepted", agent_name="Maya", ticket=a_ticket())
    await visitor.hears("Maya has joined")

    await attached(visitor, message_id="m1")
    await visitor.hears("Attached: lights.jpg")
    async with asyncio.timeout(5):
        while not world.escalation.recorded:
            await asyncio.sleep(0.02)

    assert world.escalation.recorded[0].about["attachment"]
    history = await visitor.http.get(f"/chat/conversations/{visitor.id}/history", headers=visitor.headers)
    assert "I have kept your file" not in history.text


async def test_a_file_from_a_person_is_shown_and_can_be_had(visitor: Visitor, world: World) -> None:
    kept = world.escalation.holds(visitor.id, "steps.pdf", b"%PDF-1.4", by_customer=False)
    world.escalation.did(visitor.id, "message", agent_name="Maya", text="steps.pdf", attachment=kept)
    shown = await visitor.hears("steps.pdf")

    url = f"/chat/conversations/{visitor.id}/attachments/{shown['data']['about']['attachment']['id']}"
    file = await visitor.http.get(url, headers=visitor.headers)

    assert file.content == b"%PDF-1.4"
    assert file.headers["Content-Disposition"] == "attachment; filename*=UTF-8''steps.pdf"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"].startswith("sandbox")


async def test_nobody_else_gets_a_file(visitor: Visitor, world: World, http: httpx.AsyncClient) -> None:
    kept = world.escalation.holds(visitor.id, "steps.pdf", b"%PDF-1.4")
    other = await Visitor.comes(http)

    foreign = await http.get(f"/chat/conversations/{other.id}/attachments/{kept.id}", headers=other.headers)
    stolen = await http.get(f"/chat/conversations/{visitor.id}/attachments/{kept.id}", headers=other.headers)

    assert (foreign.status_code, stolen.status_code) == (422, 401)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (413, "file_too_large", "up to 5 MB"),
        (415, "file_unknown", "JPEG, PNG, WebP"),
        (422, "file_refused", "isn't safe"),
        (409, "too_many_files", "No more files"),
    ],
)
async def test_a_refusal_says_what_can_be_done(
    visitor: Visitor, world: World, status: int, code: str, words: str
) -> None:
    world.escalation.refuses = status

    refused = await attached(visitor)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert words in refused.json()["message"]


async def test_a_file_over_the_limit_is_not_even_carried_on(visitor: Visitor, world: World) -> None:
    refused = await attached(visitor, content=b"x" * (5 * 1024 * 1024 + 1))

    assert refused.json()["code"] == "file_too_large"
    assert world.escalation.files == {}


async def test_a_file_that_cannot_be_kept_now_may_be_sent_again(visitor: Visitor, world: World) -> None:
    world.escalation.away = True
    away = await attached(visitor, message_id="m1")
    world.escalation.away = False
    again = await attached(visitor, message_id="m1")

    assert (away.status_code, away.json()["code"], again.status_code) == (503, "file_away", 202)


async def test_files_come_at_a_human_pace(visitor: Visitor) -> None:
    most = 2 * attachments.FILES_A_MINUTE  # a new minute may begin in between

    answers = [(await attached(visitor)).status_code for _ in range(most + 1)]

    assert answers[: attachments.FILES_A_MINUTE].count(202) == attachments.FILES_A_MINUTE
    assert 429 in answers
