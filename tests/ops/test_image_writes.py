"""The programs of the `front` image run where nothing but /tmp can be written, as deploy.md says."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from ops.embedded import free_port
from settings import ROOT

# A program of its own, `python -c READ_ONLY TEMPORARY MODULE ARGUMENTS`: Python's own calls that write elsewhere fail.
READ_ONLY = """
import errno, os, runpy, sys
temporary = (sys.argv[1], "/dev/", "/proc/")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate"}
def hook(event, given):
    if event in CHANGING or (event == "open" and isinstance(given[2], int) and given[2] & WRITING):
        path = given[0]
        if not isinstance(path, int) and not os.path.abspath(os.fsdecode(path)).startswith(temporary):
            print("WRITES", path, file=sys.stderr, flush=True)
            raise OSError(errno.EROFS, "Read-only file system", path)
sys.addaudithook(hook)
sys.argv = sys.argv[2:]
sys.path.insert(0, "")
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def secrets(tmp_path: Path, redis_url: str, migrated: str) -> dict[str, str]:
    """What Compose sets: secrets by their files, and no home."""
    values = {
        "REDIS_URL": redis_url,
        "DATABASE_URL": migrated,
        **{f"FIRSTLINE_{name}_TOKEN": name * 8 for name in ("INTERNAL", "API", "OPERATOR")},
        "TWILIO_AUTH_TOKEN": "t" * 32,
    }
    folder = tmp_path / "secrets"
    folder.mkdir()
    for name, value in values.items():
        (folder / name).write_text(value)
    return {f"{name}_FILE": str(folder / name) for name in values}


@contextmanager
def started(temporary: Path, environment: dict[str, str], *module: str) -> Iterator[subprocess.Popen[str]]:
    temporary.mkdir()
    given = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "TMPDIR": str(temporary),
        "FIRSTLINE_STATE": "/srv/firstline",
        "FIRSTLINE_PUBLIC_URL": "https://support.example",
        "FIRSTLINE_OPERATOR_URL": "http://127.0.0.1:9",
        "PYTHONDONTWRITEBYTECODE": "1",
        **environment,
    }
    command = [sys.executable, "-c", READ_ONLY, str(temporary), *module]
    with subprocess.Popen(command, cwd=ROOT, env=given, stderr=subprocess.PIPE, text=True) as program:
        try:
            yield program
        finally:
            program.terminate()


def test_the_migrations_write_no_file(tmp_path: Path, secrets: dict[str, str]) -> None:
    with started(tmp_path / "tmp", secrets, "escalation.migrate") as program:
        words = program.communicate(timeout=120)[1]

    assert (program.returncode, "WRITES" in words) == (0, False), words


def test_web_writes_no_file_but_temporary_ones(tmp_path: Path, secrets: dict[str, str]) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with started(tmp_path / "tmp", secrets, "uvicorn", "web:create_app", "--factory", "--port", str(port)) as program:
        wait_until(lambda: answers(base), program)
        found = {
            path: httpx.get(base + path).status_code for path in ("/", "/console/sign-in", "/console/static/htmx.js")
        }
        words = said(program)

    assert set(found.values()) == {200}, found
    assert "WRITES" not in words


def test_the_watch_writes_no_file(tmp_path: Path, secrets: dict[str, str], migrated: str) -> None:
    with started(tmp_path / "tmp", secrets, "escalation.watch") as program:
        wait_until(lambda: has_beaten(migrated), program)
        words = said(program)

    assert "WRITES" not in words


def wait_until(done: Callable[[], bool], program: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 120
    while not done():
        if time.monotonic() > until or program.poll() is not None:
            pytest.fail(said(program)[-2000:])
        time.sleep(0.2)


def answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/health/live").is_success
    except httpx.TransportError:
        return False


def has_beaten(database_url: str) -> bool:
    with psycopg.connect(database_url) as connection:
        return connection.execute("SELECT 1 FROM heartbeats").fetchone() is not None


def said(program: subprocess.Popen[str]) -> str:
    program.terminate()
    return program.communicate(timeout=60)[1]
