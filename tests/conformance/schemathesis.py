"""schemathesis, run by uv in an environment of its own: requests made up out of a description of an API."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from settings import ROOT

UV = ROOT / ".venv" / "bin" / "uv"
SCHEMATHESIS = "schemathesis==4.32.5"
MOST_S = 540

runs = [
    pytest.mark.skipif(not UV.exists(), reason="uv is not installed in .venv"),
    pytest.mark.skipif(os.environ.get("FIRSTLINE_CONFORMANCE") != "1", reason="set FIRSTLINE_CONFORMANCE=1 (uses uv)"),
]


async def asked(description: Path, address: str, headers: Mapping[str, str], *options: str) -> None:
    """Raises AssertionError with what was found; also when the run does not end."""
    report = description.with_suffix(".txt")
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    with report.open("wb") as out:
        asking = await asyncio.create_subprocess_exec(
            *(str(UV), "tool", "run", SCHEMATHESIS, "run", str(description), "--url", address),
            *given,
            *("--seed", "621", "--no-color"),
            *options,
            cwd=description.parent,
            stdout=out,
            stderr=out,
        )
        try:
            async with asyncio.timeout(MOST_S):
                await asking.wait()
        except TimeoutError:
            asking.kill()
            await asking.wait()
    assert asking.returncode == 0, report.read_text()
