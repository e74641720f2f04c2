"""What programs have worked, and the memory they hold."""

import os
from collections.abc import Iterable, Iterator

import psutil

from ops.processes import Child

LOAD_MAKER = "load maker"


def cpu_s(children: Iterable[Child]) -> dict[str, float]:
    """CPU seconds so far, by program with its children, and of this load maker."""
    own, taken = os.times(), {name: _with_children(pid) for name, pid in _running(children)}
    return {**taken, LOAD_MAKER: own.user + own.system}


def since(before: dict[str, float], now: dict[str, float]) -> dict[str, float]:
    return {name: taken - before.get(name, 0.0) for name, taken in now.items()}


def memory_mb(children: Iterable[Child]) -> dict[str, float]:
    """By program; pages that programs share are counted once."""
    return {name: _memory_mb(pid) for name, pid in _running(children)}


def _running(children: Iterable[Child]) -> Iterator[tuple[str, int]]:
    yield from ((child.command.name, child.pid) for child in children if child.pid and child.exit_code() is None)


def _with_children(pid: int) -> float:
    program = psutil.Process(pid)
    total = 0.0
    for process in (program, *program.children(recursive=True)):
        times = process.cpu_times()
        total += times.user + times.system
    return total


def _memory_mb(pid: int) -> float:
    programs = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return float(sum(program.memory_full_info().pss for program in programs)) / 1e6
