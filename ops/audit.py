"""`scripts/audit`: known vulnerabilities in what the locks name, and the licences of everything installed."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from email.message import Message
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any, cast

from settings import ROOT

LOCKS = (ROOT / "requirements.lock", ROOT / "bot" / "requirements.lock")
LICENCES = ROOT / "docs" / "licences.md"
ASK_WITHIN_S = 300
SHORT = 60  # characters; a longer entry is the whole text of a licence


def main() -> int:
    """1 when a vulnerability is known, 2 when nobody could be asked about some of them."""
    LICENCES.write_text(page(), encoding="utf-8")
    print(f"Licences: {LICENCES.relative_to(ROOT)}")
    return max(_asked_about(lock) for lock in LOCKS)


def _asked_about(lock: Path) -> int:
    name = lock.relative_to(ROOT)
    command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "-f", "json", "-r", str(lock)]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=ASK_WITHIN_S)
        found = json.loads(told.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print(f"{name}: the service that knows of vulnerabilities cannot be reached; nothing was checked")
        return 2
    for line in vulnerabilities(found):
        print(f"{name}: {line}")
    unknown = sum("skip_reason" in each for each in found)
    print(f"{name}: {len(found) - unknown} packages checked, {unknown} that the service does not know")
    if any(each.get("vulns") for each in found):
        return 1
    return 2 if unknown else 0


def vulnerabilities(found: list[dict[str, Any]]) -> Iterator[str]:
    """A line for each, out of pip-audit's list of dependencies."""
    for each in found:
        for one in each.get("vulns", ()):
            better = ", ".join(one["fix_versions"]) or "no version"
            yield f"{each['name']} {each['version']}: {one['id']}, mended in {better}"


def page() -> str:
    """Each package that the locks name, with the licence that it states itself."""
    rows = {row for folder, lock in ((".venv", LOCKS[0]), (".venv-rasa", LOCKS[1])) for row in _rows(folder, lock)}
    return "\n".join(
        (
            "# Licences\n",
            "Of every package that `requirements.lock` and `bot/requirements.lock` name, as it states it itself. "
            "Written by `scripts/audit`.\n",
            "| package | version | licence |",
            "|---|---|---|",
            *sorted(rows, key=str.casefold),
            "",
        )
    )


def _rows(folder: str, lock: Path) -> Iterator[str]:
    named = set(re.findall(r"^([\w.-]+)(?:\[.*\])?==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    wanted = {_plain(name) for name in named}
    where = [str(path) for path in (ROOT / folder).glob("lib/python*/site-packages")]
    for package in distributions(path=where):
        if _plain(package.name) in wanted:
            yield f"| {package.name} | {package.version} | {licence_of(package)} |"


def licence_of(package: Distribution) -> str:
    """Its expression, its classifiers, or the first line of its text; "not stated" without any."""
    about = cast(Message, package.metadata)
    stated = [about.get("License-Expression") or ""]
    stated += [
        ", ".join(
            line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License ::")
        )
    ]
    stated += [(about.get("License") or "").strip().split("\n")[0][:SHORT]]
    return next((each for each in stated if each and each != "UNKNOWN"), "not stated").replace("|", "/")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
