"""How long a subscriber waits: from the browser's request to the bot's message on the event stream, one user at a time.

    .venv/bin/python -m benchmarks.chat_turn [--turns 300] [--url http://127.0.0.1:8000] [--write]

Without `--url` the whole product is started on free ports with a state folder of its own, and stopped afterwards.
"""

import argparse
import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx

from benchmarks import machine
from ops import trial
from settings import ROOT

TARGET_P50_MS, TARGET_P95_MS = 60.0, 150.0
TURNS_A_CONVERSATION = 12
SAID = {
    "support question": [
        "my internet is really slow tonight",
        "how do I find my PUK code",
        "why is my bill higher than last month",
        "there is no picture on my tv",
        "I can't get any signal at home",
        "how do I pay my bill",
    ],
    "small talk": ["hello", "thanks", "what can you do"],
    "off topic": ["how do I bake bread", "tell me about the moon"],
}


async def measure(url: str, turns: int) -> dict[str, list[float]]:
    """Milliseconds by kind of message. A conversation is left after some turns, as real ones are."""
    taken: dict[str, list[float]] = {kind: [] for kind in SAID}
    lines = itertools.cycle([(kind, text) for kind, texts in SAID.items() for text in texts])
    async with httpx.AsyncClient(base_url=url, timeout=20) as http:
        while sum(map(len, taken.values())) < turns:
            await _conversation(http, itertools.islice(lines, TURNS_A_CONVERSATION), taken)
    return taken


async def _conversation(
    http: httpx.AsyncClient, lines: Iterator[tuple[str, str]], taken: dict[str, list[float]]
) -> None:
    opened = (await http.post("/chat/conversations", json={})).raise_for_status().json()
    address, headers = (
        f"/chat/conversations/{opened['conversation_id']}",
        {"Authorization": f"Bearer {opened['token']}"},
    )
    arrived: asyncio.Queue[float] = asyncio.Queue()

    async def read() -> None:
        async with http.stream("GET", f"{address}/events", headers=headers, timeout=None) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:") and '"author": "bot"' in line:
                    arrived.put_nowait(time.perf_counter())

    reading = asyncio.create_task(read())
    try:
        await asyncio.wait_for(arrived.get(), 20)  # the welcome
        for kind, text in lines:
            await _settle(arrived)
            began = time.perf_counter()
            body = {"text": text, "message_id": uuid4().hex}
            (await http.post(f"{address}/messages", json=body, headers=headers)).raise_for_status()
            taken[kind].append((await asyncio.wait_for(arrived.get(), 20) - began) * 1000)
    finally:
        reading.cancel()


async def _settle(arrived: asyncio.Queue[float]) -> None:
    """A reply may have several messages: the next turn begins when no more come."""
    while True:
        try:
            await asyncio.wait_for(arrived.get(), 0.25)
        except TimeoutError:
            return


def report(taken: dict[str, list[float]]) -> str:
    rows = [*taken.items(), ("all", [value for values in taken.values() for value in values])]
    lines = [machine.description(), "", "| message | turns | p50 ms | p95 ms | max ms |", "|---|---|---|---|---|"]
    for kind, values in rows:
        p95 = statistics.quantiles(values, n=20)[18]
        lines.append(f"| {kind} | {len(values)} | {statistics.median(values):.1f} | {p95:.1f} | {max(values):.1f} |")
    return "\n".join([*lines, "", f"Target: p50 under {TARGET_P50_MS:.0f} ms, p95 under {TARGET_P95_MS:.0f} ms."])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=300)
    parser.add_argument("--url", default="")
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/chat_turn.md")
    options = parser.parse_args()
    if options.url:
        table = report(asyncio.run(measure(options.url, options.turns)))
    else:
        with trial.running(print, CHAT_REQUESTS_PER_MINUTE="100000") as product:
            table = report(asyncio.run(measure(product.url, options.turns)))
    print(table)
    if options.write:
        (ROOT / "benchmarks" / "results" / "chat_turn.md").write_text(f"# One chat turn, one user\n\n{table}\n")


if __name__ == "__main__":
    main()
