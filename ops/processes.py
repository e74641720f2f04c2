"""Child processes: start one, wait until it is really ready, stop it; stop all of them in the opposite order."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

READY_WITHIN_S = 90.0
STOP_WITHIN_S = 15.0
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


class NotReady(Exception):
    """A program did not come up. `detail` is its own last words, for the person who started it."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"{name}: {detail}")
        self.name = name
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Command:
    """How a program is started, and how to ask whether it is ready (asked every 50 ms)."""

    name: str
    arguments: Sequence[str]
    ready: Callable[[], bool] = lambda: True
    environment: Mapping[str, str] | None = None  # None = ours
    folder: Path | None = None


class Child:
    """One running program. It dies with us (Linux): a killed parent leaves nothing behind."""

    def __init__(
        self,
        command: Command,
        *,
        log: Path,
        user: str | None = None,
        stop_signal: Literal["SIGTERM", "SIGINT"] = "SIGTERM",
    ) -> None:
        self.command = command
        self.log = log
        self._user = user
        self._stop_signal = signal.Signals[stop_signal]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def spawn(self) -> None:
        """Start without waiting. Its own session: Ctrl-C in the terminal reaches only us, who stop it in order."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                list(self.command.arguments),
                env=self.command.environment,
                cwd=self.command.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - only ever called from the main thread
            )

    def start(self, within_s: float = READY_WITHIN_S) -> None:
        """Start and wait until it is ready; raises NotReady, with nothing left running, when it does not come up."""
        self.spawn()
        self.wait_ready(within_s)

    def wait_ready(self, within_s: float = READY_WITHIN_S) -> None:
        deadline = time.monotonic() + within_s
        while not self.command.ready():
            if self.exit_code() is not None:
                raise NotReady(self.command.name, f"ended with code {self.exit_code()}. {self.last_words()}")
            if time.monotonic() > deadline:
                self.stop()
                raise NotReady(self.command.name, f"not ready after {within_s:.0f} s. {self.last_words()}")
            time.sleep(0.05)

    def exit_code(self) -> int | None:
        """None while it runs (or before it was started)."""
        return self._process.poll() if self._process is not None else None

    def ended_within(self, seconds: float) -> bool:
        """Wait for it to end by itself, so long."""
        with suppress(subprocess.TimeoutExpired):
            if self._process is not None:
                self._process.wait(seconds)
        return self.exit_code() is not None

    def stop(self, within_s: float = STOP_WITHIN_S) -> None:
        """Ask it to end; end it the hard way if it does not. Its whole session goes, grandchildren included."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(self._stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(within_s)
        self.kill()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def last_words(self, lines: int = 12) -> str:
        with suppress(OSError):
            tail = _tail(self.log.open("rb"), lines)
            return f"The end of {self.log}:\n{tail}" if tail else f"{self.log} is empty."
        return ""


class Children:
    """Programs started in order and stopped in the opposite order."""

    def __init__(self) -> None:
        self._children: list[Child] = []

    def __iter__(self) -> Iterator[Child]:
        return iter(self._children)

    def add(self, child: Child) -> Child:
        self._children.append(child)
        return child

    def named(self, name: str) -> Child:
        return next(child for child in self._children if child.command.name == name)

    def stop(self) -> None:
        while self._children:
            self._children.pop().stop()


def _tail(log: IO[bytes], lines: int) -> str:
    with log:
        log.seek(0, os.SEEK_END)
        log.seek(max(0, log.tell() - 8_000))
        return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
