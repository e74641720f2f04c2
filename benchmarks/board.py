"""How long the supervisors' board takes over a long history: `python -m benchmarks.board [--tickets 100000]`.

A PostgreSQL of its own is filled with the invented history of 90 days (board_history.sql); every indicator is measured
over the month, without the indexes that exist for the board and then with them.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks import machine
from escalation import migrate, policy
from escalation.database import connect, sessions_of
from escalation.indicators import board, this_minute
from escalation.indicators.catalogue import INDICATORS
from escalation.indicators.figures import BoardAsked
from escalation.office import Office
from escalation.priority import Priority
from ops.embedded import EmbeddedPostgres
from settings import Settings

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SUPERVISOR = "sam.okoye"
HISTORY = Path(__file__).with_name("board_history.sql")
TABLES = ("contacts", "turns", "tickets", "clocks", "clock_steps", "audit", "answer_fates", "agent_states")
RUNS = 3

Took = dict[str, float]


def fill(connection: psycopg.Connection, tickets: int, now: datetime = NOW) -> dict[str, int]:
    """The 90 days until `now`; rows by table."""
    given = {"tickets": tickets, "now": now, "frozen": json.dumps(policy.load().freeze(Priority.P3).to_json())}
    connection.execute("SELECT setseed(0.621)")
    for statement in HISTORY.read_text().split(";\n"):
        if statement.strip():
            connection.execute(statement, given)
    connection.execute("VACUUM ANALYZE")
    counted = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in TABLES}
    return {name: row[0] if row else 0 for name, row in counted.items()}


def indexes(connection: psycopg.Connection) -> dict[str, str]:
    """Those that exist for the board alone: their definitions by name."""
    found = connection.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'board_%'")
    return dict(found.fetchall())


async def measure(url: str) -> Took:
    """Milliseconds, the fastest of some runs after a first one."""
    engine = connect(Settings(_env_file=None, database_url=url))
    office = Office(sessions_of(engine), policy.load(), "Larkfield Telecom", now=lambda: NOW)
    month = BoardAsked(window="month")
    narrow = BoardAsked(window="month", channel="voice", topic="wifi", priority="P3")
    took: Took = {}
    for indicator in INDICATORS:
        took[f"{indicator.number} {indicator.key}"] = await _fastest(
            partial(board.behind, office, SUPERVISOR, indicator.key, month, limit=1, offset=0)
        )
    for name, asked in (
        ("day", BoardAsked(window="day")),
        ("week", BoardAsked()),
        ("month", month),
        ("month, filtered", narrow),
    ):
        took[f"whole board, {name}"] = await _fastest(partial(board.read, office, SUPERVISOR, asked))
    took["live wall"] = await _fastest(partial(this_minute.read, office, SUPERVISOR))
    await engine.dispose()
    return took


async def _fastest(ask: Callable[[], Awaitable[Any]]) -> float:
    took = []
    await ask()
    for _ in range(RUNS):
        began = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - began) * 1000)
    return min(took)


def report(rows: dict[str, int], before: Took, after: Took) -> str:
    lines = [
        "# The supervisors' board over a long history",
        "",
        f"`python -m benchmarks.board`: {machine.description()}.",
        "Rows: " + ", ".join(f"{count:,} {name}" for name, count in rows.items()) + "; 90 days, invented.",
        "Milliseconds, the fastest of three runs; an indicator is its figure, trend and first row of a month.",
        "",
        "| | without the board's indexes | with them |",
        "|---|---|---|",
        *(f"| {name} | {before[name]:.0f} | {took:.0f} |" for name, took in after.items()),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.board", description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--write", action="store_true", help="write benchmarks/results/board.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="firstline-board-") as name:
        server = EmbeddedPostgres.start(Path(name) / "data", log=Path(name) / "postgres.log")
        try:
            url = server.ensure_database("board")
            migrate.upgrade(url)
            with psycopg.connect(url, autocommit=True) as connection:
                rows = fill(connection, options.tickets)
                ours = indexes(connection)
                for index in ours:
                    connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(index)))
                before = asyncio.run(measure(url))
                for definition in ours.values():
                    connection.execute(definition)
                connection.execute("ANALYZE")
                after = asyncio.run(measure(url))
        finally:
            server.child.stop()
    text = report(rows, before, after)
    print(text)
    if options.write:
        (Path(__file__).parent / "results" / "board.md").write_text(text)


if __name__ == "__main__":
    main()
