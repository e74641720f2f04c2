"""Rasa as it comes, in an environment of its own: ours is installed without TensorFlow, which stock Rasa needs."""

from pathlib import Path

from ops.setup import Environment, find_rasa_python, set_up
from settings import ROOT

DISK_GB = 4.0


def stock_rasa() -> Path:
    """The command `rasa`; the environment is made at the first call (2.7 GB). Raises `ops.setup.SetupFailed`."""
    lock = ROOT / "benchmarks" / "stock_rasa.lock"
    environment = Environment("stock Rasa", ROOT / ".venv-stock", [lock], find_rasa_python, DISK_GB)
    if not environment.is_current():
        set_up([environment])
    return environment.folder / "bin" / "rasa"
