"""Firstline as a whole: which programs it is made of, what each is told, and how to ask whether it is ready."""

import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bounded import MOST_FRAME_BYTES
from ops.embedded import EmbeddedPostgres, EmbeddedRedis, free_port
from ops.preparing import Preparation, Step
from ops.processes import Child, Children, Command
from settings import ROOT, Settings

RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
EMBEDDED = ("REDIS_URL", "DATABASE_URL", "RASA_URL", "FIRSTLINE_OPERATOR_URL")  # given = used, else ours is started
DEMO_TWILIO_ACCOUNT = "AC" + "0" * 32  # at the demo operator's stand-in
# One thread per library: the programs share the cores among themselves, and small models lose by more.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Product:
    """Starts the programs in order and stops them in the opposite order.

    `environment` is what the operator set plus the secrets, by name. `say` is told each step, for people to watch.
    """

    def __init__(self, state: Path, environment: dict[str, str], say: Callable[[str], None] = lambda _: None) -> None:
        self.state = state.resolve()
        self.children = Children()
        self._say = say
        self._ours = {name for name in EMBEDDED if not environment.get(name)}
        self.environment = {
            **environment,
            "FIRSTLINE_STATE": str(self.state),
            **self._addresses(environment),
        }

    def _addresses(self, environment: dict[str, str]) -> dict[str, str]:
        """Where each program listens: a free loopback port, but for the public one."""
        host, port = environment.get("FIRSTLINE_HOST", "127.0.0.1"), environment.get("FIRSTLINE_PORT", "8000")
        addresses = {
            "FIRSTLINE_HOST": host,
            "FIRSTLINE_PORT": port,
            "FIRSTLINE_WEB_URL": f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}",  # noqa: S104
        }
        for name in (
            "FIRSTLINE_INNER_URL",
            "FIRSTLINE_OUTBOUND_URL",
            *(self._ours & {"RASA_URL", "FIRSTLINE_OPERATOR_URL"}),
        ):
            addresses[name] = f"http://127.0.0.1:{free_port()}"
        if "FIRSTLINE_OPERATOR_URL" in addresses and not environment.get("TWILIO_ACCOUNT_SID"):
            addresses["TWILIO_API_BASE"] = addresses["FIRSTLINE_OPERATOR_URL"]  # a real account keeps Twilio's cloud
            addresses["TWILIO_ACCOUNT_SID"] = DEMO_TWILIO_ACCOUNT
        if "FIRSTLINE_OPERATOR_URL" in addresses and not environment.get("CUSTOMER_LOGIN_KEYS_URL"):
            addresses["CUSTOMER_LOGIN_ISSUER"] = addresses["FIRSTLINE_OPERATOR_URL"]
            addresses["CUSTOMER_LOGIN_KEYS_URL"] = f"{addresses['FIRSTLINE_OPERATOR_URL']}/demo/login/keys"
        return addresses

    @property
    def url(self) -> str:
        """The public port, from this machine."""
        return self.environment["FIRSTLINE_WEB_URL"]

    @property
    def settings(self) -> Settings:
        """What every program reads out of the environment it is given."""
        known = {
            name.lower(): value for name, value in self.environment.items() if name.lower() in Settings.model_fields
        }
        return Settings(_env_file=None, **known)  # type: ignore[arg-type]  # pydantic reads the strings

    def start(self) -> None:
        """Raises NotReady, with everything stopped again, when one program does not come up."""
        try:
            self._prepare()
            self._start_programs()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self.children.stop()

    def _log(self, name: str) -> Path:
        return self.state / "logs" / f"{name}.log"

    def _start_storage(self) -> None:
        if "REDIS_URL" in self._ours:
            self._say("Redis")
            redis = EmbeddedRedis.start(self.state / "redis", log=self._log("redis"))
            self.children.add(redis.child)
            self.environment["REDIS_URL"] = redis.url
        if "DATABASE_URL" in self._ours:
            self._say("PostgreSQL")
            postgres = EmbeddedPostgres.start(self.state / "postgres", log=self._log("postgres"))
            self.children.add(postgres.child)
            self.environment["DATABASE_URL"] = postgres.ensure_database("firstline")

    def _prepare(self) -> None:
        """Build what is derived from articles and training data where those changed, start the databases beside it,
        and migrate."""
        with Preparation(self.environment, self.state / "logs", self._say) as preparation:
            building = "knowledge base: embedding and measuring what changed (minutes the first time)"
            preparation.begin(Step("knowledge", building, [sys.executable, "-m", "knowledge.build", "--serve-on"]))
            if "RASA_URL" in self._ours:
                training = "assistant: training if its data changed (about 20 s)"
                preparation.begin(Step("training", training, [str(RASA_PYTHON), "-m", "bot.train"]))
            self._start_storage()
            migrating = "bringing the database up to date"
            preparation.begin(Step("database", migrating, [sys.executable, "-m", "escalation.migrate"]))
            printed = preparation.finish()
        if "training" in printed:
            self._model = printed["training"].splitlines()[-1]

    def _start_programs(self) -> None:
        """All at once, because each waits for its own start-up; then each is awaited by name."""
        programs = [self.children.add(Child(command, log=self._log(command.name))) for command in self._commands()]
        for program in programs:
            program.spawn()
        for program in programs:
            self._say(program.command.name)
            program.wait_ready()

    def _commands(self) -> list[Command]:
        internal = self.settings.internal_token
        commands = []
        if "FIRSTLINE_OPERATOR_URL" in self._ours:
            commands.append(
                self._web("operator", "subscriber.demo.app:create_app", "FIRSTLINE_OPERATOR_URL", "/health", "")
            )
        commands += [
            self._web("outbound", "outbound.app:create_app", "FIRSTLINE_OUTBOUND_URL", "/outbound/v1/health", internal),
            self._web("inner", "inner:create_app", "FIRSTLINE_INNER_URL", "/knowledge/v1/health", internal),
        ]
        if "RASA_URL" in self._ours:
            commands.append(self._rasa())
        commands += [
            self._web(
                "web",
                "web:create_app",
                "FIRSTLINE_WEB_URL",
                "/health/live",
                "",
                bind=self.environment["FIRSTLINE_HOST"],
            ),
            Command(
                "watch",
                [sys.executable, "-m", "escalation.watch"],
                ready=lambda: _answers(f"{self.environment['FIRSTLINE_WEB_URL']}/health/ready", "", strictly=True),
                environment=self.environment | ONE_THREAD,
                folder=ROOT,
            ),
        ]
        return commands

    def _web(
        self, name: str, factory: str, url_name: str, health: str, token: str, *, bind: str = "127.0.0.1"
    ) -> Command:
        url = self.environment[url_name]
        return Command(
            name,
            [
                *(
                    sys.executable,
                    "-m",
                    "uvicorn",
                    factory,
                    "--factory",
                    "--host",
                    bind,
                    "--port",
                    str(urlsplit(url).port),
                ),
                *("--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "5"),
                *("--ws-ping-interval", "10", "--ws-ping-timeout", "10"),  # a dead network is noticed in 20 s
                *("--ws-max-size", str(MOST_FRAME_BYTES)),
            ],
            ready=lambda: _answers(url + health, token),
            environment=self.environment | ONE_THREAD,
            folder=ROOT,
        )

    def _rasa(self) -> Command:
        url = self.environment["RASA_URL"]
        return Command(
            "rasa",
            [str(RASA_PYTHON), "-m", "bot.server", "--model", self._model, "--port", str(urlsplit(url).port)],
            ready=lambda: _answers(f"{url}/webhooks/firstline/health", "", strictly=True),
            environment=self.environment | ONE_THREAD,
            folder=ROOT,
        )


def _answers(url: str, token: str, *, strictly: bool = False) -> bool:
    """Whether a program answers there without a failure of its own; strictly: with 200."""
    try:
        reply = httpx.get(url, headers={"Authorization": f"Bearer {token}"} if token else {}, timeout=2)
    except httpx.TransportError:
        return False
    return reply.status_code == 200 if strictly else reply.status_code < 500
