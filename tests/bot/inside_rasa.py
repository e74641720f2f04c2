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
import bot.absent  # noqa: F401  (before anything of Rasa)


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
    """Replies of actions are judged as by Rasa itself, and faster; events are found; rules are found by intent."""
    from jsonschema import ValidationError
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.core.events import Event

    action = RemoteAction("action_x", None)
    good = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "x"}]}
    events = ({"event": "slot"}, {"event": "other"}, {"event": 1}, {}, "x", {"event": "action", "name": 1})
    events += ({"event": "slot", "name": "a", "value": None, "timestamp": "now"}, {"event": "followup", "name": "a"})
    replies = [good, {}, {"events": {}}, {"events": [], "responses": "x"}, {"responses": [1]}, "x"]
    replies += [{"events": [{"event": "bot"}, event], "responses": []} for event in events]

    def verdicts() -> list:
        found = []
        for reply in replies:
            try:
                found.append(action._validate_action_result(reply))
            except ValidationError:
                found.append(False)
        return found

    def took() -> float:
        begun = time.perf_counter()
        for _ in range(5):
            action._validate_action_result(good)
        return time.perf_counter() - begun

    stock, stock_s = verdicts(), took()
    types = {name: Event.resolve_by_type(name) for name in ("user", "bot", "slot", "action", "followup")}
    from bot import hot_spots
    from bot.server import check_versions

    check_versions()
    hot_spots.remove()
    same = types == {name: Event.resolve_by_type(name) for name in types}
    judged = f"same verdicts {stock == verdicts()}, of them good {stock.count(True)}, bad {stock.count(False)}"
    return f"{judged}, same types {same}\nfaster {took() < stock_s / 3}"


async def rules(url: str) -> str:
    """Each rule's own state, and states that no rule knows, find the same rules as in Rasa itself."""
    from itertools import product

    from rasa.core.policies.rule_policy import RulePolicy

    from bot import hot_spots

    def state(after, stage, user) -> dict:
        told = {"prev_action": after and {"action_name": after}, "slots": stage and {"stage": stage}, "user": user}
        return {name: value for name, value in told.items() if value}

    actions, stages = ("action_listen", "action_a", None), ([0.0, 1.0], [1.0, 0.0], None)
    users = ({"intent": "a"}, {"intent": "b"}, {"intent": "never"}, {"text": "words"}, None)
    lasts = [state(*parts) for parts in product(actions, stages, users)]
    talks = [[last] for last in lasts] + [[lasts[0], last] for last in lasts] + [[]]
    known = [talk for talk in talks if talk and (talk[-1].get("user") or {}).get("intent") != "never"]
    lookup = {json.dumps(talk): f"action_{number}" for number, talk in enumerate(known)}
    policy = object.__new__(RulePolicy)
    stock = [policy._get_possible_keys(lookup, talk) for talk in talks]
    hot_spots.remove()
    same = stock == [policy._get_possible_keys(lookup, talk) for talk in talks]
    return f"{len(lookup)} rules, {len(talks)} conversations, {sum(map(bool, stock))} find any, same {same}"


async def absent(url: str) -> str:
    """Rasa and all its components are imported without TensorFlow; what needs it says so."""
    import rasa.core.agent
    import rasa.engine.recipes.default_components  # noqa: F401
    import tensorflow
    from rasa.nlu.classifiers.diet_classifier import DIET

    def made(thing) -> str:
        try:
            thing()
        except RuntimeError as error:
            return str(error).split(":")[0]
        return "made"

    decorated = tensorflow.function(absent) is absent
    loaded = [name for name in ("tensorflow.python.framework", "jax", "keras.engine") if name in sys.modules]
    return f"{made(tensorflow.Variable)}, {made(DIET)}, decorators leave alone {decorated}, loaded {loaded}"


async def no_domain(url: str) -> str:
    """A call of an action carries no domain, by the endpoints file that the server reads."""
    import os

    from rasa.core.actions.action import RemoteAction
    from rasa.core.utils import AvailableEndpoints
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.trackers import DialogueStateTracker

    for name in ("FIRSTLINE_INNER_URL", "FIRSTLINE_INTERNAL_TOKEN", "REDIS_URL"):
        os.environ[name] = "redis://none"
    domain = Domain.load("bot/domain")
    action = RemoteAction("action_greet", AvailableEndpoints.read_endpoints("bot/endpoints.yml").action)
    call = action._action_call_format(DialogueStateTracker("one", domain.slots), domain)
    asking = [name for name in domain.action_names_or_texts if domain.does_custom_action_explicitly_need_domain(name)]
    return f"{sorted(call)}, actions that ask for it {asking}"


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(globals()[sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else "")) + "\n")
