"""What is done before the programs start: steps that end by themselves, none of which needs another."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ops.processes import Child, Command, NotReady
from settings import ROOT

TELL_EVERY_S = 5.0
LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Step:
    name: str  # of its log
    doing: str  # for people to read
    command: Sequence[str]


def run_all(
    steps: Sequence[Step], environment: Mapping[str, str], logs: Path, say: Callable[[str], None]
) -> dict[str, str]:
    """All at once; what each printed, by its name.

    Says every few seconds what is not done yet. Raises NotReady with the last words of the first one that fails; the
    others are stopped then.
    """
    running = {step.name: _child(step, environment, logs) for step in steps}
    try:
        for step in steps:
            say(step.doing)
            running[step.name].log.unlink(missing_ok=True)
            running[step.name].spawn()
        tell_at = time.monotonic() + TELL_EVERY_S
        while unfinished := [step for step in steps if not _is_done(step, running[step.name])]:
            running[unfinished[0].name].ended_within(LOOK_EVERY_S)
            if time.monotonic() >= tell_at:
                say("; ".join(step.doing for step in unfinished) + " ...")
                tell_at += TELL_EVERY_S
    finally:
        for child in running.values():
            child.stop()
    return {name: _printed(child) for name, child in running.items()}


def _child(step: Step, environment: Mapping[str, str], logs: Path) -> Child:
    return Child(Command(step.name, step.command, environment=environment, folder=ROOT), log=logs / f"{step.name}.log")


def _is_done(step: Step, child: Child) -> bool:
    """Raises NotReady when it has failed."""
    code = child.exit_code()
    if code:
        words = f"{' '.join(step.command[1:])} ended with code {code}.\n{_printed(child)[-1500:]}"
        raise NotReady(step.name, words)
    return code == 0


def _printed(child: Child) -> str:
    return child.log.read_text(errors="replace").strip()
