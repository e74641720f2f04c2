"""`python -m ops.inspect`: the daily inspection, for people and for cron."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from ops import running
from ops.inspection.finding import Finding, State
from ops.inspection.limits import LimitsWrong
from ops.inspection.round import Inspection, inspect


def main(given: Sequence[str] | None = None) -> int:
    """The exit code is the worst state: 0 ok, 1 warn, 2 bad (and 2 when inspection.yml is wrong)."""
    parser = argparse.ArgumentParser(prog="python -m ops.inspect", description="Looks at everything Firstline needs.")
    parser.add_argument("--json", action="store_true", help="for programs: one object")
    parser.add_argument("--quiet", action="store_true", help="only what is not well, and nothing when all is: for cron")
    asked = parser.parse_args(given)
    try:
        found = asyncio.run(inspect(running.settings()))
    except LimitsWrong as error:
        sys.stderr.write(f"{error}\n")
        return int(State.BAD)
    sys.stdout.write(json.dumps(as_json(found), indent=2) + "\n" if asked.json else as_text(found, quiet=asked.quiet))
    return int(found.state)


def as_json(found: Inspection) -> dict[str, Any]:
    return {
        "at": found.at.isoformat(timespec="seconds"),
        "state": found.state.word,
        "findings": [
            {
                "about": finding.about,
                "state": finding.state.word,
                "measure": finding.measure,
                "threshold": finding.threshold,
                "advice": finding.advice,
            }
            for finding in found.findings
        ],
    }


def as_text(found: Inspection, *, quiet: bool = False) -> str:
    """A line each, and below it what to do."""
    return "".join(_line(finding) for finding in found.findings if not quiet or finding.state is not State.OK)


def _line(finding: Finding) -> str:
    line = f"{finding.state.word:<5} {finding.about:<28} {finding.measure}"
    if finding.threshold:
        line += f"  [{finding.threshold}]"
    return f"{line}\n" + (f"      {finding.advice}\n" if finding.advice else "")


if __name__ == "__main__":
    sys.exit(main())
