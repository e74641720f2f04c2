"""Everything comes back: the state is destroyed, and tickets, conversations and calls are found again."""

import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from escalation.migrate import upgrade
from ops import credentials, preflight
from ops.backup import __main__ as command
from ops.backup import archive, database, servers, task
from ops.backup.manifest import BackupFailed, Manifest, check_schema, policy_now
from ops.backup.sealed import seal, unseal
from ops.backup.servers import Servers
from settings import Settings

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TALK = "6f0f2f7e-52a4-4b62-a2b6-4f6f5c2f4a01"
pytestmark = pytest.mark.slow


@pytest.fixture
def here(settings: Settings, migrated: str, tmp_path: Path) -> Servers:
    """Servers in use by nobody, with a contact, its words, a conversation and a call in them."""
    known = settings.model_copy(update={"firstline_state": tmp_path / "state", "database_url": migrated})
    known.firstline_state.mkdir()
    fill(migrated, settings.redis_url)
    return Servers(known, settings.redis_url, migrated, is_ours_to_change=True)


def fill(database_url: str, redis_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO contacts (id, channel, language, started, started_at) VALUES (%s, 'chat', 'en', true, now())",
            (TALK,),
        )
        connection.execute(
            "INSERT INTO turns (contact_id, turn_id, author, text, at, choices, about) "
            "VALUES (%s, 't1', 'customer', %s, now(), '[]', '{}')",
            (TALK, "it\tblinks \\. red; DROP TABLE turns -- ü"),
        )
    with Redis.from_url(redis_url) as redis:
        redis.hset("chat:conversation:1", mapping={"mode": "bot", "bytes": b"\x00\xff"})
        redis.xadd("chat:trail", {"kind": "turn"}, id="5-1")
        redis.set("ivr:call:CA1", "waiting", ex=3600)
        redis.set("chat:over-soon", "x", px=600_000)


def told(database_url: str) -> list[tuple[str]]:
    with psycopg.connect(database_url) as connection:
        return connection.execute("SELECT text FROM turns").fetchall()


def test_what_was_destroyed_is_there_again(here: Servers, tmp_path: Path) -> None:
    before = told(here.database_url)
    made = task.create(here, tmp_path / "backups", NOW)
    with psycopg.connect(here.database_url) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE public.rubbish (x int)")
    with Redis.from_url(here.redis_url) as redis:
        redis.flushall()
        redis.set("rubbish", 1)

    task.restore(here, made)

    assert told(here.database_url) == before
    with psycopg.connect(here.database_url) as connection:
        connection.execute(
            "INSERT INTO turns SELECT id + 1, contact_id, 't2', author, text, at, choices, about FROM turns"
        )
        assert connection.execute("SELECT to_regclass('rubbish')").fetchone() == (None,)
    with Redis.from_url(here.redis_url) as redis:
        assert redis.hgetall("chat:conversation:1") == {b"mode": b"bot", b"bytes": b"\x00\xff"}
        assert redis.xrange("chat:trail") == [(b"5-1", {b"kind": b"turn"})]
        assert 3500 < redis.ttl("ivr:call:CA1") <= 3600
        assert not redis.exists("rubbish")
    assert database.schema_at(here.database_url) != ""


def test_a_state_folder_that_is_gone_comes_back_with_its_embedded_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As people do it: the commands, and rm -rf between them."""
    with as_people_do(tmp_path, monkeypatch) as state:
        secrets, _ = credentials.demo_secrets(state, {})
        with servers.reached() as at:
            upgrade(at.database_url)
            fill(at.database_url, at.redis_url)
        (state / "knowledge").mkdir()
        for name in ("decided.jsonl", "proposed.jsonl"):
            (state / "knowledge" / name).write_text(f'{{"in": "{name}"}}\n')
        assert command.main(["create"]) == 0
        shutil.rmtree(state)

        (made,) = task.backups_in(tmp_path / "backups")
        assert command.main(["restore", str(made)]) == 0

        with servers.reached() as at:
            assert len(told(at.database_url)) == 1
            with Redis.from_url(at.redis_url) as redis:
                assert redis.get("ivr:call:CA1") == b"waiting"
        assert credentials.demo_secrets(state, {}) == (secrets, [])
        for name in ("decided.jsonl", "proposed.jsonl"):
            assert (state / "knowledge" / name).read_text() == f'{{"in": "{name}"}}\n'
        assert command.main(["list"]) == 0
        assert "with secrets" in capsys.readouterr().out
        assert made.stat().st_mode & 0o077 == 0


def test_restoring_is_refused_while_firstline_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with as_people_do(tmp_path, monkeypatch) as state, preflight.claim_state(state):
        assert command.main(["restore", str(tmp_path / "any.tar")]) == 1

    assert "running: stop it first" in capsys.readouterr().err


@contextmanager
def as_people_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that PostgreSQL's own user may enter, when we are root."""
    for name in ("REDIS_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    state = Path(f"/tmp/firstline-backup-{os.getpid()}")
    monkeypatch.setenv("FIRSTLINE_STATE", str(state))
    monkeypatch.setenv("FIRSTLINE_BACKUPS", str(tmp_path / "backups"))
    monkeypatch.setenv("FIRSTLINE_BACKUP_PASSPHRASE", "long and secret")
    try:
        yield state
    finally:
        shutil.rmtree(state, ignore_errors=True)


def test_restoring_is_refused_while_another_program_has_the_database_open(here: Servers, tmp_path: Path) -> None:
    made = task.create(here, tmp_path, NOW)

    with psycopg.connect(here.database_url), pytest.raises(BackupFailed, match="running"):
        task.restore(here, made)


def test_a_damaged_backup_changes_nothing(here: Servers, tmp_path: Path) -> None:
    made = task.create(here, tmp_path, NOW)
    content = bytearray(made.read_bytes())
    with tarfile.open(made) as tar:
        content[tar.getmember(task.DATABASE).offset_data + 40] ^= 1
    made.write_bytes(content)

    with pytest.raises(BackupFailed, match=task.DATABASE):
        task.restore(here, made)

    assert len(told(here.database_url)) == 1


def test_a_file_that_is_no_backup_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.tar").write_text("Dear customer")

    with pytest.raises(BackupFailed, match=r"letter\.tar is no backup"):
        archive.read_manifest(tmp_path / "letter.tar")


def test_an_older_schema_is_restored_only_when_that_is_asked_for(here: Servers, tmp_path: Path) -> None:
    with psycopg.connect(here.database_url) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    upgrade(here.database_url, "0011")
    made = task.create(here, tmp_path, NOW)

    with pytest.raises(BackupFailed, match="--upgrade"):
        task.restore(here, made)
    task.restore(here, made, upgrade=True)

    assert database.schema_at(here.database_url) > "0011"


def test_a_newer_schema_is_never_restored() -> None:
    with pytest.raises(BackupFailed, match="newer Firstline"):
        check_schema("9999", upgrade=True)


def test_what_stays_is_the_newest(here: Servers, tmp_path: Path) -> None:
    made = [task.create(here, tmp_path, NOW + timedelta(days=day)) for day in range(3)]

    gone = task.forget_old(tmp_path, 2)

    assert gone == [made[0]]
    assert task.backups_in(tmp_path) == [made[2], made[1]]


def test_secrets_stay_out_without_a_passphrase(here: Servers, tmp_path: Path) -> None:
    credentials.demo_secrets(here.state, {})

    made = task.create(here, tmp_path, NOW)

    assert task.SECRETS not in archive.read_manifest(made).parts


def test_another_passphrase_opens_nothing() -> None:
    sealed = seal(b"TOKEN=abc", "right")

    assert b"abc" not in sealed
    assert unseal(sealed, "right") == b"TOKEN=abc"
    with pytest.raises(BackupFailed, match="another FIRSTLINE_BACKUP_PASSPHRASE"):
        unseal(sealed, "wrong")


def test_policy_files_that_have_changed_are_named(here: Servers, tmp_path: Path) -> None:
    made = task.create(here, tmp_path, NOW)
    then: Manifest = archive.read_manifest(made)

    assert then.policy == policy_now()
    assert task.restore(here, made).other_policy == []
