"""What can be known to go wrong before anything is started, said in plain words."""

import fcntl
import shutil
import socket
from pathlib import Path
from typing import IO

DISK_NEEDED_GB = 0.5  # databases, logs, a trained assistant
MEMORY_NEEDED_GB = 2.0  # all programs together, measured at rest and under load


class CannotStart(Exception):
    """The text is for the person who started it."""


def claim_state(state: Path) -> IO[str]:
    """Take the state folder for this start; the lock ends with the process. Raises CannotStart when it is in use."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = (state / "lock").open("w")
    except OSError as error:
        raise CannotStart(f"The state folder {state} cannot be written: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise CannotStart(f"Firstline already runs with the state folder {state}. Stop it first.") from error
    return lock


def check_port(host: str, port: int) -> None:
    """Raises CannotStart when somebody listens there, or we may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} on {host} cannot be used: {error.strerror}. "
                "Stop the program that uses it, or choose another: FIRSTLINE_PORT=8010 scripts/run"
            ) from error


def check_disk(state: Path) -> None:
    free = shutil.disk_usage(state).free / 1e9
    if free < DISK_NEEDED_GB:
        raise CannotStart(f"{state} is on a disk with {free:.2f} GB free; Firstline needs {DISK_NEEDED_GB} GB.")


def check_memory(meminfo: Path = Path("/proc/meminfo")) -> None:
    """Linux only; elsewhere nothing is known and nothing is said."""
    if not meminfo.exists():
        return
    fields = dict(line.split(":", 1) for line in meminfo.read_text().splitlines())
    free = int(fields["MemAvailable"].split()[0]) / 1e6
    if free < MEMORY_NEEDED_GB:
        raise CannotStart(f"{free:.1f} GB of memory are available; Firstline needs {MEMORY_NEEDED_GB:.0f} GB.")
