"""Callers' messages and promised callbacks on a ticket's page, for staff only."""

from datetime import UTC, datetime

import httpx
import pytest

from escalation.client import BY_ITSELF, Callback
from escalation.phone_wire import Attempt
from tests.console.fake_desk import RECORDING, SOUND, FakeDesk
from tests.console.morning import CHARGED, SLOW

FRAGMENT = {"HX-Request": "true"}
MESSAGE = f"/tickets/{SLOW}/voicemails/{RECORDING}"


async def test_a_message_can_be_heard_and_read(dana: httpx.AsyncClient) -> None:
    side = (await dana.get(f"/tickets/{SLOW}/phone", headers=FRAGMENT)).text
    sound = await dana.get(MESSAGE)

    assert f'{MESSAGE}"' in side
    assert "My line is dead." in side
    assert (sound.content, sound.headers["content-type"]) == (SOUND, "audio/wav")
    assert sound.headers["cache-control"] == "no-store"
    assert "media-src 'self'" in sound.headers["content-security-policy"]


async def test_nobody_hears_a_message_without_signing_in(visitor: httpx.AsyncClient) -> None:
    reply = await visitor.get(MESSAGE)

    assert reply.status_code in {302, 303}
    assert SOUND not in reply.content


@pytest.mark.parametrize("sid", ["RE1", "RE" + "2b" * 16])
async def test_a_message_that_is_not_there_is_not_there(dana: httpx.AsyncClient, sid: str) -> None:
    assert (await dana.get(f"/tickets/{SLOW}/voicemails/{sid}")).status_code in {404, 422}


async def test_an_attempt_to_call_back_is_recorded_and_shown(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.callback = Callback(
        number="07700 900142", asked_at=datetime.now(UTC), call_by=datetime.now(UTC), by_voicemail=False
    )

    side = await dana.post(f"/tickets/{SLOW}/callback/attempts", data={"outcome": "no_answer"}, headers=FRAGMENT)

    assert [attempt.outcome for attempt in desk.callback.attempts] == ["no_answer"]
    assert "07700 900142" in side.text
    assert "dana" in side.text


async def test_attempts_that_firstline_made_are_told_apart(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    now = datetime.now(UTC)
    attempts = (Attempt(at=now, who=BY_ITSELF, outcome="no_key"), Attempt(at=now, who="dana", outcome="busy"))
    desk.callback = Callback(number=None, asked_at=now, call_by=now, by_voicemail=False, attempts=attempts)

    side = (await dana.get(f"/tickets/{SLOW}/phone", headers=FRAGMENT)).text

    assert "<dt>Picked up, no key pressed</dt>" in side
    assert "rung by Firstline" in side
    assert f", {BY_ITSELF}" not in side
    assert 'value="no_key"' not in side, "a person cannot say this of their own call"


async def test_a_callback_that_nobody_promised_cannot_have_been_tried(dana: httpx.AsyncClient) -> None:
    reply = await dana.post(f"/tickets/{CHARGED}/callback/attempts", data={"outcome": "reached"})

    assert reply.status_code == 404
