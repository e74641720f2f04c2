"""What the libraries under the knowledge base would tell their makers stays here."""

import subprocess
import sys

import pytest

from settings import ROOT

LOADS = """
from pathlib import Path
from knowledge.light import LightModel
try:
    LightModel("none", Path("nowhere"))
except Exception as error:
    print(type(error).__name__)
"""


@pytest.mark.slow
def test_onnx_runtime_begins_no_telemetry() -> None:
    """It warns where it cannot keep the number of this machine that its reports carry: here it has no place for it."""
    done = subprocess.run(
        [sys.executable, "-c", LOADS],
        cwd=ROOT, env={"HOME": "/proc/nowhere"}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == "NoSuchFile"
    assert "telemetry" not in done.stderr
