"""More and more callers at once, each as slow as people are, until the telephone bends: how long a webhook takes.

    .venv/bin/python -m benchmarks.calls [--at 1 10 50 100 500] [--minutes 2] [--built FOLDER] [--write]

Starts the whole product with a state folder of its own; `--built` is the state folder of another Firstline, whose index
and assistant are copied. Every caller listens to what is said (150 words a minute), thinks, and speaks or presses a
key; who is put through finds nobody, asks to be called back, and another caller rings. The load maker runs on the same
cores. Webhooks by which a caller waits for an answer (`/wait`) are held on purpose, and counted apart.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks import machine, work
from benchmarks.growth import texts
from ivr.grammar import BadTwiml
from ivr.overheard import Line, ServiceFailed
from ivr.simulator import WEBHOOK_S, Telephone
from ivr.speech import spoken_s
from ops import trial
from ops.product import Product
from settings import ROOT

TARGET_P50_MS, TARGET_P95_MS, TARGET_AT = 100.0, 250.0, 50
THINKS_S = (1.0, 6.0)  # before speaking, and while
KEYS_SHARE, YES_SHARE = 0.15, 0.15
MOST_TURNS = 12  # then a caller hangs up
HELD = "/ivr/wait"


@dataclass
class Step:
    """What so many calls at once came to."""

    calls: int
    took_ms: list[float] = field(default_factory=list)
    held: int = 0  # webhooks of callers who wait for an answer
    one_moment: int = 0  # answers that were not there within the budget
    made: int = 0  # calls
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu_s: dict[str, float] = field(default_factory=dict)
    memory_mb: float = 0.0

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.took_ms, n=20, method="inclusive")[18]

    @property
    def holds(self) -> bool:
        return not self.failed and statistics.median(self.took_ms) < TARGET_P50_MS and self.p95_ms < TARGET_P95_MS


@dataclass(slots=True)
class MeasuredTelephone(Telephone):
    step: Step = field(default_factory=lambda: Step(0))

    async def post(self, address: str, form: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
        begun = time.perf_counter()
        reply = await Telephone.post(self, address, form, headers)
        if urlsplit(address).path.endswith(HELD):
            self.step.held += 1
            return reply
        self.step.took_ms.append((time.perf_counter() - begun) * 1000)
        self.step.one_moment += HELD in reply.text
        if self.step.took_ms[-1] > WEBHOOK_S * 1000:
            self.step.failed.append(f"{urlsplit(address).path} took longer than the network waits")
        if reply.status_code != 200:
            self.step.failed.append(f"{urlsplit(address).path} answered {reply.status_code}")
        return reply


async def at_once(product: Product, count: int, minutes: float) -> Step:
    step, said = Step(count), texts()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=product.url, timeout=30, limits=limits) as http:
        before, begun = work.cpu_s(product.children), time.monotonic()
        until = begun + minutes * 60
        await asyncio.gather(*(_callers(http, product, step, said, until) for _ in range(count)))
        step.seconds = time.monotonic() - begun
    step.cpu_s = work.since(before, work.cpu_s(product.children))
    step.memory_mb = sum(work.memory_mb(product.children).values())
    return step


async def _callers(http: httpx.AsyncClient, product: Product, step: Step, said: Iterator[str], until: float) -> None:
    """One after the other on one line."""
    await asyncio.sleep(random.uniform(0, min(20.0, (until - time.monotonic()) / 2)))
    while time.monotonic() < until:
        step.made += 1
        phone = MeasuredTelephone(
            http,
            product.environment["TWILIO_AUTH_TOKEN"],
            product.settings.public_url,
            caller=f"+4477009{random.randint(0, 99999):05d}",
            step=step,
        )
        phone.on_line = lambda line: _check(line, step)
        try:
            await _call(phone, said, until)
        except (ServiceFailed, BadTwiml, httpx.HTTPError) as error:
            step.failed.append(f"{type(error).__name__}: {error}"[:200])


def _check(line: Line, step: Step) -> None:
    if "technical problem" in line.text:
        step.failed.append("a technical problem was said")


async def _call(phone: Telephone, said: Iterator[str], until: float) -> None:
    await phone.dial()
    for _ in range(MOST_TURNS):
        await asyncio.sleep(spoken_s(phone.said) + random.uniform(*THINKS_S))
        if time.monotonic() >= until:
            break
        if phone.wants == "line":
            await phone.line("no-answer")
        elif phone.wants == "recording":
            await phone.leaves_message(5)
        elif phone.wants == "words":
            await _speak(phone, said)
        else:
            return
    if phone.wants != "nothing":
        await phone.hangs_up()


async def _speak(phone: Telephone, said: Iterator[str]) -> None:
    dice = random.random()
    if "be called back" in phone.said or dice < KEYS_SHARE:
        await phone.presses("1")
    elif dice < KEYS_SHARE + YES_SHARE:
        await phone.says("yes")
    else:
        await phone.says(next(said))


def report(steps: list[Step]) -> str:
    measured = next((step for step in steps if step.calls == TARGET_AT), steps[-1])
    ours = sum(measured.cpu_s.values()) - measured.cpu_s[work.LOAD_MAKER]
    webhooks = len(measured.took_ms) + measured.held
    busiest = steps[-1]
    programs = sorted(busiest.cpu_s.items(), key=lambda item: -item[1])
    lines = [
        machine.description(),
        "",
        "Callers listen, think and speak; load maker on the same cores. *Waited*: were told one moment.",
        "",
        "| at once | calls | webhooks | p50 ms | p95 ms | longest ms | waited | failed | cores | MB |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(
            f"| {step.calls} | {step.made} | {len(step.took_ms) + step.held} | {statistics.median(step.took_ms):.0f} |"
            f" {step.p95_ms:.0f} | {max(step.took_ms):.0f} | {step.one_moment} | {len(step.failed)} |"
            f" {sum(step.cpu_s.values()) / step.seconds:.2f} | {step.memory_mb:.0f} |"
            for step in steps
        ),
        "",
        f"Targets at {TARGET_AT} calls: p50 under {TARGET_P50_MS:.0f} ms, p95 under {TARGET_P95_MS:.0f} ms; "
        f"at 500 nothing fails.",
        f"At {measured.calls} calls: {webhooks / measured.made:.1f} webhooks a call, "
        f"{1000 * ours / webhooks:.0f} CPU ms a webhook without the load maker.",
        f"Cores at {busiest.calls} calls: "
        + ", ".join(f"{name} {s / busiest.seconds:.2f}" for name, s in programs if s / busiest.seconds > 0.005)
        + ".",
    ]
    for step in steps:
        lines += [f"Failed at {step.calls}: {why}" for why in sorted(set(step.failed))[:5]]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--at", type=int, nargs="+", default=[1, 10, TARGET_AT, 100, 500])
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--built", type=Path)
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/calls.md")
    options = parser.parse_args()
    steps: list[Step] = []
    with trial.running(print, built=options.built) as product:
        for count in options.at:
            steps.append(asyncio.run(at_once(product, count, options.minutes)))
            print(report(steps[-1:]), flush=True)
    table = report(steps)
    print(table)
    if options.write:
        (ROOT / "benchmarks" / "results" / "calls.md").write_text(f"# Calls\n\n{table}\n")


if __name__ == "__main__":
    main()
