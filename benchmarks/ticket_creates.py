"""How many tickets a second can be opened, and how long each takes: several clients against escalation by itself.

    .venv/bin/python -m benchmarks.ticket_creates [--clients 8] [--seconds 30] [--write]

A hand-over is what chat and phone do: a new contact, two turns of it, and the ticket, in three requests. A filing is a
`POST` of TMF621 by another system. The load maker runs on the same machine.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import uuid4

import httpx

from benchmarks import machine
from ops.desk_alone import DeskAlone, running
from settings import ROOT

RESULT = ROOT / "benchmarks" / "results" / "ticket_creates.md"
TARGET_A_SECOND, TARGET_P95_MS = 80, 100
WORST_HOUR_SHARE = 0.01  # assumed: of all subscribers, who open a ticket in the worst hour of an outage
WARM_UP_S = 3.0
CATEGORIES = ("broadband-down", "bill-dispute", "mobile-signal", "sim", "order-activation")

Create = Callable[[httpx.AsyncClient, int], Awaitable[None]]


async def hand_over(http: httpx.AsyncClient, number: int) -> None:
    contact, now = str(uuid4()), datetime.now(UTC).isoformat()
    start = {"contact_id": contact, "channel": "chat", "language": "en", "caller": None, "started_at": now}
    _ok(await http.post("/escalation/v1/contacts", json=start))
    turns = [
        {"contact_id": contact, "turn_id": author, "author": author, "text": f"{author} says {number}", "at": now}
        for author in ("customer", "bot")
    ]
    _ok(await http.post("/escalation/v1/turns", json={"turns": turns}))
    signals = {"reason": "no_answer", "category": CATEGORIES[number % len(CATEGORIES)], "problem": f"Problem {number}"}
    asked = {"signals": signals, "key": "customer", "after_turn": "customer"}
    _ok(await http.post(f"/escalation/v1/contacts/{contact}/handovers", json=asked))


async def filing(http: httpx.AsyncClient, number: int) -> None:
    body = {"description": f"Problem {number}", "severity": "Medium", "ticketType": "incident"}
    _ok(await http.post("/tmf-api/troubleTicket/v4/troubleTicket", json=body))


def _ok(reply: httpx.Response) -> None:
    if reply.status_code >= 300:
        raise RuntimeError(f"{reply.request.url} answered {reply.status_code}: {reply.text[:300]}")


async def measure(create: Create, url: str, headers: dict[str, str], clients: int, seconds: float) -> list[float]:
    """Milliseconds of each that was done in the time."""
    taken: list[float] = []
    began = time.perf_counter()

    async def work(client: int) -> None:
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as http:
            number = client
            while (at := time.perf_counter()) < began + WARM_UP_S + seconds:
                await create(http, number)
                if at >= began + WARM_UP_S:
                    taken.append((time.perf_counter() - at) * 1000)
                number += clients

    await asyncio.gather(*(work(client) for client in range(clients)))
    return taken


def subscribers(a_second: float) -> int:
    """Whose worst hour this rate carries, in whole hundred thousands."""
    return int(a_second * 3600 / WORST_HOUR_SHARE) // 100_000 * 100_000


def rows(desk: DeskAlone, clients: int, seconds: float) -> list[str]:
    lines = ["| | a second | p50 ms | p95 ms | max ms | worst hour of |", "|---|---|---|---|---|---|"]
    for name, create, headers in (
        ("hand-over (contact, turns, ticket)", hand_over, desk.headers),
        ("filing (TMF621)", filing, desk.client_headers),
    ):
        taken = asyncio.run(measure(create, desk.url, headers, clients, seconds))
        p95 = statistics.quantiles(taken, n=20)[18]
        a_second = len(taken) / seconds
        line = f"| {name} | {a_second:.0f} | {statistics.median(taken):.1f} | {p95:.1f} | {max(taken):.0f} "
        lines.append(f"{line}| {subscribers(a_second):,} subscribers |")
        print(lines[-1], flush=True)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/ticket_creates.md")
    options = parser.parse_args()
    with running() as desk:
        lines = rows(desk, options.clients, options.seconds)
    text = "\n".join(
        [
            "# Opening tickets",
            "",
            f"{machine.description()}; {options.clients} clients, load maker included.",
            "",
            *lines,
            "",
            f"Target: {TARGET_A_SECOND} a second at p95 under {TARGET_P95_MS} ms. The sum: 3,600 times the rate, "
            f"divided by the {WORST_HOUR_SHARE:.0%} of subscribers who are assumed to open one in their worst hour.",
        ]
    )
    print(text)
    if options.write:
        RESULT.write_text(text + "\n")


if __name__ == "__main__":
    main()
