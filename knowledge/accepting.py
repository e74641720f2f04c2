"""An accepted proposal being tried and published: one at a time, in a process of its own, seen by whoever asks."""

import asyncio
import fcntl
import os
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from knowledge.attempt import Attempt, Order, State
from knowledge.build import REFUSED
from knowledge.rulings import Rulings
from settings import ROOT

# Below the programs that answer customers, which share the machine.
PROGRAM = ("nice", "-n", "10", sys.executable, "-m", "knowledge.learn")
_LINES_AT_MOST = 80
_READ_AT_MOST = 64_000  # bytes
_STOPS_WITHIN_S = 10.0
_SIGNALLED = 128  # exit codes above it, and negative ones, are of a program that was told to stop
_BROKE = "The program broke off. Nothing was changed; why stands in accepting/said.txt beside the index."


@dataclass(frozen=True, slots=True)
class Asked:
    order: Order
    began_at: datetime  # aware


class Busy(Exception):
    """Another proposal is being tried."""


_ASKED = TypeAdapter(Asked)


class Accepting:
    """Keeps the last attempt in `accepting/` of the knowledge base's folder.

    The process inherits a locked file: whoever finds it locked knows that an attempt runs, whatever became of who
    began it.
    """

    def __init__(self, folder: Path, program: Sequence[str] = PROGRAM) -> None:
        self._rulings = Rulings(folder)
        self._folder = folder / "accepting"
        self._program = program
        self._process: Process | None = None
        self._end: asyncio.Task[None] | None = None

    async def begin(self, order: Order, *, now: datetime) -> Attempt:
        """Raises `Busy`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = self._take_lock()
        try:
            self._file("ended").unlink(missing_ok=True)
            self._file("asked.json").write_bytes(_ASKED.dump_json(Asked(order, now)))
            with self._file("said.txt").open("wb") as said:
                self._process = await asyncio.create_subprocess_exec(
                    *(*self._program, *order.arguments()),
                    stdin=DEVNULL,
                    stdout=said,
                    stderr=STDOUT,
                    cwd=ROOT,
                    pass_fds=(lock,),
                )
        finally:
            os.close(lock)  # the process has it now
        self._end = asyncio.create_task(self._note_end(self._process))
        return Attempt(order, now, "running", ())

    def last(self) -> Attempt | None:
        """The attempt that runs, or ran last."""
        if not self._file("asked.json").exists():
            return None
        asked = _ASKED.validate_json(self._file("asked.json").read_bytes())
        return Attempt(asked.order, asked.began_at, self._state(asked), self._lines())

    async def stop(self) -> None:
        """End what runs; it puts in order what it began, and publishes nothing."""
        if self._process is None or self._end is None or self._end.done():
            return
        self._process.terminate()
        await asyncio.wait([self._end], timeout=_STOPS_WITHIN_S)

    async def _note_end(self, process: Process) -> None:
        self._file("ended").write_text(str(await process.wait()))

    def _state(self, asked: Asked) -> State:
        if (self._end and not self._end.done()) or self._is_locked():
            return "running"
        if not self._file("ended").exists():  # nobody waited for it to the end
            ruling = self._rulings.of(asked.order.proposal_id)
            return "done" if ruling and ruling.at >= asked.began_at else "stopped"
        code = int(self._file("ended").read_text())
        if code < 0 or code > _SIGNALLED:
            return "stopped"
        return "done" if code == 0 else "refused" if code == REFUSED else "failed"

    def _lines(self) -> tuple[str, ...]:
        """Without the traces of a mistake, which tell nothing to who decides about articles; files as the repository
        names them."""
        if not self._file("said.txt").exists():
            return ()
        with self._file("said.txt").open("rb") as said:
            text = said.read(_READ_AT_MOST).decode(errors="replace")
        before, trace, _ = text.partition("Traceback (most recent call last)")
        lines = [line.rpartition("\r")[2].rstrip().replace(f"{ROOT}/", "") for line in before.split("\n")]
        return (*[line for line in lines if line][-_LINES_AT_MOST:], *([_BROKE] if trace else []))

    def _is_locked(self) -> bool:
        try:
            os.close(self._take_lock())
        except Busy:
            return True
        return False

    def _take_lock(self) -> int:
        lock = os.open(self._file("lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise Busy from error
        return lock

    def _file(self, name: str) -> Path:
        return self._folder / name
