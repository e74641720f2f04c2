"""How well the trained assistant tells intents apart, on words it was not trained on."""

import subprocess
from pathlib import Path

import pytest

from ops.product import Product

ROOT = Path(__file__).resolve().parents[2]
ACCURACY_AT_LEAST = 0.92


@pytest.mark.product
def test_held_out_words_are_recognised(product: Product) -> None:
    command = [str(ROOT / ".venv-rasa" / "bin" / "python"), "-m", "bot.evaluate", "--state", str(product.state)]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    assert ended.returncode == 0, ended.stderr[-2000:]
    assert float(ended.stdout.split("accuracy ")[1].split()[0]) >= ACCURACY_AT_LEAST, ended.stdout
