"""`python lock_without.py LOCK NAMES`: the lock without these packages and what only they need, for one image.

Who needs what is read from the lock's own `# via` remarks. A package that the lock does not hold but that needs others
(torch, chosen by the machine) stays unless it is named too.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path


def without(lock: str, names: Iterable[str]) -> str:
    """Raises ValueError for a name that the lock does not have (misspelled, it would be left in) or that is needed."""
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)
    left_out = {name.strip().lower() for name in names if name.strip() and not name.startswith("#")}
    needed_by: dict[str, set[str]] = {}
    for entry in entries:  # a package has several when its version depends on Python's
        needed_by.setdefault(_name(entry), set()).update(_via(entry))
    if unknown := sorted(left_out - needed_by.keys() - set().union(*needed_by.values())):
        raise ValueError(f"not in the lock: {', '.join(unknown)}")
    kept = _reached(needed_by, left_out)
    if needed := sorted(name for name in left_out if needed_by.get(name, set()) & kept):
        raise ValueError(f"needed by what stays: {', '.join(needed)}")
    return "".join(entry for entry in entries if _name(entry) in kept)


def _reached(needed_by: Mapping[str, set[str]], left_out: set[str]) -> set[str]:
    """Packages that something outside the lock asks for (a .in file, torch), and what those need."""
    reached: set[str] = set()
    grown = True
    while grown:
        more = {
            name
            for name, needing in needed_by.items()
            if name not in left_out | reached
            and any(each in reached or (each not in needed_by and each not in left_out) for each in needing)
        }
        reached |= more
        grown = bool(more)
    return reached


def _name(entry: str) -> str:
    return re.split(r"[=\s;\[]", entry, maxsplit=1)[0].lower()


def _via(entry: str) -> set[str]:
    """`-r requirements.in` is one of them where we ask for the package ourselves."""
    _, _, remarks = entry.partition("# via")
    return {line.strip("# ") for line in remarks.splitlines() if line.strip("# ")}


if __name__ == "__main__":
    lock_file, names_file = map(Path, sys.argv[1:3])
    sys.stdout.write(without(lock_file.read_text(), names_file.read_text().splitlines()))
