"""schemathesis, run by uv in an environment of its own: requests made up out of a description of an API."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from settings import ROOT

UV = ROOT / ".venv" / "bin" / "uv"
SCHEMATHESIS = "schemathesis==4.32.5"
TWILIO = "twilio==9.13.0"
HOOKS = Path(__file__).with_name("hooks")
MOST_S = 540

runs = [
    pytest.mark.skipif(not UV.exists(), reason="uv is not installed in .venv"),
    pytest.mark.skipif(os.environ.get("FIRSTLINE_CONFORMANCE") != "1", reason="set FIRSTLINE_CONFORMANCE=1 (uses uv)"),
]


async def asked(
    description: Path, address: str, headers: Mapping[str, str], *options: str, signed_with: str = ""
) -> None:
    """Raises AssertionError with what was found; also when the run does not end.

    `signed_with`: Twilio's auth token, when the requests are to be webhooks of Twilio's.
    """
    report = description.with_suffix(".txt")
    signing = ("--with", TWILIO) if signed_with else ()
    hooks = {"SCHEMATHESIS_HOOKS": "twilio_signed", "PYTHONPATH": str(HOOKS), "FIRSTLINE_SIGNED_WITH": signed_with}
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    with report.open("wb") as out:
        asking = await asyncio.create_subprocess_exec(
            *(str(UV), "tool", "run", *signing, "--from", SCHEMATHESIS, "schemathesis", "run"),
            *(str(description), "--url", address),
            *given,
            *("--seed", "621", "--no-color"),
            *options,
            cwd=description.parent,
            env={**os.environ, **hooks} if signed_with else None,
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
