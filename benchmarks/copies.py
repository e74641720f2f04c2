"""Several copies of a program beside each other: is a message answered once and in order, and how much more is done?

    .venv/bin/python -m benchmarks.copies [--seconds 20] [--built FOLDER] [--write]

Starts the product, then further copies of the chat's program and of Rasa on the same Redis and PostgreSQL; connections
are given to the copies in turn. Every customer sends two messages at the same instant by two copies of the chat, again
and again; each must be answered once, the answers in the order in which the chat shows the messages.
"""

import argparse
import asyncio
import itertools
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks import machine
from benchmarks.layout import address_of, several, url_of
from benchmarks.wire import Network, network
from benchmarks.writer import Writer, writing
from ops.processes import Child
from settings import ROOT

TWINS = ("thanks", "what can you do")  # each has an answer of its own, which the other does not have
LAYOUTS = ((1, 1), (1, 2), (2, 2), (2, 4))  # copies of the chat, of Rasa
ROLLED = (2, 2)
CUSTOMERS = 16
PATIENCE_S = 30.0


@dataclass
class Figures:
    web: int
    rasa: int
    sent: int = 0
    answered: int = 0  # messages with an answer behind them
    twice: int = 0  # shown twice
    out_of_order: int = 0  # pairs whose answers came in another order than the messages
    seconds: float = 0.0


async def alone(http: httpx.AsyncClient, text: str) -> str:
    """What it is answered."""
    async with writing(http) as writer:
        await writer.answered(0, PATIENCE_S)
        before = len(writer.events)
        await writer.say(text)
        answer = await writer.answered(before, PATIENCE_S)
    assert answer is not None, text
    return str(answer.data["text"])


async def pairs(addresses: list[str], figures: Figures, seconds: float) -> None:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with AsyncExitStack() as stack:
        doors = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=60, limits=limits))
            for url in addresses
        ]
        answer_to = {text: await alone(doors[0], text) for text in TWINS}
        turns, begun = itertools.cycle(doors), time.monotonic()

        async def customer() -> None:
            while time.monotonic() < begun + seconds:
                async with writing(next(turns)) as writer:
                    await writer.answered(0, PATIENCE_S)
                    for _ in range(4):
                        await _pair(writer, [next(turns), next(turns)], answer_to, figures)

        await asyncio.gather(*(customer() for _ in range(CUSTOMERS)))
        figures.seconds = time.monotonic() - begun


async def _pair(
    writer: Writer, doors: Sequence[httpx.AsyncClient], answer_to: Mapping[str, str], figures: Figures
) -> None:
    """Two messages at the same instant; then until both are answered."""
    before = len(writer.events)
    twins = [Writer(door, writer.id, writer.token) for door in doors]
    await asyncio.gather(*(twin.say(text) for twin, text in zip(twins, answer_to, strict=True)))
    figures.sent += 2
    await writer.until(lambda: len(_answers_in(writer, before, answer_to)) > 1, PATIENCE_S)
    said = [e.data["text"] for e in writer.events[before:] if e.kind == "message" and e.data["author"] == "customer"]
    answers = _answers_in(writer, before, answer_to)
    figures.answered += len(set(answers))
    figures.twice += len(said) - len(set(said)) + len(answers) - len(set(answers))
    figures.out_of_order += answers != [answer_to[text] for text in said]


def _answers_in(writer: Writer, before: int, answer_to: Mapping[str, str]) -> list[str]:
    """Without what follows an answer in messages of its own."""
    said = [e.data["text"] for e in writer.events[before:] if e.kind == "message" and e.data["author"] == "bot"]
    return [text for text in said if text in answer_to.values()]


async def rolling(net: Network, chats: Sequence[Child]) -> str:
    """One copy after the other is taken out of the line, asked to end, started again and put back, under load.

    In words: what became of the messages.
    """
    line = net.wire(*(address_of(chat) for chat in chats))
    over, figures, tries = asyncio.Event(), Figures(len(chats), 0), [0, 0]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{line.port}", timeout=60) as door:
        answer_to = {text: await alone(door, text) for text in TWINS}

        async def customer() -> None:
            while not over.is_set():
                async with writing(door) as writer:
                    await writer.answered(0, PATIENCE_S)
                    for _ in range(4):
                        await _pair(writer, [door, door], answer_to, figures)
                tries[0] += writer.unreachable
                tries[1] += len(writer.refused)

        customers = [asyncio.create_task(customer()) for _ in range(CUSTOMERS)]
        for chat in chats:
            line.to = [address_of(other) for other in chats if other is not chat]
            await asyncio.sleep(2)
            await asyncio.to_thread(chat.stop)
            chat.spawn()
            await asyncio.to_thread(chat.wait_ready)
            line.to = [address_of(each) for each in chats]
        over.set()
        await asyncio.gather(*customers)
    return (
        f"Both copies of the chat restarted one after the other under the same load: {figures.sent} messages,"
        f" {figures.answered} answered, {figures.twice} twice, {figures.out_of_order} pairs out of order;"
        f" {tries[1]} tries refused, {tries[0]} that found nobody (each was tried again)."
    )


def report(measured: Sequence[Figures]) -> str:
    rows = (
        f"| {f.web} | {f.rasa} | {f.sent / f.seconds:.0f} | {f.sent} | {f.answered} | {f.twice} | {f.out_of_order} |"
        for f in measured
    )
    return "\n".join(
        [
            machine.description(),
            "",
            f"{CUSTOMERS} customers, two messages at the same instant each time, load maker on the same cores.",
            "",
            "| chat | Rasa | messages a second | sent | answered | shown or answered twice | pairs out of order |",
            "|---|---|---|---|---|---|---|",
            *rows,
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--built", type=Path)
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/copies.md")
    options = parser.parse_args()
    measured, rolled = [], ""
    with network() as net:
        for web, rasa in LAYOUTS:
            with several(net, options.built, web=web, rasa=rasa) as chats:
                figures = Figures(web, rasa)
                asyncio.run(pairs([url_of(chat) for chat in chats], figures, options.seconds))
                if (web, rasa) == ROLLED:
                    rolled = asyncio.run(rolling(net, chats))
            measured.append(figures)
            print(figures, flush=True)
    table = f"{report(measured)}\n\n{rolled}"
    print(table)
    if options.write:
        (ROOT / "benchmarks" / "results" / "copies.md").write_text(f"# Copies beside each other\n\n{table}\n")


if __name__ == "__main__":
    main()
