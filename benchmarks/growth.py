"""More and more conversations at once, each at natural pace, until the product bends: waits, errors, memory, work.

    .venv/bin/python -m benchmarks.growth [--at 1 10 100 300 1000] [--minutes 1.5] [--built FOLDER] [--write]

Starts the whole product with a state folder of its own; `--built` is the state folder of another Firstline, whose index
and assistant are copied. Every conversation says one message in 20 s and keeps its event stream open. The load maker
runs on the same cores, and its own work is part of the figures. What is waited for is the first word of the answer.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks import machine, work
from benchmarks.writer import Writer, writing
from knowledge.cases import OFF_TOPIC, QUESTIONS, lines_of
from ops import trial
from ops.product import Product
from settings import ROOT

PACE_S = 20.0
PATIENCE_S = 30.0
TARGET_P95_MS, TARGET_AT = 1000.0, 300
OPENED_A_SECOND = 20.0


@dataclass
class Step:
    """What so many conversations at once came to."""

    conversations: int
    waited_ms: list[float] = field(default_factory=list)
    told_to_wait: int = 0  # messages refused with a word, or answered by a notice that it takes longer
    failed: int = 0  # messages without an answer in time, in the assistant's hands
    seconds: float = 0.0
    cpu_s: dict[str, float] = field(default_factory=dict)  # by program
    memory_mb: float = 0.0

    @property
    def p95_ms(self) -> float:
        """Never above the longest one, however few there are."""
        if len(self.waited_ms) < 2:
            return self.waited_ms[0]
        return statistics.quantiles(self.waited_ms, n=20, method="inclusive")[18]

    @property
    def holds(self) -> bool:
        return self.failed == 0 and self.p95_ms < TARGET_P95_MS


def texts() -> Iterator[str]:
    """Questions about us, one in five off topic."""
    about_us = [line["text"] for line in lines_of(QUESTIONS)]
    other = [line["text"] for line in lines_of(OFF_TOPIC)]
    dice = random.Random(5)
    while True:
        yield dice.choice(other if dice.random() < 0.2 else about_us)


async def at_once(product: Product, count: int, minutes: float) -> Step:
    step, said = Step(count), texts()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=product.url, timeout=30, limits=limits) as http, AsyncExitStack() as stack:
        writers = []
        for number in range(count):
            writers.append(await stack.enter_async_context(writing(http)))
            if number % 10 == 9:
                await asyncio.sleep(10 / OPENED_A_SECOND)
        await asyncio.sleep(3)
        before, begun = work.cpu_s(product.children), time.monotonic()
        until = begun + minutes * 60
        await asyncio.gather(*(_customer(http, writer, step, said, until) for writer in writers))
        step.seconds = time.monotonic() - begun
        step.cpu_s = work.since(before, work.cpu_s(product.children))
        step.memory_mb = sum(work.memory_mb(product.children).values())
    return step


async def _customer(http: httpx.AsyncClient, writer: Writer, step: Step, said: Iterator[str], until: float) -> None:
    """Whose conversation waits for a person begins a new one: as many talk to the assistant all the time."""
    at = time.monotonic() + random.uniform(0, min(PACE_S, until - time.monotonic()))
    at = await _converse(writer, step, said, at, until)
    while at < until:
        try:
            async with writing(http) as another:
                at = await _converse(another, step, said, at, until)
        except TimeoutError:  # no new conversation was taken all the while; it is tried again at the next moment
            step.told_to_wait += 1
            at = max(at + PACE_S, time.monotonic())


async def _converse(writer: Writer, step: Step, said: Iterator[str], at: float, until: float) -> float:
    """From `at` on; until then, or until a person is waited for. When the next message is due.

    The moments are the writer's own: a slow answer does not put the next message off, unless it takes longer.
    """
    while at < until and writer.mode == "bot":
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        before, refused = len(writer.events), len(writer.refused)
        begun = time.perf_counter()
        try:
            await writer.say(next(said))
            answer = await writer.answered(before, PATIENCE_S)
        except TimeoutError:
            answer = None
        notices = [event for event in writer.events[before:] if event.data.get("author") == "system"]
        step.told_to_wait += bool(notices) or len(writer.refused) > refused
        if answer is not None:
            step.waited_ms.append((time.perf_counter() - begun) * 1000)
        elif writer.mode == "bot":
            step.failed += 1
        at += PACE_S
    return at


def report(steps: list[Step]) -> str:
    knee = next((step for step in steps if not step.holds), None)
    held = max((step.conversations for step in steps if step.holds), default=0)
    measured = max((step for step in steps if step.holds), key=lambda s: s.conversations, default=steps[0])
    answers = len(measured.waited_ms)
    programs = sorted(measured.cpu_s.items(), key=lambda item: -item[1])
    lines = [
        machine.description(),
        "",
        f"One message in {PACE_S:g} s each, load maker on the same cores.",
        "",
        "| conversations | answers | p50 ms | p95 ms | longest ms | told to wait | unanswered | cores | memory MB |",
        "|---|---|---|---|---|---|---|---|---|",
        *(
            f"| {step.conversations} | {len(step.waited_ms)} | {statistics.median(step.waited_ms):.0f} |"
            f" {step.p95_ms:.0f} | {max(step.waited_ms):.0f} | {step.told_to_wait} | {step.failed} |"
            f" {sum(step.cpu_s.values()) / step.seconds:.2f} | {step.memory_mb:.0f} |"
            for step in steps
        ),
        "",
        f"It holds (p95 under {TARGET_P95_MS:.0f} ms, every message answered) at {held}"
        + (f" and bends before {knee.conversations}." if knee else "."),
        "",
        f"Work of an answer at {measured.conversations}, in CPU milliseconds: "
        + ", ".join(f"{name} {1000 * cpu_s / answers:.0f}" for name, cpu_s in programs if cpu_s / answers > 0.0005)
        + f"; {sum(measured.cpu_s.values()) - measured.cpu_s[work.LOAD_MAKER]:.0f} CPU seconds for {answers} answers"
        " without the load maker.",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--at", type=int, nargs="+", default=[1, 10, 100, TARGET_AT, 1000])
    parser.add_argument("--minutes", type=float, default=1.5)
    parser.add_argument("--built", type=Path)
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/growth.md")
    options = parser.parse_args()
    steps: list[Step] = []
    with trial.running(print, built=options.built, CHAT_REQUESTS_PER_MINUTE="1000000") as product:
        for count in options.at:
            steps.append(asyncio.run(at_once(product, count, options.minutes)))
            print(report(steps[-1:]), flush=True)
    table = report(steps)
    print(table)
    if options.write:
        (ROOT / "benchmarks" / "results" / "growth.md").write_text(f"# Growth\n\n{table}\n")


if __name__ == "__main__":
    main()
