"""What the programs of a product have worked, and the memory they hold."""

import os

import psutil

from ops.product import Product

LOAD_MAKER = "load maker"


def cpu_s(product: Product) -> dict[str, float]:
    """CPU seconds so far, by program with its children, and of this load maker."""
    taken = {child.command.name: _with_children(child.pid) for child in product.children if child.pid}
    own = os.times()
    return {**taken, LOAD_MAKER: own.user + own.system}


def since(before: dict[str, float], now: dict[str, float]) -> dict[str, float]:
    return {name: taken - before.get(name, 0.0) for name, taken in now.items()}


def memory_mb(product: Product) -> float:
    """Of all programs; pages that they share are counted once."""
    return sum(_memory_mb(child.pid) for child in product.children if child.pid)


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
