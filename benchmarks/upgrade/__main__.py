"""Upgrade the running product from an earlier release, with people in the middle of things; is anything lost?

    .venv/bin/python -m benchmarks.upgrade [--from COMMIT] [--in-place] [--built FOLDER] [--write]

Starts the code of COMMIT on a state of its own, with Python environments of its own where its locks are other ones than
ours (some minutes, 4 GB); begins conversations, calls and tickets; stops it; starts the code that is checked out on the
same state; goes on with all of them. Without `--from` it is the newest tag, or else the last commit before the newest
migration. The present release brings its index and its assistant along, as its images do; with `--in-place` it makes
them after the old one has stopped, as `scripts/run` does, which takes minutes, and no call is tried. `--built` is the
state folder of another Firstline of the present release, to be used again. `--write` makes
benchmarks/results/upgrade.md. Ends with 1 when something was lost or could not be tried.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks import machine
from benchmarks.upgrade import release
from benchmarks.upgrade.stage import Stage
from benchmarks.upgrade.stories import CALLS, STORIES
from ops.embedded import free_port
from ops.processes import Child
from settings import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "upgrade.md"
TABLES = ("contacts", "turns", "tickets", "clocks", "clock_steps", "notes", "audit", "hand_overs", "reads")
BEGINS_WITHIN_S, ENDS_WITHIN_S = 300.0, 300.0
MOST_CHARS = 160


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    is_kept: bool
    seen: str

    def __str__(self) -> str:
        seen = " ".join(self.seen.split()).replace("|", "/")
        shorter = seen if len(seen) <= MOST_CHARS or not self.is_kept else seen[: MOST_CHARS - 1] + "…"
        return f"| {self.what} | {'yes' if self.is_kept else '**no**'} | {shorter} |"


async def upgraded(stage: Stage, state: Path, old: Child, new: Child, made: Path | None) -> list[Finding]:
    """`old` runs; afterwards `new` does. `made`: the state folder whose index and assistant `new` brings along."""
    tried = {name: story for name, story in STORIES.items() if made or story not in CALLS}
    stories = {name: asyncio.create_task(story(stage), name=name) for name, story in tried.items()}
    await _until_all_wait(stage, stories)
    not_begun = {name for name, task in stories.items() if task.done()}
    print(f"{len(stories) - len(not_begun)} of {len(stories)} stand in the middle of it", flush=True)
    rows = await asyncio.to_thread(_rows, state)
    begun = time.monotonic()
    await asyncio.to_thread(old.stop, release.STOPS_WITHIN_S)
    stage.stopped.set()
    if made:
        await asyncio.to_thread(release.brings_its_own, state, made)
    logs = release.lengths_of_logs(state)
    new.spawn()
    await asyncio.to_thread(new.wait_ready, release.STARTS_WITHIN_S)
    away_s = time.monotonic() - begun
    stands = Finding(
        "the stop", is_kept=True, seen=f"{away_s:.0f} s from the old release's stop to the present one's start"
    )
    stage.upgraded.set()
    await asyncio.wait(stories.values(), timeout=ENDS_WITHIN_S)
    return [
        stands,
        *(_told(name, task, begun=name not in not_begun) for name, task in stories.items()),
        _tables(rows, await asyncio.to_thread(_rows, state)),
        await asyncio.to_thread(_clocks, state),
        _logs(release.tracebacks_in(state, logs)),
    ]


async def _until_all_wait(stage: Stage, stories: Mapping[str, asyncio.Task[str]]) -> None:
    deadline = time.monotonic() + BEGINS_WITHIN_S
    while time.monotonic() < deadline:
        if all(task.done() or name in stage.arrived for name, task in stories.items()):
            return
        await asyncio.sleep(0.2)
    for name, task in stories.items():
        if name not in stage.arrived:
            task.cancel()


def _told(name: str, task: asyncio.Task[str], *, begun: bool) -> Finding:
    if not task.done():
        task.cancel()
        return Finding(name, is_kept=False, seen=f"did not end in {ENDS_WITHIN_S:.0f} s")
    error = asyncio.CancelledError("not in time") if task.cancelled() else task.exception()
    if error is None:
        return Finding(name, is_kept=True, seen=task.result())
    said = f"{type(error).__name__} {error}"
    return Finding(name, is_kept=False, seen=said if begun else f"could not be begun with the old release: {said}")


def _rows(state: Path) -> dict[str, int]:
    with psycopg.connect(release.told_by(state)["DATABASE_URL"]) as connection:
        counted = {}
        for table in TABLES:
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            counted[table] = int(row[0]) if row is not None else 0
        return counted


def _tables(before: Mapping[str, int], after: Mapping[str, int]) -> Finding:
    fewer = [f"{table} {before[table]} -> {after[table]}" for table in before if after[table] < before[table]]
    kept = ", ".join(f"{table} {count}" for table, count in before.items())
    return Finding("the tables", is_kept=not fewer, seen=", ".join(fewer) or f"no rows fewer: {kept}")


def _clocks(state: Path) -> Finding:
    """What `escalation.audit` says last."""
    done = subprocess.run(
        [sys.executable, "-m", "escalation.audit"],
        cwd=ROOT, env={**os.environ, **release.told_by(state)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = (done.stdout or done.stderr).strip().splitlines() or [f"ended with {done.returncode}"]
    return Finding("the clocks, by their auditor", is_kept=done.returncode == 0, seen=said[-1])


def _logs(tracebacks: list[str]) -> Finding:
    return Finding("the present release's logs", not tracebacks, "; ".join(tracebacks) or "no exception")


def report(commit: str, schemas: tuple[str, str], findings: list[Finding], *, in_place: bool) -> str:
    lost = sum(not finding.is_kept for finding in findings)
    return "\n".join(
        [
            machine.description(),
            "",
            f"From {commit} (migration {schemas[0]}) to {release.git('describe', '--always', '--dirty')}"
            f" (migration {schemas[1]}), "
            + ("whose index was made in place." if in_place else "which brought its index along."),
            "",
            "| in the middle of it | kept | afterwards |",
            "|---|---|---|",
            *map(str, findings),
            "",
            f"{len(findings)} looked at, {lost} lost.",
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="commit", default="", metavar="COMMIT")
    parser.add_argument("--in-place", action="store_true")
    parser.add_argument("--built", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    commit = release.git("describe", "--always", options.commit or release.release_before())
    with tempfile.TemporaryDirectory(prefix="firstline-upgrade-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o711)  # PostgreSQL runs as another user below it
        code, state = release.unpacked(commit, folder / "old"), folder / "state"
        made = options.built or folder / "made"
        if not options.in_place:
            print("Making the present release's index and assistant, where they are not there", flush=True)
            release.make_ready(made)
        if made.exists():
            release.embedded_before(made, state)
        old = release.release(code, state, port, folder / "old.log")
        new = release.release(ROOT, state, port, folder / "present.log")
        try:
            print(f"Starting {commit}, migration {release.schema_of(code)}", flush=True)
            old.start(release.STARTS_WITHIN_S)
            stage = Stage(f"http://127.0.0.1:{port}", release.told_by(state))
            findings = asyncio.run(upgraded(stage, state, old, new, None if options.in_place else made))
        finally:
            for each in (old, new):
                each.stop(release.STOPS_WITHIN_S)
        text = report(commit, (release.schema_of(code), release.schema_of(ROOT)), findings, in_place=options.in_place)
    print(text)
    if options.write:
        RESULTS.write_text(f"# An upgrade, with people in the middle of things\n\n{text}\n")
    return int(not all(finding.is_kept for finding in findings))


if __name__ == "__main__":
    sys.exit(main())
