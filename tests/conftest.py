"""Fixtures every test may ask for: a real Redis, a real PostgreSQL, settings; and the whole product for journeys."""

import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
import redis

from ops import trial
from ops.embedded import EmbeddedPostgres, EmbeddedRedis
from ops.product import Product
from settings import Settings

hypothesis.settings.register_profile("shared_machine", deadline=None)  # how long a case takes says nothing here
hypothesis.settings.load_profile("shared_machine")

os.environ.setdefault("HF_HUB_OFFLINE", "1")
_numbers = itertools.count(1)


SERVERS = {"redis_url", "database_url", "product"}
MODEL = {"built"}
MADE_ONCE = ("product", "built")  # what takes longest to make: all tests that ask for one run beside each other


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups, which it does once
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that needs a server or the model is slow, without anybody saying so; a file stays in one worker."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if (SERVERS | MODEL) & fixtures:
            item.add_marker(pytest.mark.slow)
        made_once = next((name for name in MADE_ONCE if name in fixtures), None)
        item.add_marker(pytest.mark.xdist_group(made_once or str(item.path)))


@pytest.fixture(scope="session")
def _redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    folder = tmp_path_factory.mktemp("redis")
    server = EmbeddedRedis.start(folder / "data", log=folder / "redis.log")
    yield server
    server.child.stop()


@pytest.fixture
def redis_url(_redis: EmbeddedRedis) -> str:
    """An empty Redis."""
    with redis.Redis.from_url(_redis.url) as client:
        client.flushall()
    return _redis.url


@pytest.fixture(scope="session")
def _postgres() -> Iterator[EmbeddedPostgres]:
    """Not below pytest's folder, which is closed to the system user that PostgreSQL runs as when we are root."""
    with tempfile.TemporaryDirectory(prefix="firstline-test-") as name:
        folder = Path(name)
        server = EmbeddedPostgres.start(folder / "data", log=folder / "postgres.log")
        yield server
        server.child.stop()


@pytest.fixture
def database_url(_postgres: EmbeddedPostgres) -> Iterator[str]:
    """An empty database, dropped afterwards."""
    name = f"test_{next(_numbers)}"
    yield _postgres.ensure_database(name)
    with psycopg.connect(_postgres.url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(tmp_path: Path, redis_url: str, request: pytest.FixtureRequest) -> Settings:
    """Demo settings with every secret set; `database_url` joins when the test asks for it too."""
    database = request.getfixturevalue("database_url") if "database_url" in request.fixturenames else ""
    return Settings(
        _env_file=None,
        firstline_demo=True,
        firstline_state=tmp_path / "state",
        firstline_api_token="test-api-token",
        firstline_admin_token="test-admin-token",
        firstline_webhook_secrets="test-webhook-secret",
        firstline_internal_token="test-internal-token",
        firstline_operator_token="test-operator-token",
        firstline_demo_password="test-demo-password",
        twilio_account_sid="AC00000000000000000000000000000001",
        twilio_auth_token="test-twilio-token",
        twilio_from_number="+442079460000",
        redis_url=redis_url,
        database_url=database or "postgresql://unset",
    )


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """All of Firstline, as `scripts/run` starts it; one for the whole run. A busy machine may take its time."""
    with trial.running(BOT_GIVE_UP_S="300") as firstline:
        yield firstline
