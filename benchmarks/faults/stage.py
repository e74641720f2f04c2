"""The product with everything at hand that can be broken: its programs, its storage behind wires, its disk."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.wire import Network, Wire, network
from ops import trial
from ops.embedded import EmbeddedPostgres, EmbeddedRedis
from ops.processes import Child
from ops.product import Product

DISK_MB = 3000
SKEW_LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")  # Debian's package `faketime`


@dataclass
class Stage:
    product: Product
    storage: dict[str, Child]  # redis, postgres: ours, not the product's
    redis_url: str  # past the wire
    database_url: str  # past the wire
    network: Network
    wires: dict[str, Wire]  # redis, postgres
    disk: Path | None  # where the whole state lies when that is a small file system of its own
    held: set[str] = field(default_factory=set)  # programs that stay as they are for now

    def child(self, name: str) -> Child:
        return self.storage[name] if name in self.storage else self.product.children.named(name)

    @property
    def programs(self) -> list[Child]:
        return [*self.storage.values(), *self.product.children]

    def supervise(self) -> list[str]:
        """Start again what ended by itself, as `scripts/run` does; their names."""
        ended = [c for c in self.programs if c.exit_code() is not None and c.command.name not in self.held]
        for child in ended:
            restart(child)
        return [child.command.name for child in ended]


def restart(child: Child) -> None:
    child.stop()
    child.spawn()


def freeze(child: Child) -> None:
    _signal(child, signal.SIGSTOP)


def thaw(child: Child) -> None:
    _signal(child, signal.SIGCONT)


def _signal(child: Child, number: signal.Signals) -> None:
    """To the program and all that it started: each is a session of its own."""
    if child.pid is not None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, number)


@contextmanager
def staged(built: Path | None) -> Iterator[Stage]:
    """The demo product with Redis and PostgreSQL behind wires; on a small disk of its own where we may mount one."""
    with _small_disk() as disk, tempfile.TemporaryDirectory(prefix="faults-", dir=disk) as name, network() as net:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL runs as another user below it
        redis = EmbeddedRedis.start(folder / "redis", log=folder / "redis.log")
        postgres = EmbeddedPostgres.start(folder / "postgres", log=folder / "postgres.log")
        storage = {"redis": redis.child, "postgres": postgres.child}
        try:
            direct = postgres.ensure_database("firstline")
            at = urlsplit(redis.url)
            wires = {
                "redis": net.wire((at.hostname or "", at.port or 0)),
                "postgres": net.wire(postgres.socket_folder / ".s.PGSQL.5432"),
            }
            given = {
                "REDIS_URL": redis.url.replace(f":{at.port}/", f":{wires['redis'].port}/"),
                "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{wires['postgres'].port}/firstline",
                "CHAT_REQUESTS_PER_MINUTE": "100000",
            }
            with _temporary_files_on(disk), trial.running(print, built=built, **given) as product:
                yield Stage(product, storage, redis.url, direct, net, wires, disk)
        finally:
            for child in storage.values():
                thaw(child)
                child.stop()


@contextmanager
def _small_disk() -> Iterator[Path | None]:
    """A file system in memory; None where we may not mount one."""
    folder = Path(tempfile.mkdtemp(prefix="firstline-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0711", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    try:
        yield folder if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        folder.rmdir()


@contextmanager
def _temporary_files_on(disk: Path | None) -> Iterator[None]:
    """The product's own state folder is made where temporary files are."""
    before, tempfile.tempdir = tempfile.tempdir, str(disk) if disk else tempfile.tempdir
    try:
        yield
    finally:
        tempfile.tempdir = before
