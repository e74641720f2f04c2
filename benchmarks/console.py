"""The console with 50 people at work on 5,000 open tickets: how long pages and moves take, and news of a change.

    .venv/bin/python -m benchmarks.console [--agents 50] [--tickets 5000] [--minutes 2] [--whole-lists] [--write]

Starts the public port with its own PostgreSQL, Redis and watch, on the loopback; not the assistant, so what the
knowledge base shows beside a ticket is no part of it. The tickets are multiplied as in `million_tickets`, over tiers,
departments, priorities and states; a customer is handed over every few seconds besides. Each of the people is signed in
by a session of their own (there are fewer people in people.yml, who so work in several), keeps the queue open and does
one thing every PACE_S: opens the queue, a filter, a ticket, takes it, writes a note or a reply, or hands it up.

An open queue does what its page does (console/static/console.js, rows.js): it replaces the line that its socket tells,
asks for the list anew when a ticket may come in or leave, for the offers when they changed, as soon after as the page
does, and for both every 30 s. With --whole-lists it takes no lines and asks for the list at every change, to compare.
The pages of tickets have no sockets here. News of a change is timed from sending the move until each other socket has
it; the age of a list from sending the move until each other list that has the ticket shows it changed, unless its
person has chosen another list meanwhile. A move on what a colleague changed first is counted as refused. The load maker
runs on the same cores, and its own work is part of the figures.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx
import psycopg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks import machine, work
from benchmarks.million_tickets import fill
from benchmarks.queue_page import QueuePage
from benchmarks.ticket_creates import hand_over
from console.live import ANY
from console.render import STATIC
from console.session import COOKIE
from escalation import policy
from escalation.reference import check_digit
from ops.desk_alone import DeskAlone, running
from settings import ROOT

RESULT = ROOT / "benchmarks" / "results" / "console.md"
TARGET_PAGE_P95_MS, TARGET_NEWS_P95_MS, TARGET_AGE_P95_MS = 250.0, 1000.0, 1000.0
PACE_S = 10.0  # between two things that one person does
CUSTOMER_EVERY_S = 4.0  # a new ticket
POLL_S = 30.0  # a page asks anew by itself
WARM_UP_S = 10.0
PART = {"HX-Request": "true"}  # a part of a page
LATEST_S = 10.0  # news that comes later than this is lost
OLDEST_S = 35.0  # a list that shows a change later than this does not show it: it asks anew by itself before
QUIET_LOAD = 0.5  # of the machine before the start, over a minute
FILTERS = ("view=all", "view=mine", "view=tier", "priority=P1", "department=fixed-access", "status=pending", "live=yes")
WORKS = {"agent", "supervisor"}
REFERENCE = re.compile(r"/tickets/(FL-\d{8})")
VERSION = re.compile(r'name="version" value="(\d+)"')
MOVE = re.compile(r'name="move" value="(\w+)"')


def page_constant_s(name: str) -> float:
    """How long the open page waits, as its script says."""
    found = re.search(rf"const {name} = (\d+);", (STATIC / "console.js").read_text(encoding="utf-8"))
    if found is None:
        raise RuntimeError(f"console.js has no {name}")
    return int(found[1]) / 1000


@dataclass
class Shift:
    """What was measured, in milliseconds, by what was done."""

    taken_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    news_ms: list[float] = field(default_factory=list)
    age_ms: list[float] = field(default_factory=list)
    watching: list[asyncio.Task[None]] = field(default_factory=list)
    stale: int = 0  # lists that did not show a change in time
    failed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    lost: int = 0  # news that a socket did not have in time
    cpu_s: dict[str, float] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    counts: bool = False  # after the warm-up


@dataclass
class Browser:
    """One person's session, with the queue open."""

    number: int
    http: httpx.AsyncClient
    socket: ClientConnection
    shift: Shift
    whole_lists: bool
    news: dict[str, float] = field(default_factory=dict)  # reference: when its socket last named it
    filter: str = ""
    rows: list[str] = field(default_factory=list)
    page: QueuePage = field(default_factory=QueuePage)

    async def get(self, what: str, path: str, **headers: str) -> str:
        return await self._send(what, "GET", path, headers=headers)

    async def _send(self, what: str, method: str, path: str, **given: object) -> str:
        began = time.perf_counter()
        try:
            reply = await self.http.request(method, path, **given)  # type: ignore[arg-type]  # httpx's own
        except httpx.HTTPError as error:
            if self.shift.counts:
                self.shift.failed[f"{what}: {type(error).__name__}"] += 1
            return ""
        if self.shift.counts:
            self.shift.taken_ms[what].append((time.perf_counter() - began) * 1000)
            if reply.status_code in {404, 409, 422}:
                self.shift.refused[f"{what}: {reply.status_code}"] += 1
            if reply.status_code >= 500 or reply.status_code in {401, 403, 429}:
                self.shift.failed[f"{what}: {reply.status_code}"] += 1
        return reply.text if reply.status_code < 400 else ""

    async def move(self, reference: str, page: str, name: str, others: "list[Browser]") -> str:
        """Make it, and time when everybody else's socket names the ticket."""
        found = VERSION.search(page)
        is_offered = 'id="accept"' in page if name == "accept" else name in MOVE.findall(page)
        if found is None or not is_offered:
            return page
        words = "" if name == "accept" else f"{name}: we look at it and call back"
        form = {"move": name, "version": found[1], "words": words}
        showing = [(other.page, other.page.chosen) for other in others if reference in other.page.places]
        sent = time.perf_counter()
        after = await self._send(name, "POST", f"/tickets/{reference}/moves", data=form, headers=PART)
        if after and self.shift.counts:
            answered = time.perf_counter()
            self.shift.watching += [
                asyncio.create_task(_watch(list_, chosen, self.shift, reference, sent, answered))
                for list_, chosen in showing
                if list_ is not self.page
            ]
            heard = await asyncio.gather(*(_heard(other, reference, sent) for other in others if other is not self))
            self.shift.news_ms += [at for at in heard if at is not None]
            self.shift.lost += heard.count(None)
        return after

    async def listen(self) -> None:
        """As the page does: what is told is shown, and lists ask anew, not more often than it says."""
        least_s, offers_s = page_constant_s("QUEUE_PAUSE_MS"), page_constant_s("OFFERS_SPREAD_MS")
        asking: dict[str, asyncio.Task[str]] = {}
        async with asyncio.TaskGroup() as group:
            async for message in self.socket:
                told = json.loads(message)
                for reference in told.get("changed", ()):
                    self.news[reference] = time.perf_counter()
                is_right = [self.page.tell(line, time.perf_counter()) for line in told.get("rows", ())]
                spread_s = {"offers": offers_s} if told.get("offers") else {}
                if not all(is_right) or ANY in told.get("changed", ()) or (self.whole_lists and "changed" in told):
                    spread_s["queue"] = told["within_ms"] / 1000
                for what, seconds in spread_s.items():
                    if what not in asking or asking[what].done():
                        pause_s = max(least_s, random.uniform(0, seconds))
                        asking[what] = group.create_task(self.ask_anew(what, pause_s))

    async def ask_anew(self, what: str, pause_s: float = 0.0) -> str:
        await asyncio.sleep(pause_s)
        path = "/offers" if what == "offers" else f"/?{self.filter}"
        asked_at = time.perf_counter()
        html = await self.get(f"{what}, anew", path, **PART)
        if what == "queue":
            self.page.show(html, asked_at, time.perf_counter())
        return html

    async def choose(self, what: str, query: str, **headers: str) -> None:
        """The person opens the queue, or narrows it."""
        self.filter, asked_at = query, time.perf_counter()
        html = await self.get(what, f"/?{query}", **headers)
        self.rows = REFERENCE.findall(html) or self.rows
        self.page.show(html, asked_at, time.perf_counter(), chosen=query)

    async def poll(self) -> None:
        await asyncio.sleep(random.uniform(0, POLL_S))
        while True:
            await asyncio.gather(
                self.ask_anew("queue"), self.ask_anew("offers"), self.get("own state", "/state", **PART)
            )
            await asyncio.sleep(POLL_S)


async def _heard(other: Browser, reference: str, sent: float) -> float | None:
    """Milliseconds; the socket may have been told before the answer was there."""
    while (at := other.news.get(reference, 0.0)) < sent:
        if time.perf_counter() - sent > LATEST_S:
            return None
        await asyncio.sleep(0.005)
    return (at - sent) * 1000


async def _watch(page: QueuePage, chosen: int, shift: Shift, reference: str, sent: float, answered: float) -> None:
    """Until the page shows the change, or its person has chosen another list."""
    while page.chosen == chosen:
        if (at := page.shown_at(reference, sent, answered)) is not None:
            shift.age_ms.append((at - sent) * 1000)
            return
        if time.perf_counter() - sent > OLDEST_S:
            shift.stale += 1
            return
        await asyncio.sleep(0.02)


async def works(me: Browser, everybody: list[Browser], until: float) -> None:
    """Queue, filter, ticket, and what it asks for, over and over."""
    dice = random.Random(me.number)
    steps = at_work(me, everybody, dice)
    at = time.perf_counter() + dice.uniform(0, PACE_S)
    while at < until:
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        await anext(steps)
        at = max(at + PACE_S, time.perf_counter())


async def at_work(me: Browser, everybody: list[Browser], dice: random.Random) -> AsyncIterator[None]:
    while True:
        await me.choose("queue", "")
        yield
        await me.choose("filter", dice.choice(FILTERS), **PART)
        yield
        if not me.rows:
            continue
        reference = dice.choice(me.rows)
        page = await me.get("ticket", f"/tickets/{reference}")
        yield
        for name in ("accept", dice.choice(("note", "reply")), dice.choice(("note", "reply", "hold", "hand_up"))):
            page = await me.move(reference, page, name, everybody)
            yield


@asynccontextmanager
async def signed_in(
    desk: DeskAlone, number: int, username: str, shift: Shift, *, whole_lists: bool
) -> AsyncIterator[Browser]:
    limits = httpx.Limits(max_connections=6)  # as a browser has to one host
    async with httpx.AsyncClient(
        base_url=f"{desk.url}/console", headers={"Origin": desk.url}, timeout=30, limits=limits
    ) as http:
        form = {"username": username, "password": desk.demo_password}
        reply = await http.post("/sign-in", data=form)
        cookie = reply.cookies.get(COOKIE)
        if cookie is None:
            raise RuntimeError(f"{username} is not let in: {reply.status_code}")
        headers = {"Origin": desk.url, "Cookie": f"{COOKIE}={cookie}"}
        address = desk.url.replace("http", "ws", 1) + "/console/live" + ("" if whole_lists else "?rows=yes")
        async with connect(address, additional_headers=headers, proxy=None) as socket:
            yield Browser(number, http, socket, shift, whole_lists)


async def customers(desk: DeskAlone) -> None:
    async with httpx.AsyncClient(base_url=desk.url, headers=desk.headers, timeout=30) as http:
        for number in range(1_000_000):
            await hand_over(http, number)
            await asyncio.sleep(CUSTOMER_EVERY_S)


async def measure(desk: DeskAlone, agents: int, minutes: float, *, whole_lists: bool) -> Shift:
    shift = Shift()
    names = sorted(name for name, person in policy.load().people.items() if person.role in WORKS)
    async with AsyncExitStack() as stack:
        everybody = [
            await stack.enter_async_context(
                signed_in(desk, number, names[number % len(names)], shift, whole_lists=whole_lists)
            )
            for number in range(agents)
        ]
        background = [asyncio.create_task(customers(desk))]
        background += [asyncio.create_task(each.listen()) for each in everybody]
        background += [asyncio.create_task(each.poll()) for each in everybody]
        until = time.perf_counter() + WARM_UP_S + minutes * 60
        working = [asyncio.create_task(works(each, everybody, until)) for each in everybody]
        await asyncio.sleep(WARM_UP_S)
        shift.counts, began, before = True, time.perf_counter(), work.cpu_s(desk.children)
        await asyncio.gather(*working)
        shift.seconds = time.perf_counter() - began
        shift.cpu_s = work.since(before, work.cpu_s(desk.children))
        shift.memory_mb = work.memory_mb(desk.children)
        shift.counts = False
        await asyncio.gather(*shift.watching)
        for task in background:
            task.cancel()
        ended = await asyncio.gather(*background, return_exceptions=True)
        shift.failed.update(type(error).__name__ for error in ended if isinstance(error, Exception))
    return shift


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20, method="inclusive")[18] if len(taken) > 1 else taken[0]


def row(name: str, taken: list[float]) -> str:
    if not taken:
        return f"| {name} | 0 | | | |"
    return f"| {name} | {len(taken)} | {statistics.median(taken):.0f} | {p95(taken):.0f} | {max(taken):.0f} |"


def report(shift: Shift, agents: int, tickets: int, load: float) -> str:
    cpu = sorted(shift.cpu_s.items(), key=lambda item: -item[1])
    busy = "a quiet machine" if load < QUIET_LOAD else f"a busy machine (load {load:.1f} before the start)"
    failed = ", ".join(f"{what} {times}" for what, times in shift.failed.items()) or "none"
    refused = ", ".join(f"{what} {times}" for what, times in shift.refused.items()) or "none"
    return "\n".join(
        [
            f"{machine.description()}; {busy}, load maker on the same cores.",
            "",
            f"{agents} people, one thing in {PACE_S:g} s each, on {tickets:,} open tickets, for {shift.seconds:.0f} s.",
            "",
            "| | times | p50 ms | p95 ms | max ms |",
            "|---|---|---|---|---|",
            *(row(name, taken) for name, taken in sorted(shift.taken_ms.items())),
            row("news of a change, on others' sockets", shift.news_ms),
            row("age of a list: a change, on others' pages", shift.age_ms),
            "",
            f"Failed: {failed}. News that did not come within {LATEST_S:g} s: {shift.lost}. "
            f"Lists that did not show a change within {OLDEST_S:g} s: {shift.stale}. Refused, mostly "
            f"because somebody else was first: {refused}.",
            "",
            f"Cores: {sum(shift.cpu_s.values()) / shift.seconds:.2f}, of it "
            + ", ".join(f"{name} {taken / shift.seconds:.2f}" for name, taken in cpu)
            + ". Memory, MB: "
            + ", ".join(f"{name} {taken:.0f}" for name, taken in shift.memory_mb.items())
            + ".",
            "",
            f"Targets: pages p95 under {TARGET_PAGE_P95_MS:.0f} ms, news p95 under {TARGET_NEWS_P95_MS:.0f} ms, "
            f"age of a list p95 under {TARGET_AGE_P95_MS:.0f} ms.",
        ]
    )


def name(desk: DeskAlone) -> None:
    """A copy's number has no check digit, and a ticket without one is not found."""
    with psycopg.connect(desk.database_url) as connection, connection.cursor() as cursor:
        found = cursor.execute("SELECT id, reference FROM tickets ORDER BY id").fetchall()
        taken = {reference for _, reference in found}
        names = (f"FL-{body}{check_digit(str(body))}" for body in itertools.count(1_000_000))
        free = (name for name in names if name not in taken)
        named = [(reference, one) for reference, (one, _) in zip(free, found, strict=False)]
        cursor.executemany("UPDATE tickets SET reference = %s WHERE id = %s", named)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--tickets", type=int, default=5000)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--whole-lists", action="store_true", help="pages that take no lines, to compare")
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/console.md")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with running("web") as desk:
        fill(desk, options.tickets, options.tickets)
        name(desk)
        desk.start_watch(1)
        shift = asyncio.run(measure(desk, options.agents, options.minutes, whole_lists=options.whole_lists))
    table = report(shift, options.agents, options.tickets, load)
    print(table)
    if options.write:
        RESULT.write_text(f"# The console at work\n\n{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
