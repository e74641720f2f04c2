"""What a program imports, at its start or later: read from the files, so that imports inside functions count too."""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from settings import ROOT


def packages_of(programs: Iterable[str]) -> dict[str, str]:
    """Top-level modules of others that the programs, or what they import of ours, name; with one place of each."""
    others: dict[str, str] = {}
    seen: set[str] = set()
    waiting = list(programs)
    while waiting:
        name = waiting.pop()
        file = _ours(name)
        if name in seen or file is None:
            continue
        seen.add(name)
        waiting.append(name.rpartition(".")[0])
        for used in _named_in(file):
            top = used.partition(".")[0]
            if _ours(used) is not None:
                waiting.append(used)
            elif _is_anothers(top):
                others.setdefault(top, str(file.relative_to(ROOT)))
    return others


def _named_in(file: Path) -> Iterator[str]:
    if file.is_dir():  # a folder without __init__.py
        return
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _ours(name: str) -> Path | None:
    path = ROOT.joinpath(*name.split(".")) if name else ROOT / "none"
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py", path) if each.exists()), None)


def _is_anothers(top: str) -> bool:
    return top not in sys.stdlib_module_names and _ours(top) is None
