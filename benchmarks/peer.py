"""Firstline beside what a user would pick instead (`benchmarks.stock_rasa`), asked the same texts in turn.

    .venv/bin/python -m benchmarks.peer [--questions 10] [--seconds 8] [--write]

Both know the same articles. The peer learns only `--questions` of the example questions of each: with all of them it is
not trained after half an hour on two cores, which is the most it is given. Every text goes to both, one after the
other, through Rasa's own channel: ours is the whole product, and the text is stored first, as a front door does it,
because what needs a person waits for it.
"""

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import psutil

from benchmarks import machine, stock_rasa
from benchmarks.stock_rasa import Peer
from bot import client
from bot.client import BotMessage
from knowledge.cases import OFF_TOPIC, PEOPLE, QUESTIONS, lines_of
from knowledge.library import read_library
from ops import trial
from ops.product import Product
from settings import ROOT

RESULT = ROOT / "benchmarks" / "results" / "peer.md"
TRAINING_AT_MOST_S = 1800.0
SENDERS = (1, 8, 32)
_ROUNDS = 3

Ask = Callable[[httpx.AsyncClient, str, str], Awaitable["Treated"]]


@dataclass(frozen=True)
class Treated:
    """What became of a text: `articles` are those shown or offered."""

    how: str  # answered, asked back, to a person, account, nothing
    articles: tuple[str, ...] = ()


@dataclass
class Side:
    name: str
    ask: Ask
    train_s: float
    start_s: float
    memory_mb: float = 0.0
    ms: list[float] = field(default_factory=list)
    treated: dict[str, list[tuple[Treated, frozenset[str]]]] = field(default_factory=dict)
    turns_a_second: dict[int, list[float]] = field(default_factory=dict)

    def share(self, kind: str, counts: Callable[[Treated, frozenset[str]], bool]) -> float:
        of_kind = self.treated[kind]
        return sum(counts(treated, right) for treated, right in of_kind) / len(of_kind)


def ours(product: Product) -> Ask:
    token = product.settings.firstline_internal_token.get_secret_value()
    url = f"{product.settings.rasa_url}{client.WEBHOOK}"
    turns = f"{product.settings.firstline_web_url}/escalation/v1/turns"

    async def ask(http: httpx.AsyncClient, sender: str, text: str) -> Treated:
        metadata = {"contact_id": sender, "turn_id": uuid4().hex, "medium": "screen", "language": "en"}
        body = {"sender": sender.replace("-", ""), "message": client.plain(text, 4000), "metadata": metadata}
        turn = {"contact_id": sender, "turn_id": metadata["turn_id"], "author": "customer", "text": text}
        told = {"turns": [turn | {"at": datetime.now(UTC).isoformat()}]}
        stored = await http.post(turns, json=told, headers={"Authorization": f"Bearer {token}"})
        stored.raise_for_status()
        reply = await http.post(url, json=body, headers={"Authorization": f"Bearer {token}"})
        return treated(client.read(reply.raise_for_status().json()))

    return ask


def treated(messages: list[BotMessage]) -> Treated:
    """As the customer sees it: the article shown first or led through, or the choices, or who takes over."""
    shown = [message.about["article"] for message in messages if "article" in message.about]
    decisions = [message.about["decision"] for message in messages if "decision" in message.about]
    if any(message.handover for message in messages):
        return Treated("to a person", tuple(shown))
    if shown:
        return Treated("answered", tuple(shown[:1]))
    if decisions:
        became = {"answer": "answered", "ask_back": "asked back"}.get(decisions[0]["kind"], "nothing")
        return Treated(became, tuple(decisions[0]["articles"]))
    about_account = any(message.expects in ("offer", "secret") for message in messages)
    return Treated("account" if about_account else "nothing")


def theirs(peer: Peer) -> Ask:
    async def ask(http: httpx.AsyncClient, sender: str, text: str) -> Treated:
        found = await peer.found(http, sender, text)
        return Treated("answered", (found,)) if found else Treated("nothing")

    return ask


async def ask_both(sides: tuple[Side, Side]) -> None:
    """Each text in a conversation of its own."""
    kinds = {"questions": QUESTIONS, "off topic": OFF_TOPIC, "for a person": PEOPLE}
    async with httpx.AsyncClient(timeout=60) as http:
        for kind, file in kinds.items():
            lines = [line for line in lines_of(file) if kind != "questions" or line.get("articles")]
            for number, line in enumerate(lines):
                for side in sides if number % 2 else sides[::-1]:
                    begun = time.perf_counter()
                    became = await side.ask(http, str(uuid4()), line["text"])
                    side.ms.append((time.perf_counter() - begun) * 1000)
                    side.treated.setdefault(kind, []).append((became, frozenset(line.get("articles", ()))))
            print(f"{kind}: {len(lines)} texts")


async def turns_a_second(side: Side, senders: int, seconds: float) -> float:
    texts = itertools.cycle(line["text"] for line in lines_of(QUESTIONS))
    until, count = time.monotonic() + seconds, 0
    begun = time.monotonic()
    async with httpx.AsyncClient(timeout=120) as http:

        async def customer() -> None:
            nonlocal count
            while time.monotonic() < until:
                sender = str(uuid4())
                for _ in range(4):
                    await side.ask(http, sender, next(texts))
                    count += 1

        await asyncio.gather(*(customer() for _ in range(senders)))
    return count / (time.monotonic() - begun)


class Steps:
    """What the product says while it starts for the first time, with the time."""

    def __init__(self) -> None:
        self._begun: dict[str, float] = {}

    def say(self, step: str) -> None:
        self._begun.setdefault(step.partition(":")[0], time.monotonic())

    @property
    def preparing_s(self) -> float:
        """From the knowledge base to the trained assistant."""
        return self._begun["operator"] - self._begun["knowledge base"]


def whole_memory_mb(pid: int) -> float:
    """Of a program and all below it, shared pages counted once."""
    programs = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(program.memory_full_info().pss for program in programs) / 1e6


def table(ours_: Side, peer: Side) -> list[str]:
    def row(name: str, figure: Callable[[Side], str]) -> str:
        return f"| {name} | {figure(ours_)} | {figure(peer)} |"

    def is_right(became: Treated, right: frozenset[str]) -> bool:
        return became.how == "answered" and bool(right & set(became.articles))

    def is_wrong(became: Treated, right: frozenset[str]) -> bool:
        return became.how == "answered" and not right & set(became.articles)

    def offers(became: Treated, right: frozenset[str]) -> bool:
        return became.how == "asked back" and bool(right & set(became.articles))

    def precision(side: Side) -> str:
        right, wrong = side.share("questions", is_right), side.share("questions", is_wrong)
        return f"{right / (right + wrong):.1%}" if right + wrong else "none given"

    def quantile(side: Side, share: int) -> str:
        return f"{statistics.quantiles(side.ms, n=100)[share - 1]:.1f}"

    count = {kind: len(of_kind) for kind, of_kind in ours_.treated.items()}
    return [
        f"| | {ours_.name} | {peer.name} |",
        "|---|---|---|",
        row(f"{count['questions']} questions: answered at once with the right article",
            lambda side: f"{side.share('questions', is_right):.1%}"),
        row("... asked back, the right article among two or three choices",
            lambda side: f"{side.share('questions', offers):.1%}"),
        row("... **answered with a wrong article**", lambda side: f"{side.share('questions', is_wrong):.1%}"),
        row("... answers that are right", precision),
        row("... given to a person, or the customer's own account is looked up",
            lambda side: f"{side.share('questions', lambda t, _: t.how in {'to a person', 'account'}):.1%}"),
        row(f"{count['off topic']} texts off topic: **answered all the same**",
            lambda side: f"{side.share('off topic', lambda t, _: t.how == 'answered'):.1%}"),
        row(f"{count['for a person']} texts that need a person: given to one",
            lambda side: f"{side.share('for a person', lambda t, _: t.how == 'to a person'):.1%}"),
        row("a turn, p50 / p95 ms", lambda side: f"{quantile(side, 50)} / {quantile(side, 95)}"),
        *(row(f"turns a second, {senders} senders",
              lambda side, senders=senders: f"{statistics.median(side.turns_a_second[senders]):.0f}")  # type: ignore[misc]
          for senders in SENDERS),
        row("training s (ours: knowledge base and assistant)", lambda side: f"{side.train_s:.0f}"),
        row("start s, trained", lambda side: f"{side.start_s:.0f}"),
        row("memory MB (ours: every program, databases included)", lambda side: f"{side.memory_mb:.0f}"),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=10, help="of each article, that the peer learns")
    parser.add_argument("--seconds", type=float, default=8.0, help="of each measurement of turns a second")
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results")
    options = parser.parse_args()
    articles = read_library(ROOT / "knowledge" / "articles").articles
    with tempfile.TemporaryDirectory(prefix="firstline-peer-") as name:
        print("training the peer")
        trained = stock_rasa.train(
            Path(name) / "peer",
            {article.id: article.questions[: options.questions] for article in articles},
            {article.id: article.screen for article in articles},
            TRAINING_AT_MOST_S,
        )
        print(f"trained in {trained.train_s:.0f} s")
        steps = Steps()
        with trial.running(steps.say) as product, stock_rasa.serving(trained) as peer:
            product.stop()
            begun = time.monotonic()
            product.start()
            sides = (
                Side("Firstline", ours(product), steps.preparing_s, time.monotonic() - begun),
                Side("stock Rasa, ResponseSelector", theirs(peer), trained.train_s, peer.start_s),
            )
            asyncio.run(ask_both(sides))
            for _, senders in itertools.product(range(_ROUNDS), SENDERS):
                for side in sides:
                    rate = asyncio.run(turns_a_second(side, senders, options.seconds))
                    side.turns_a_second.setdefault(senders, []).append(rate)
            sides[0].memory_mb = sum(float(whole_memory_mb(child.pid)) for child in product.children if child.pid)
            sides[1].memory_mb = peer.memory_mb
    kinds = Counter(became.how for became, _ in sides[0].treated["questions"])
    taught = f"The peer learns {options.questions} example questions an article, ours all of them."
    lines = [
        machine.description(),
        "",
        taught,
        "",
        *table(*sides),
        "",
        f"What ours did with the questions: {dict(kinds)}.",
    ]
    print("\n".join(lines))
    if options.write:
        RESULT.write_text("\n".join(["# Firstline beside stock Rasa", "", *lines, ""]))


if __name__ == "__main__":
    main()
