"""A login at the operator's site in a conversation: believed, not believed, another customer's, not to be checked."""

from uuid import uuid4

import httpx
import pytest

from bot.client import BotMessage
from settings import Settings
from tests.chat.fakes import Visitor, World
from tests.journeys.secrets_world import everything_in

TOKEN = "token-of-maya"


async def logs_in(visitor: Visitor, token: str = TOKEN) -> httpx.Response:
    path = f"/chat/conversations/{visitor.id}/login"
    return await visitor.http.post(path, json={"token": token}, headers=visitor.headers)


async def test_a_login_is_taken_and_its_token_kept_nowhere(visitor: Visitor, world: World, settings: Settings) -> None:
    world.bot.logins[TOKEN] = "verified"

    assert (await logs_in(visitor)).status_code == 204
    await visitor.writes("what do I owe")
    await visitor.hears("You said: what do I owe")

    assert world.bot.heard == ["what do I owe"]
    assert TOKEN not in await everything_in(settings.redis_url)


async def test_who_was_being_asked_who_they_are_is_asked_no_more(visitor: Visitor, world: World) -> None:
    world.bot.logins[TOKEN] = "verified"
    world.bot.replies["what do I owe"] = [BotMessage("What is your account number?", expects="secret")]
    await visitor.writes("what do I owe")
    await visitor.hears("What is your account number?")

    await logs_in(visitor)

    await visitor.hears("Thank you, you are verified.")


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [("refused", 403, "could not be checked"), ("other", 409, "another login")],
)
async def test_what_is_not_taken_is_told_in_words(
    visitor: Visitor, world: World, outcome: str, status: int, words: str
) -> None:
    world.bot.logins[TOKEN] = outcome

    reply = await logs_in(visitor)

    assert reply.status_code == status
    assert words in reply.json()["message"]
    await visitor.writes("hello")
    await visitor.hears("You said: hello")


async def test_a_login_that_cannot_be_checked_may_come_again(visitor: Visitor, world: World) -> None:
    world.bot.away = True

    assert (await logs_in(visitor)).status_code == 503


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": "x" * 9000}, {"token": 7}])
async def test_no_token_is_not_understood(visitor: Visitor, body: dict[str, object]) -> None:
    reply = await visitor.http.post(f"/chat/conversations/{visitor.id}/login", json=body, headers=visitor.headers)

    assert reply.status_code == 400


async def test_only_the_holder_of_the_conversation_logs_in(visitor: Visitor, world: World) -> None:
    world.bot.logins[TOKEN] = "verified"
    visitor.headers = {"Authorization": f"Bearer {uuid4()}"}

    assert (await logs_in(visitor)).status_code == 401
