"""A Firstline of one's own, to test or measure: free ports, its own state, gone afterwards."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ops import credentials
from ops.embedded import free_port
from ops.product import EMBEDDED, Product


@contextmanager
def running(say: Callable[[str], None] = lambda _: None, **changed: str) -> Iterator[Product]:
    """The whole demo product, every server embedded; `changed` are settings by their names in the environment."""
    with tempfile.TemporaryDirectory(prefix="firstline-trial-") as folder:
        state = Path(folder) / "state"
        given = {name: value for name, value in os.environ.items() if name not in EMBEDDED}
        given |= {"FIRSTLINE_DEMO": "true", "FIRSTLINE_PORT": str(free_port()), "HF_HUB_OFFLINE": "1", **changed}
        secrets, _ = credentials.demo_secrets(state, given)
        product = Product(state, {**given, **secrets}, say)
        product.start()
        try:
            yield product
        finally:
            product.stop()
