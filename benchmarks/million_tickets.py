"""The console's queue, its filters and the watch among a million tickets, 50,000 of them open.

    .venv/bin/python -m benchmarks.million_tickets [--tickets 1000000] [--open 50000] [--data FOLDER] [--write]

Real tickets of every priority, filed through TMF621, are multiplied in the database: each copy has its own clocks,
steps and audit, is spread over a year, and is closed unless it is one of the open ones. A few of those are due. With
`--data` they stay in that folder and are not made again.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

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
PERSON = "amira.khan"
TEMPLATES = 60
DUE = 40  # open tickets whose steps the watch has to find
ROUNDS = 40

_TICKET = {  # what a copy has of its own; the rest is as in the ticket it is a copy of
    "id": "c.id",
    "reference": "'FL-' || lpad(c.number::text, 8, '0')",
    "contact_id": "NULL",
    "status": "CASE WHEN c.open THEN (ARRAY['acknowledged', 'inProgress', 'pending', 'held'])"
    "[1 + (hashtext(c.number::text) & 3)] "
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
    "due_at": "CASE WHEN c.due THEN now() - interval '1 minute' "
    "WHEN c.open THEN now() + c.ahead + interval '1 hour' END",
}
_AUDIT = {"ticket_id": "c.id", "at": "c.created_at"}
_COPIED = (  # tables, the column that names the ticket, and what is their own; the longest first
    ("clock_steps", "ticket_id", _STEP),
    ("tickets", "id", _TICKET),
    ("clocks", "ticket_id", _CLOCK),
    ("audit", "ticket_id", _AUDIT),
)
_LOADING = {"max_wal_size": "32GB", "checkpoint_timeout": "1h", "maintenance_work_mem": "1GB", "autovacuum": "off"}
LOADERS = 2  # tables at a time


def is_filled(desk: DeskAlone) -> bool:
    with psycopg.connect(desk.database_url) as connection:
        return connection.execute("SELECT 1 FROM tickets LIMIT 1").fetchone() is not None


def fill(desk: DeskAlone, tickets: int, open_tickets: int) -> None:
    began, every = time.perf_counter(), tickets // open_tickets
    with httpx.Client(base_url=desk.url, headers=desk.client_headers, timeout=30) as http:
        for number in range(TEMPLATES):
            body = {
                "description": f"Problem {number} of a customer whose line is down",
                "severity": ("Critical", "High", "Medium", "Low")[number % 4],
                "ticketType": ("incident", "broadband-down", "sim")[number % 3],
            }
            http.post("/tmf-api/troubleTicket/v4/troubleTicket", json=body).raise_for_status()
    with psycopg.connect(desk.database_url, autocommit=True) as connection:
        for setting, value in _LOADING.items():
            connection.execute(SQL("ALTER SYSTEM SET {} = {}").format(Identifier(setting), value))
        connection.execute("SELECT pg_reload_conf()")
        # In the order of their ids, and with the open ones spread over all of it.
        connection.execute(
            f"""CREATE TABLE copies AS SELECT had.id AS old, wanted.*,
            now() - (1 - number::float / {int(tickets)}) * interval '365 days' AS created_at,
            random() * interval '4 days' + interval '10 minutes' AS ahead
            FROM (SELECT n AS number, 1 + n % {TEMPLATES} AS place, n % {every} = 0 AS open,
                n % {every} = 0 AND n <= {every * DUE} AS due,
                overlay(md5(n::text) PLACING lpad(to_hex(n), 8, '0') FROM 1)::uuid AS id
                FROM generate_series(1, {int(tickets)}) n) AS wanted
            JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM tickets) AS had USING (place)
            ORDER BY number"""
        )
        connection.execute("ANALYZE copies")
    with ThreadPoolExecutor(LOADERS) as loaders:
        list(loaders.map(lambda table: _fill(desk.database_url, *table), _COPIED))
    with psycopg.connect(desk.database_url, autocommit=True) as connection:
        connection.execute("DROP TABLE copies")
        connection.execute("ALTER SYSTEM RESET ALL")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    print(f"prepared in {time.perf_counter() - began:.0f} s", flush=True)


def _fill(database_url: str, table: str, key: str, own: dict[str, str]) -> None:
    """Rows first, in the order of the primary key, the other indexes afterwards; what they refer to is known good."""
    began = time.perf_counter()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # checks no foreign key
        found = connection.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid WHERE i.indrelid = %s::regclass AND c.oid IS NULL",
            (table,),
        )
        indexes = found.fetchall()
        for name, _ in indexes:
            connection.execute(SQL("DROP INDEX {}").format(Identifier(name)))
        connection.execute(_copied(connection, table, key, own))
        rows = time.perf_counter()
        for _, definition in indexes:
            connection.execute(definition)
    print(f"{table}: rows in {rows - began:.0f} s, indexes in {time.perf_counter() - rows:.0f} s", flush=True)


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


NOT_THERE = "search for what is not there"
PAGES: dict[str, dict[str, object]] = {
    "queue, all open": {},
    "of the person's tier": {"view": "tier"},
    "of the person": {"view": "mine"},
    "one department": {"department": "fixed-access"},
    "tier 1, page 20": {"tier": 1, "offset": 2000},
    "waiting for the customer": {"status": "pending"},
    "closed": {"status": "closed"},
    "search by reference": {"search": "FL-00001200"},
    "search by words": {"search": "line is down"},
    NOT_THERE: {"search": "zebra crossing"},
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
        reply = http.get(path, params=params, headers=headers).raise_for_status()  # type: ignore[arg-type]
        if number >= 3:
            taken.append((time.perf_counter() - began) * 1000)
    found = reply.json() if isinstance(reply.json(), list) else reply.json()["rows"]
    if bool(found) == (name == NOT_THERE):
        raise RuntimeError(f"{name}: {len(found)} rows, which measures something else")
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
    parser.add_argument("--data", type=Path, help="keep the tickets there, and take those that are there")
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/million_tickets.md")
    options = parser.parse_args()
    with running(kept_in=options.data) as desk:
        if not is_filled(desk):
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
