"""The console's queue, its filters and the watch among a million tickets, 50,000 of them open.

    .venv/bin/python -m benchmarks.million_tickets [--tickets 1000000] [--open 50000] [--write]

Real tickets of every priority, filed through TMF621, are multiplied in the database: each copy has its own clocks,
steps and audit, is spread over a year, and is closed unless it is one of the open ones. A few of those are due.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import psycopg
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks import machine
from escalation.database import sessions_of, url_of
from escalation.deadlines import due_steps
from ops.desk_alone import DeskAlone, running
from settings import ROOT

RESULT = ROOT / "benchmarks" / "results" / "million_tickets.md"
TARGET_QUEUE_P95_MS, TARGET_WATCH_MS = 100, 500
PERSON = "lena.fox"
TEMPLATES = 60
DUE = 40  # steps that the watch has to find
ROUNDS = 40

_NEW = "now() - random() * interval '365 days'"
_TICKET = {  # what a copy has of its own; the rest is as in the ticket it is a copy of
    "id": "c.id",
    "reference": "'FL-' || lpad(c.number::text, 8, '0')",
    "contact_id": "NULL",
    "status": "CASE WHEN c.open THEN (ARRAY['acknowledged', 'inProgress', 'pending', 'held'])[1 + c.number % 4] "
    "ELSE 'closed' END",
    "assignee": "CASE WHEN c.number % 3 > 0 THEN t.asked END",
    "accepted_at": "CASE WHEN c.number % 3 > 0 THEN c.created_at + interval '5 minutes' END",
    "problem": "t.problem || ' ' || md5(c.number::text)",
    "next_due_at": "CASE WHEN c.open THEN now() + c.ahead END",
    "created_at": "c.created_at",
    "updated_at": "c.created_at + interval '1 hour'",
    "status_changed_at": "c.created_at + interval '1 hour'",
    "resolved_at": "CASE WHEN NOT c.open THEN c.created_at + interval '1 day' END",
    "closed_at": "CASE WHEN NOT c.open THEN c.created_at + interval '2 days' END",
}
_CLOCK = {
    "ticket_id": "c.id",
    "since": "CASE WHEN c.open THEN c.created_at END",
    "due_at": "CASE WHEN c.open THEN now() + c.ahead END",
    "done_at": "CASE WHEN NOT c.open THEN c.created_at + interval '1 day' END",
}
_STEP = {
    "ticket_id": "c.id",
    "due_at": f"CASE WHEN c.number <= {DUE} THEN now() - interval '1 minute' "
    "WHEN c.open THEN now() + c.ahead + interval '1 hour' END",
}
_AUDIT = {"ticket_id": "c.id", "at": "c.created_at"}


def fill(desk: DeskAlone, tickets: int, open_tickets: int) -> None:
    with httpx.Client(base_url=desk.url, headers=desk.client_headers, timeout=30) as http:
        for number in range(TEMPLATES):
            body = {
                "description": f"Problem {number} of a customer whose line is down",
                "severity": ("Critical", "High", "Medium", "Low")[number % 4],
                "ticketType": ("incident", "broadband-down", "sim")[number % 3],
            }
            http.post("/tmf-api/troubleTicket/v4/troubleTicket", json=body).raise_for_status()
    with psycopg.connect(desk.database_url, autocommit=True) as connection:
        connection.execute(
            f"""CREATE TABLE copies AS SELECT id AS old, gen_random_uuid() AS id, number,
            number <= {int(open_tickets)} AS open, {_NEW} AS created_at,
            random() * interval '4 days' - interval '1 hour' AS ahead
            FROM (SELECT n AS number, 1 + n % {TEMPLATES} AS place FROM generate_series(1, {int(tickets)}) n) AS wanted
            JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM tickets) AS had USING (place)"""
        )
        for table, key, own in (
            ("tickets", "id", _TICKET),
            ("clocks", "ticket_id", _CLOCK),
            ("clock_steps", "ticket_id", _STEP),
            ("audit", "ticket_id", _AUDIT),
        ):
            began = time.perf_counter()
            connection.execute(_copied(connection, table, key, own))
            print(f"{table} filled in {time.perf_counter() - began:.0f} s", flush=True)
        connection.execute("DROP TABLE copies")
        connection.execute("VACUUM ANALYZE")


def _copied(connection: psycopg.Connection, table: str, key: str, own: dict[str, str]) -> Composed:
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public' "
        "AND is_identity = 'NO' AND coalesce(column_default, '') NOT LIKE 'nextval%%'",
        (table,),
    )
    columns = [name for (name,) in found]
    values = [SQL(own[name]) if name in own else SQL("t.") + Identifier(name) for name in columns]
    return SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM copies c JOIN {table} t ON t.{key} = c.old"
    ).format(
        table=Identifier(table),
        columns=SQL(", ").join(map(Identifier, columns)),
        values=SQL(", ").join(values),
        key=Identifier(key),
    )


PAGES: dict[str, dict[str, object]] = {
    "queue, all open": {},
    "of the person's tier": {"view": "tier"},
    "of the person": {"view": "mine"},
    "one department": {"department": "billing"},
    "tier 1, page 20": {"tier": 1, "offset": 2000},
    "waiting for the customer": {"status": "pending"},
    "closed": {"status": "closed"},
    "search by reference": {"search": "FL-00012345"},
    "search by words": {"search": "line is down"},
    "search for what is not there": {"search": "zebra crossing"},
}
TMF_PAGES: dict[str, dict[str, object]] = {
    "TMF621, newest 20": {"limit": 20},
    "TMF621, in progress": {"limit": 20, "status": "inProgress"},
}


def queue_rows(desk: DeskAlone) -> Iterator[str]:
    yield "| what is asked for | p50 ms | p95 ms |"
    yield "|---|---|---|"
    with httpx.Client(base_url=desk.url, timeout=30) as http:
        for name, params in PAGES.items():
            headers = desk.headers | {"X-Firstline-Person": PERSON}
            yield _row(name, http, "/escalation/v1/queue", params, headers)
        for name, params in TMF_PAGES.items():
            yield _row(name, http, "/tmf-api/troubleTicket/v4/troubleTicket", params, desk.client_headers)


def _row(name: str, http: httpx.Client, path: str, params: dict[str, object], headers: dict[str, str]) -> str:
    taken = []
    for number in range(ROUNDS + 3):
        began = time.perf_counter()
        http.get(path, params=params, headers=headers).raise_for_status()  # type: ignore[arg-type]
        if number >= 3:
            taken.append((time.perf_counter() - began) * 1000)
    line = f"| {name} | {statistics.median(taken):.1f} | {statistics.quantiles(taken, n=20)[18]:.1f} |"
    print(line, flush=True)
    return line


async def watch_row(desk: DeskAlone) -> str:
    """How long the watch takes to find what is due."""
    engine = create_async_engine(url_of(desk.database_url))
    taken, found = [], 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        async with sessions_of(engine)() as session:
            found = len(await due_steps(session, datetime.now(UTC), limit=200))
        taken.append((time.perf_counter() - began) * 1000)
    await engine.dispose()
    name = f"the watch finds {found} steps that are due"
    return f"| {name} | {statistics.median(taken):.1f} | {statistics.quantiles(taken, n=20)[18]:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=50_000)
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/million_tickets.md")
    options = parser.parse_args()
    with running() as desk:
        fill(desk, options.tickets, options.open)
        lines = [*queue_rows(desk), asyncio.run(watch_row(desk))]
    text = "\n".join(
        [
            f"# The queue among {options.tickets:,} tickets, {options.open:,} open",
            "",
            f"{machine.description()}; {ROUNDS} requests each, one after another, through HTTP.",
            "",
            *lines,
            "",
            f"Targets: queue and filters p95 under {TARGET_QUEUE_P95_MS} ms, the watch under {TARGET_WATCH_MS} ms.",
        ]
    )
    print(text)
    if options.write:
        RESULT.write_text(text + "\n")


if __name__ == "__main__":
    main()
