"""A Firstline of one's own, to test or measure: free ports, its own state, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ops import credentials
from ops.embedded import free_port
from ops.product import EMBEDDED, Product

BUILT = ("knowledge", "models", "rasa-cache")  # folders of the state that follow from what is in the repository


@contextmanager
def running(
    say: Callable[[str], None] = lambda _: None, *, built: Path | None = None, **changed: str
) -> Iterator[Product]:
    """The whole demo product, every server embedded; `changed` are settings by their names in the environment.

    `built`: the state folder of another Firstline, whose knowledge index and assistant are copied, not made again.
    """
    with tempfile.TemporaryDirectory(prefix="firstline-trial-") as folder:
        state = Path(folder) / "state"
        if built is not None:
            for name in BUILT:
                shutil.copytree(built / name, state / name)
        given = {name: value for name, value in os.environ.items() if name not in EMBEDDED}
        given |= {"FIRSTLINE_DEMO": "true", "FIRSTLINE_PORT": str(free_port()), "HF_HUB_OFFLINE": "1", **changed}
        secrets, _ = credentials.demo_secrets(state, given)
        product = Product(state, {**given, **secrets}, say)
        product.start()
        try:
            yield product
        finally:
            product.stop()
