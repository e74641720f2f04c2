"""One outage, reported by many customers in the chat of the whole product: one incident, everyone told, nothing lost?

    .venv/bin/python -m benchmarks.outage_storm [--customers 1500] [--minutes 10] [--built FOLDER] [--write]

Starts the product on free ports with a state folder of its own; `--built` is the state folder of another Firstline,
whose index and assistant are copied. The customers open a chat at random moments of the
given minutes, say what is broken and their postcode, and stay. A person of the network looks at the queue every two
seconds and confirms the suspected outage as soon as it is there. After the last report the ticket gets one update, then
it is resolved. What counts is what arrives on the customers' own event streams.
"""

import argparse
import asyncio
import json
import random
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx

from benchmarks import machine
from escalation.client import EscalationClient, EscalationUnavailable, TicketDetail
from ops import trial
from ops.product import Product
from settings import ROOT

SAID = "my internet is down. LF4 2AB"
NUMBER = "07700 900123"
NETWORK = "felix.moreau"
LEAD = "sam.okoye"
KNOWN = ("outage of broadband", "known fault in LF4")
UPDATE, FIXED = "Half of the area is back.", "The cable is mended."
PATIENCE_S = 120.0
LOOKS_EVERY_S = 2.0


@dataclass
class Customer:
    """What arrived on one customer's stream, and how long the answers to their messages took."""

    heard: list[str] = field(default_factory=list)
    answered_s: list[float] = field(default_factory=list)
    lost: int = 0  # messages that were refused or not answered in time
    arrived: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def was_told(self, *words: str) -> bool:
        return any(part in text for text in self.heard for part in words)


@dataclass
class Person:
    """What the person of the network did, in seconds since the first customer."""

    suspected_s: float = 0.0
    reference: str = ""
    slow: int = 0  # how often the console did not answer
    incidents: set[str] = field(default_factory=set)


async def one(http: httpx.AsyncClient, customer: Customer, after_s: float) -> None:
    await asyncio.sleep(after_s)
    opened = (await http.post("/chat/conversations", json={})).raise_for_status().json()
    address = f"/chat/conversations/{opened['conversation_id']}"
    headers = {"Authorization": f"Bearer {opened['token']}"}

    async def read() -> None:
        async with http.stream("GET", f"{address}/events", headers=headers, timeout=None) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    event = json.loads(line.removeprefix("data:"))
                    if event.get("author") not in (None, "customer") and event.get("text"):
                        customer.heard.append(event["text"])
                        customer.arrived.put_nowait(event["author"])

    async def say(text: str) -> None:
        while not customer.arrived.empty():
            customer.arrived.get_nowait()
        began = time.perf_counter()
        reply = await http.post(f"{address}/messages", json={"text": text, "message_id": uuid4().hex}, headers=headers)
        try:
            reply.raise_for_status()
            await asyncio.wait_for(customer.arrived.get(), 30)
            customer.answered_s.append(time.perf_counter() - began)
        except (httpx.HTTPStatusError, TimeoutError):
            customer.lost += 1

    reading = asyncio.create_task(read())
    try:
        await asyncio.wait_for(customer.arrived.get(), 30)  # the welcome
        await say(SAID)
        await asyncio.sleep(1)
        if customer.heard and "number" in customer.heard[-1]:
            await say(NUMBER)
        await asyncio.Event().wait()
    finally:
        reading.cancel()


async def network(desk: EscalationClient, person: Person, began: float) -> None:
    """Looks for suspected outages without end, also when the console is slow; confirms the first."""
    while True:
        try:
            await _look(desk, person, began)
        except EscalationUnavailable:
            person.slow += 1
        await asyncio.sleep(LOOKS_EVERY_S)


async def _look(desk: EscalationClient, person: Person, began: float) -> None:
    for row in await desk.queue(NETWORK, view="all", department="core", limit=100):
        if row.category != "outage" or row.channel is not None:
            continue
        if not person.incidents:
            person.suspected_s, person.reference = time.perf_counter() - began, row.reference
        person.incidents.add(row.reference)
        ticket = await desk.ticket(NETWORK, row.reference)
        if ticket.outage is not None and ticket.outage.state == "suspected":
            await desk.confirm_outage(NETWORK, row.reference, version=ticket.version, cause="A cable was cut.")


async def until_all(customers: list[Customer], *words: str) -> float:
    """Seconds until every customer has been told; gives up after a while."""
    began = time.perf_counter()
    while time.perf_counter() - began < PATIENCE_S:
        if all(customer.was_told(*words) for customer in customers):
            break
        await asyncio.sleep(0.2)
    return time.perf_counter() - began


async def storm(product: Product, count: int, minutes: float) -> str:
    dice = random.Random(7)
    moments = sorted(dice.uniform(0, minutes * 60) for _ in range(count))
    customers, person = [Customer() for _ in moments], Person()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    desk, began = EscalationClient.connect(product.settings), time.perf_counter()
    async with httpx.AsyncClient(base_url=product.url, timeout=30, limits=limits) as http:
        tasks = [
            asyncio.create_task(one(http, customer, moment))
            for customer, moment in zip(customers, moments, strict=True)
        ]
        watching = asyncio.create_task(network(desk, person, began))
        try:
            await asyncio.sleep(minutes * 60 + 5)
            told_s = await until_all(customers, *KNOWN)
            updated_s, fixed_s, parent = await _end(desk, person, customers)
        finally:
            for task in (watching, *tasks):
                task.cancel()
            ended = await asyncio.gather(watching, *tasks, return_exceptions=True)
            await desk.aclose()
    failed = [task for task in ended if isinstance(task, Exception)]
    return report(customers, person, parent, minutes, failed, told_s=told_s, updated_s=updated_s, fixed_s=fixed_s)


async def _end(desk: EscalationClient, person: Person, customers: list[Customer]) -> tuple[float, float, TicketDetail]:
    """One update, then the solution, as people do it in the console."""
    ticket = await desk.ticket(LEAD, person.reference)
    await desk.act(LEAD, person.reference, "accept", version=ticket.version)
    ticket = await desk.ticket(LEAD, person.reference)
    await desk.tell_everyone(LEAD, person.reference, text=UPDATE, version=ticket.version)
    updated_s = await until_all(customers, UPDATE)
    parent = await desk.ticket(LEAD, person.reference)
    await desk.act(LEAD, person.reference, "resolve", version=parent.version, text=FIXED)
    return updated_s, await until_all(customers, FIXED), parent


def report(
    customers: list[Customer],
    person: Person,
    parent: TicketDetail,
    minutes: float,
    failed: list[Exception],
    *,
    told_s: float,
    updated_s: float,
    fixed_s: float,
) -> str:
    count, waits = len(customers), sorted(wait for customer in customers for wait in customer.answered_s)
    told = sum(customer.was_told(*KNOWN) for customer in customers)
    updated = sum(customer.was_told(UPDATE) for customer in customers)
    asked = sum(customer.was_told(FIXED) for customer in customers)
    p95 = statistics.quantiles(waits, n=20)[18]
    reports = parent.outage.reports if parent.outage else 0
    lost = sum(customer.lost for customer in customers)
    lines = [
        machine.description(),
        "",
        f"{count} customers in {minutes:g} minutes ({count / minutes:.0f} a minute), all conversations stay open.",
        "",
        "| | |",
        "|---|---|",
        f"| suspected after | {person.suspected_s:.0f} s, then confirmed; the console did not answer"
        f" {person.slow} times |",
        f"| major incidents | {len(person.incidents)} |",
        f"| reports kept | {reports} of {count} |",
        f"| tickets below it | {parent.followers} |",
        f"| told of the outage | {told} of {count}, the last {told_s:.0f} s after the last report and 5 s |",
        f"| heard the one update | {updated} of {count}, after {updated_s:.0f} s |",
        f"| asked after the solution | {asked} of {count}, after {fixed_s:.0f} s |",
        f"| messages not answered | {lost}; conversations that broke off: {len(failed)} |",
        f"| a message until the first words of its answer | p50 {statistics.median(waits) * 1000:.0f} ms,"
        f" p95 {p95 * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms |",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1500)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--built", type=Path)
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/outage_storm.md")
    options = parser.parse_args()
    with trial.running(print, built=options.built, CHAT_REQUESTS_PER_MINUTE="100000") as product:
        table = asyncio.run(storm(product, options.customers, options.minutes))
    print(table)
    if options.write:
        (ROOT / "benchmarks" / "results" / "outage_storm.md").write_text(f"# A storm of reports\n\n{table}\n")


if __name__ == "__main__":
    main()
