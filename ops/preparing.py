"""What is done before the programs start: steps that end by themselves, none of which needs another."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ops.processes import Child, Command, NotReady
from settings import ROOT

TELL_EVERY_S = 5.0
LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Step:
    name: str  # of its log
    doing: str  # for people to read
    command: Sequence[str]


class Preparation:
    """Steps that are done side by side, each from when it is begun; leaving the block stops those not done."""

    def __init__(self, environment: Mapping[str, str], logs: Path, say: Callable[[str], None]) -> None:
        """Steps see the environment as it is when they begin."""
        self._environment, self._logs, self._say = environment, logs, say
        self._begun: list[tuple[Step, Child]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for _step, child in self._begun:
            child.stop()

    def begin(self, step: Step) -> None:
        log = self._logs / f"{step.name}.log"
        log.unlink(missing_ok=True)
        child = Child(Command(step.name, step.command, environment=dict(self._environment), folder=ROOT), log=log)
        self._begun.append((step, child))
        self._say(step.doing)
        child.spawn()

    def finish(self) -> dict[str, str]:
        """What each printed, by its name, when all are done; every few seconds it is said what is not.

        Raises NotReady with the last words of the first one that fails.
        """
        tell_at = time.monotonic() + TELL_EVERY_S
        while unfinished := [(step, child) for step, child in self._begun if not _is_done(step, child)]:
            unfinished[0][1].ended_within(LOOK_EVERY_S)
            if time.monotonic() >= tell_at:
                self._say("; ".join(step.doing for step, _ in unfinished) + " ...")
                tell_at += TELL_EVERY_S
        return {step.name: _printed(child) for step, child in self._begun}


def _is_done(step: Step, child: Child) -> bool:
    """Raises NotReady when it has failed."""
    code = child.exit_code()
    if code:
        words = f"{' '.join(step.command[1:])} ended with code {code}.\n{_printed(child)[-1500:]}"
        raise NotReady(step.name, words)
    return code == 0


def _printed(child: Child) -> str:
    return child.log.read_text(errors="replace").strip()
