"""Checks of what runs inside Rasa, on Python 3.10 where pytest is not: `python inside_rasa.py <check> [redis url]`.

Each tells what it saw; `test_inside_rasa.py` runs them.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


async def locks(url: str) -> str:
    """Two stores, as of two Rasa servers, count up one conversation's number without losing a step."""
    import redis.asyncio

    from bot.stores import RedisLocks

    stores = [RedisLocks(client=redis.asyncio.from_url(url, decode_responses=True)) for _ in range(2)]
    counted = 0

    async def turn(store: RedisLocks) -> None:
        nonlocal counted
        async with store.lock("one"):
            before = counted
            await asyncio.sleep(0.002)
            counted = before + 1

    await asyncio.gather(*(turn(stores[number % 2]) for number in range(50)))
    left = await stores[0]._redis.keys("bot:lock:*")
    return f"counted {counted}, locks left {len(left)}"


async def someone_elses_lock(url: str) -> str:
    """A turn that outlived its lock does not release the next holder's."""
    import redis.asyncio

    from bot.stores import RedisLocks

    client = redis.asyncio.from_url(url, decode_responses=True)
    async with RedisLocks(client=client).lock("one"):
        await client.set("bot:lock:one", "another")
    return await client.get("bot:lock:one")


async def a_long_turn(url: str) -> str:
    """A turn keeps its lock longer than the lease; one whose server died is free after it, and a turn that cannot
    let go is done all the same."""
    import redis.asyncio

    from bot import stores

    stores.LOCK_LEASE_MS, stores.LOCK_RENEWED_S = 300, 0.1
    client = redis.asyncio.from_url(url, decode_responses=True)
    locks = stores.RedisLocks(client=client)
    async with locks.lock("one"):
        await asyncio.sleep(0.8)
        kept = await client.exists("bot:lock:one")
    await client.set("bot:lock:two", "of a server that died", px=300)
    async with locks.lock("two"):
        freed = True
    async with locks.lock("three"):
        locks._redis = redis.asyncio.from_url("redis://127.0.0.1:1/0")
    return f"kept {bool(kept)}, freed {freed}, done"


async def no_redis(url: str) -> str:
    """Without Redis a turn fails at its lock: it must not go on with an empty memory."""
    import redis.asyncio
    from rasa.core.lock_store import LockError

    from bot.stores import RedisLocks

    try:
        async with RedisLocks(client=redis.asyncio.from_url("redis://127.0.0.1:1/0")).lock("one"):
            return "locked"
    except LockError:
        return "LockError"


async def events(url: str) -> str:
    """A conversation is kept turn by turn, and compaction keeps what it knows."""
    import redis.asyncio
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered

    from bot.stores import EVENTS_BEFORE_COMPACTION, RedisEvents

    client = redis.asyncio.from_url(url, decode_responses=True)
    store = RedisEvents(Domain.load("bot/domain"), client=client)
    first = await store.get_or_create_tracker("c1")
    first.update_with_events([SessionStarted(), SlotSet("medium", "ear")], store.domain)
    await store.save(first)
    longest = 0
    for number in range(100):
        tracker = await store.retrieve("c1")
        turn = [UserUttered(f"words {number}"), ActionExecuted("action_question"), BotUttered(f"reply {number}")]
        tracker.update_with_events([*turn, SlotSet("stage", "flow"), ActionExecuted("action_listen")], store.domain)
        await store.save(tracker)
        longest = max(longest, await client.llen("bot:events:c1"))
    tracker = await store.retrieve("c1")
    assert longest <= EVENTS_BEFORE_COMPACTION, longest
    said = [event.text for event in tracker.events if isinstance(event, BotUttered)]
    kept = [tracker.get_slot("medium"), tracker.get_slot("stage"), tracker.latest_message.text, said[-1]]
    return f"{' '.join(kept)}\nexpires {await client.ttl('bot:events:c1') > 0}"


async def channel(url: str) -> str:
    """The token, a repeated turn, a turn that fails and is tried again, a turn without words."""
    from bot.channel import FirstlineInput

    asked: list = []

    async def assistant(message) -> None:
        asked.append(message.text)
        if message.text == "fails" and asked.count("fails") == 1:
            raise RuntimeError("away")
        if message.text != "silent":
            response = {"text": "a", "buttons": [{"title": "last", "last": True}, {"title": "first"}], "custom": {}}
            await message.output_channel.send_response(message.sender_id, response)

    door = FirstlineInput("token")

    async def ask(text: str, turn: str):
        body = {"sender": "c1", "message": text, "metadata": {"turn_id": turn}}
        reply = await door._answer(body, assistant)
        return reply.status, json.loads(reply.body)

    given = ("Bearer token", "Bearer x", "")
    let_in = [door._may_speak(SimpleNamespace(headers={"authorization": header})) for header in given]
    codes = [(await ask(*turn))[0] for turn in (("silent", "2"), ("fails", "3"), ("fails", "3"))]
    first, again = await asyncio.gather(ask("hello", "4"), ask("hello", "4"))
    titles = [button["title"] for button in first[1][0]["buttons"]]
    return f"{let_in} {codes} {titles} asked {asked.count('hello')} time, same {first == again}"


async def hot_spots(url: str) -> str:
    """The two replacements decide as Rasa's own, and faster."""
    from jsonschema import ValidationError
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.core.events import Event

    action = RemoteAction("action_x", None)
    good = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "x"}]}
    bad = {"events": [{"event": "slot"}], "responses": "x"}

    def verdicts() -> list:
        found = []
        for reply in (good, bad):
            try:
                found.append(action._validate_action_result(reply))
            except ValidationError as error:
                found.append(sorted(error.path, key=str))
        return found

    def took() -> float:
        begun = time.perf_counter()
        for _ in range(5):
            action._validate_action_result(good)
        return time.perf_counter() - begun

    stock, stock_s = verdicts(), took()
    types = {name: Event.resolve_by_type(name) for name in ("user", "bot", "slot", "action", "followup")}
    from bot.server import check_versions, remove_hot_spots

    check_versions()
    remove_hot_spots()
    same = types == {name: Event.resolve_by_type(name) for name in types}
    refuse = stock[1] == verdicts()[1]
    judged = f"valid {stock[0]} and {verdicts()[0]}, refuse the same {refuse}, same types {same}"
    return f"{judged}\nfaster {took() < stock_s / 3}"


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(globals()[sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else "")) + "\n")
