import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ops.processes import Child, Children, Command, NotReady

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def soon(holds: Callable[[], bool], within_s: float = 5.0) -> bool:
    deadline = time.monotonic() + within_s
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


def test_a_program_that_ends_is_reported_with_its_last_words(tmp_path: Path) -> None:
    failing = Command("failing", [sys.executable, "-c", "raise SystemExit('no licence')"], ready=lambda: False)

    with pytest.raises(NotReady, match=r"code 1[\s\S]*no licence"):
        Child(failing, log=tmp_path / "log").start()


def test_a_program_that_never_gets_ready_is_not_left_running(tmp_path: Path) -> None:
    child = Child(Command("stuck", SLEEP, ready=lambda: False), log=tmp_path / "log")

    with pytest.raises(NotReady, match="not ready after"):
        child.start(within_s=0.2)

    assert child.exit_code() is not None


def test_stopping_takes_the_grandchildren_along(tmp_path: Path) -> None:
    parent = f"import subprocess, time; subprocess.Popen({SLEEP!r}); time.sleep(60)"
    child = Child(Command("parent", [sys.executable, "-c", parent]), log=tmp_path / "log")
    child.start()
    assert child.pid is not None
    process = psutil.Process(child.pid)
    assert soon(lambda: len(process.children()) == 1)
    grandchild = process.children()[0]

    child.stop()

    assert soon(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)


def test_a_killed_parent_leaves_nothing_behind(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from ops.processes import Child, Command;"
        f"child = Child(Command('child', {SLEEP!r}), log=Path({str(tmp_path / 'log')!r})); child.start();"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))

        os.kill(parent.pid, signal.SIGKILL)

    assert soon(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_programs_stop_in_the_opposite_order(tmp_path: Path) -> None:
    told = tmp_path / "told"
    children = Children()
    for name in ("first", "second"):
        script = f"""
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (open({str(told)!r}, "a").write("{name} "), sys.exit()))
open({str(tmp_path / name)!r}, "w").close()
time.sleep(60)"""
        ready = (tmp_path / name).exists
        children.add(Child(Command(name, [sys.executable, "-c", script], ready=ready), log=tmp_path / "log")).start()

    children.stop()

    assert told.read_text().split() == ["second", "first"]
