"""Escalation by itself, to measure or to hurt it: servers, application and watches, each a process of its own."""

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from ops.embedded import EmbeddedPostgres, EmbeddedRedis, free_port
from ops.processes import Child, Children, Command
from settings import ROOT

_SERVE = (
    "import sys, uvicorn, background, settings; from escalation.app import create_app; "
    "app = create_app(settings.load()); background.settle_in(); "
    "uvicorn.run(app, port=int(sys.argv[1]), log_level='warning', access_log=False)"
)


class DeskAlone:
    """`children` by name: redis, postgres, escalation, and watch-1, watch-2 ... as far as they were started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._token = secrets.token_urlsafe()
        self.children = Children()
        redis = EmbeddedRedis.start(folder / "redis", log=folder / "redis.log")
        self.children.add(redis.child)
        postgres = EmbeddedPostgres.start(folder / "postgres", log=folder / "postgres.log")
        self.children.add(postgres.child)
        self.redis_url, self.database_url = redis.url, postgres.ensure_database("firstline")
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._environment: Mapping[str, str] = {
            **os.environ,
            "FIRSTLINE_STATE": str(folder / "state"),
            "FIRSTLINE_DEMO": "true",
            "FIRSTLINE_PORT": str(port),
            "FIRSTLINE_INTERNAL_TOKEN": self._token,
            "FIRSTLINE_API_TOKEN": f"{self._token}-api",
            "REDIS_URL": self.redis_url,
            "DATABASE_URL": self.database_url,
        }
        self._start("escalation.migrate", [sys.executable, "-m", "escalation.migrate"]).ended_within(60)
        self._start("escalation", [sys.executable, "-c", _SERVE, str(port)], is_served=True)

    @property
    def headers(self) -> dict[str, str]:
        """Of our own programs."""
        return {"Authorization": f"Bearer {self._token}"}

    @property
    def client_headers(self) -> dict[str, str]:
        """Of a machine that files tickets."""
        return {"Authorization": f"Bearer {self._token}-api"}

    def start_watch(self, number: int) -> None:
        self._start(f"watch-{number}", [sys.executable, "-m", "escalation.watch"])

    def _start(self, name: str, arguments: list[str], *, is_served: bool = False) -> Child:
        command = Command(
            name,
            arguments,
            ready=self._answers if is_served else lambda: True,
            environment=self._environment,
            folder=ROOT,
        )
        child = self.children.add(Child(command, log=self._folder / f"{name}.log"))
        child.start()
        return child

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/escalation/v1/health", timeout=1).status_code < 500
        except httpx.TransportError:
            return False


@contextmanager
def running() -> Iterator[DeskAlone]:
    with tempfile.TemporaryDirectory(prefix="firstline-desk-") as name:
        desk = DeskAlone(Path(name))
        try:
            yield desk
        finally:
            desk.children.stop()
