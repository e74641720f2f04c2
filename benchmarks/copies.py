"""Several copies of a program beside each other: is a message answered once and in order, and how much more is done?

    .venv/bin/python -m benchmarks.copies [--seconds 20] [--built FOLDER] [--write]

Starts the product, then further copies of the chat's program and of Rasa on the same Redis and PostgreSQL; connections
are given to the copies in turn. Every customer sends two messages at the same instant by two copies of the chat, again
and again; each must be answered once, the answers in the order in which the chat shows the messages.
"""

import argparse
import asyncio
import itertools
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks import machine
from benchmarks.wire import Network, network
from benchmarks.writer import Writer, writing
from ops import trial
from ops.embedded import free_port
from ops.processes import Child, Command
from ops.product import ONE_THREAD, RASA_PYTHON, Product
from settings import ROOT

TWINS = ("thanks", "what can you do")  # each has an answer of its own, which the other does not have
LAYOUTS = ((1, 1), (1, 2), (2, 2), (2, 4))  # copies of the chat, of Rasa
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


@contextmanager
def product_with(net: Network, built: Path | None, web: int, rasa: int) -> Iterator[list[str]]:
    """The product with so many copies; the addresses of the chat's."""
    ports = [free_port() for _ in range(rasa)]
    before = net.wire(*(("127.0.0.1", port) for port in ports))
    changed = {"RASA_URL": f"http://127.0.0.1:{before.port}", "CHAT_REQUESTS_PER_MINUTE": "1000000"}
    with trial.running(print, built=built, **changed) as product:
        model = _model(product)
        more = [_rasa(product, model, number, port) for number, port in enumerate(ports)]
        more += [_chat(product, number) for number in range(1, web)]
        try:
            for child in more:
                child.spawn()
            for child in more:
                child.wait_ready()
            further = [(child.command.environment or {})["FIRSTLINE_WEB_URL"] for child in more[rasa:]]
            yield [product.url, *further]
        finally:
            for child in more:
                child.stop()


def _model(product: Product) -> str:
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "bot.train"],
        env=product.environment, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]


def _rasa(product: Product, model: str, number: int, port: int) -> Child:
    name, url = f"rasa-{number}", f"http://127.0.0.1:{port}"
    environment = {**product.environment, **ONE_THREAD, "RASA_URL": url}
    arguments = [str(RASA_PYTHON), "-m", "bot.server", "--model", model, "--port", str(port)]
    ready = lambda: _answers(f"{url}/webhooks/firstline/health")  # noqa: E731 - one line, used once
    return Child(Command(name, arguments, ready, environment, ROOT), log=product.state / "logs" / f"{name}.log")


def _chat(product: Product, number: int) -> Child:
    first, port = product.children.named("web").command, str(free_port())
    old = str(urlsplit(product.url).port)
    url = f"http://127.0.0.1:{port}"
    arguments = [port if argument == old else argument for argument in first.arguments]
    environment = {**(first.environment or {}), "FIRSTLINE_PORT": port, "FIRSTLINE_WEB_URL": url}
    name = f"web-{number}"
    again = replace(
        first, name=name, arguments=arguments, environment=environment, ready=lambda: _answers(f"{url}/health/live")
    )
    return Child(again, log=product.state / "logs" / f"{name}.log")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.TransportError:
        return False


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
    await writer.until(lambda: len(_answers_in(writer, before)) > 1, PATIENCE_S)
    said = [e.data["text"] for e in writer.events[before:] if e.kind == "message" and e.data["author"] == "customer"]
    answers = _answers_in(writer, before)
    figures.answered += len(set(answers))
    figures.twice += len(said) - len(set(said)) + len(answers) - len(set(answers))
    figures.out_of_order += answers != [answer_to[text] for text in said]


def _answers_in(writer: Writer, before: int) -> list[str]:
    return [e.data["text"] for e in writer.events[before:] if e.kind == "message" and e.data["author"] == "bot"]


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
    measured = []
    with network() as net:
        for web, rasa in LAYOUTS:
            with product_with(net, options.built, web, rasa) as addresses:
                figures = Figures(web, rasa)
                asyncio.run(pairs(addresses, figures, options.seconds))
            measured.append(figures)
            print(figures, flush=True)
    table = report(measured)
    print(table)
    if options.write:
        (ROOT / "benchmarks" / "results" / "copies.md").write_text(f"# Copies beside each other\n\n{table}\n")


if __name__ == "__main__":
    main()
