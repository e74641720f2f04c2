"""A command that is told to stop puts in order what it began."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_EXIT_CODE = 128 + signal.SIGTERM


@contextmanager
def stopped_in_order() -> Iterator[None]:
    """Inside, SIGTERM raises `SystemExit` (143), as Ctrl-C raises `KeyboardInterrupt`: `finally` and `with` are done.

    Raises `ValueError` outside the main thread, where no signal arrives.
    """
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(_EXIT_CODE))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
