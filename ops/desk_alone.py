"""Escalation by itself, to measure or to hurt it: servers, application and watches, each a process of its own.

With `web`, the whole public port in place of escalation: the console and the front doors, without the assistant.
"""

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Literal

import httpx

from ops.embedded import EmbeddedPostgres, EmbeddedRedis, free_port
from ops.processes import Child, Children, Command
from settings import ROOT

_SERVE = (
    "import sys, uvicorn, background, settings; from {program} import create_app; "
    "app = create_app(settings.load()); background.settle_in(); "
    "uvicorn.run(app, port=int(sys.argv[1]), log_level='warning', access_log=False)"
)
_PROGRAMS: Mapping[str, str] = {"escalation": "escalation.app", "web": "web"}


class DeskAlone:
    """`children` by name: redis, postgres, the program, and watch-1, watch-2 ... as far as they were started.

    Raises NotReady when one does not come up, with none of them left running.
    """

    def __init__(self, folder: Path, program: Literal["escalation", "web"] = "escalation") -> None:
        self._folder = folder
        self._token = secrets.token_urlsafe()
        self.demo_password = secrets.token_urlsafe()
        self.children = Children()
        try:
            self._start_all(program)
        except BaseException:
            self.children.stop()
            raise

    def _start_all(self, program: str) -> None:
        folder = self._folder
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
            "FIRSTLINE_DEMO_PASSWORD": self.demo_password,
            "FIRSTLINE_WEB_URL": self.url,
            "TWILIO_AUTH_TOKEN": f"{self._token}-telephone",
            "REDIS_URL": self.redis_url,
            "DATABASE_URL": self.database_url,
        }
        self._start("escalation.migrate", [sys.executable, "-m", "escalation.migrate"]).ended_within(60)
        serve = _SERVE.format(program=_PROGRAMS[program])
        self._start(program, [sys.executable, "-c", serve, str(port)], is_served=True)

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
def running(
    program: Literal["escalation", "web"] = "escalation", *, kept_in: Path | None = None
) -> Iterator[DeskAlone]:
    """`kept_in`: where its databases stay for the next time; without it nothing is left."""
    with nullcontext(kept_in) if kept_in else tempfile.TemporaryDirectory(prefix="firstline-desk-") as folder:
        desk = DeskAlone(Path(folder), program)
        try:
            yield desk
        finally:
            desk.children.stop()
