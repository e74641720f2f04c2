"""`python lock_without.py LOCK NAMES`: the lock without these packages, for an image that does not run them."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path


def without(lock: str, names: Iterable[str]) -> str:
    """Raises ValueError for a name that the lock does not have: it would be left in by a misspelling."""
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)
    left_out = {name.strip().lower() for name in names if name.strip() and not name.startswith("#")}
    known = {_name(entry) for entry in entries}
    if unknown := sorted(left_out - known):
        raise ValueError(f"not in the lock: {', '.join(unknown)}")
    return "".join(entry for entry in entries if _name(entry) not in left_out)


def _name(entry: str) -> str:
    return re.split(r"[=\s;\[]", entry, maxsplit=1)[0].lower()


if __name__ == "__main__":
    lock_file, names_file = map(Path, sys.argv[1:3])
    sys.stdout.write(without(lock_file.read_text(), names_file.read_text().splitlines()))
