from pathlib import Path

import psycopg
import pytest
import redis

from ops.embedded import EmbeddedPostgres, EmbeddedRedis

pytestmark = pytest.mark.slow


def test_what_redis_took_is_there_after_a_restart(tmp_path: Path) -> None:
    server = EmbeddedRedis.start(tmp_path / "data", log=tmp_path / "log")
    with redis.Redis.from_url(server.url) as client:
        client.set("chat:kept", "yes")
    server.child.stop()

    server = EmbeddedRedis.start(tmp_path / "data", log=tmp_path / "log")

    with redis.Redis.from_url(server.url, decode_responses=True) as client:
        assert client.get("chat:kept") == "yes"
    server.child.stop()


def test_redis_is_closed_without_the_password(tmp_path: Path) -> None:
    server = EmbeddedRedis.start(tmp_path / "data", log=tmp_path / "log")
    port = server.url.rpartition(":")[2]

    with redis.Redis.from_url(f"redis://127.0.0.1:{port}") as stranger:
        try:
            stranger.get("chat:kept")
            answered = True
        except redis.AuthenticationError:
            answered = False

    assert not answered
    server.child.stop()


def test_committed_rows_survive_a_crash_of_postgres(tmp_path: Path) -> None:
    server = EmbeddedPostgres.start(tmp_path / "data", log=tmp_path / "log")
    with psycopg.connect(server.ensure_database("firstline")) as connection:
        connection.execute("CREATE TABLE ticket (reference text)")
        connection.execute("INSERT INTO ticket VALUES ('FL-12345674')")
    server.child.kill()

    server = EmbeddedPostgres.start(tmp_path / "data", log=tmp_path / "log")

    with psycopg.connect(server.url("firstline")) as connection:
        assert connection.execute("SELECT reference FROM ticket").fetchall() == [("FL-12345674",)]
    server.child.stop()
