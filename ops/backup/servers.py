"""The two servers of a state folder, whether Firstline runs, is stopped, or they are the operator's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops import credentials, preflight, running
from ops.backup.manifest import BackupFailed
from ops.embedded import EmbeddedPostgres, EmbeddedRedis
from ops.processes import Children, NotReady
from settings import ROOT, Settings


@dataclass(frozen=True, slots=True)
class Servers:
    settings: Settings
    redis_url: str
    database_url: str
    is_ours_to_change: bool  # no Firstline runs with this state folder, and none can start meanwhile

    @property
    def state(self) -> Path:
        return self.settings.firstline_state


@contextmanager
def reached(root: Path = ROOT) -> Iterator[Servers]:
    """Those that run are used; embedded ones that do not are started, and stopped afterwards. Raises BackupFailed."""
    settings, given = running.settings(root), credentials.environment_of(root)
    try:
        lock = preflight.claim_state(settings.firstline_state)
    except preflight.CannotStart:
        yield Servers(settings, settings.redis_url, settings.database_url, is_ours_to_change=False)
        return
    children = Children()
    with lock:
        try:
            redis_url = given.get("REDIS_URL") or _redis(settings.firstline_state, children)
            database_url = given.get("DATABASE_URL") or _postgres(settings.firstline_state, children)
            yield Servers(settings, redis_url, database_url, is_ours_to_change=True)
        except NotReady as error:
            raise BackupFailed(str(error)) from error
        finally:
            children.stop()


def _redis(state: Path, children: Children) -> str:
    server = EmbeddedRedis.start(state / "redis", log=state / "logs" / "redis.log")
    children.add(server.child)
    return server.url


def _postgres(state: Path, children: Children) -> str:
    server = EmbeddedPostgres.start(state / "postgres", log=state / "logs" / "postgres.log")
    children.add(server.child)
    return server.ensure_database("firstline")
