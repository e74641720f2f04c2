"""Making a backup, and restoring one."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ops import credentials
from ops.backup import archive, database, keys
from ops.backup.manifest import BackupFailed, Manifest, check_schema, policy_now
from ops.backup.sealed import seal, unseal
from ops.backup.servers import Servers

DATABASE, KEYS, SECRETS = "database.sql.gz", "redis.jsonl.gz", "secrets.sealed"
# What people proposed for the knowledge base and decided about it (knowledge/contribution.py, rulings.py).
OF_PEOPLE = ("proposed.jsonl", "decided.jsonl")
NAMES = "firstline-*.tar"


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    keys: int
    secrets: bool
    other_policy: Sequence[str]  # policy files that are not what they were


def create(servers: Servers, folder: Path, now: datetime) -> Path:
    """Redis first, then PostgreSQL: what moves from one to the other meanwhile is in both, and comes only once."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / now.strftime("firstline-%Y%m%dT%H%M%SZ.tar")
    if target.exists():
        raise BackupFailed(f"{target} is there already.")
    schema = database.schema_at(servers.database_url)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as name:
        work = Path(name)
        keys.dump(servers.redis_url, work / KEYS)
        database.dump(servers.database_url, work / DATABASE)
        files = {KEYS: work / KEYS, DATABASE: work / DATABASE, **_of_state(servers, work)}
        manifest = Manifest(
            made_at=now,
            schema_at=schema,
            policy=policy_now(),
            knowledge=_index(servers.state),
            parts=archive.describe(files),
        )
        archive.write(target, manifest, files)
    return target


def _of_state(servers: Servers, work: Path) -> dict[str, Path]:
    """What the state folder alone has, and cannot be built again."""
    files = {}
    secrets, passphrase = credentials.secrets_file(servers.state), _passphrase(servers)
    if passphrase and secrets.exists():
        (work / SECRETS).write_bytes(seal(secrets.read_bytes(), passphrase))
        files[SECRETS] = work / SECRETS
    for name in OF_PEOPLE:
        if (servers.state / "knowledge" / name).exists():
            files[name] = servers.state / "knowledge" / name
    return files


def restore(servers: Servers, file: Path, *, upgrade: bool = False) -> Restored:
    """Raises BackupFailed, before anything is changed, when it may not or cannot be done."""
    if not servers.is_ours_to_change or database.is_used(servers.database_url):
        raise BackupFailed("Firstline is running: stop it first, everywhere it runs.")
    with tempfile.TemporaryDirectory(dir=servers.state, prefix=".restoring-") as name:
        work = Path(name)
        manifest = archive.unpack(file, work)
        must_migrate = check_schema(manifest.schema_at, upgrade=upgrade)
        secrets = _unsealed(servers, work)
        database.restore(servers.database_url, work / DATABASE)
        count = keys.restore(servers.redis_url, work / KEYS)
        _give_back(servers.state, work, secrets)
    if must_migrate:
        database.migrate(servers.database_url)
    policy = policy_now()
    other = sorted(name for name in {*policy, *manifest.policy} if policy.get(name) != manifest.policy.get(name))
    return Restored(manifest, count, bool(secrets), other)


def _unsealed(servers: Servers, work: Path) -> bytes:
    passphrase = _passphrase(servers)
    return unseal((work / SECRETS).read_bytes(), passphrase) if passphrase and (work / SECRETS).exists() else b""


def _give_back(state: Path, work: Path, secrets: bytes) -> None:
    if secrets:
        file = credentials.secrets_file(state)
        file.touch(mode=0o600)
        file.write_bytes(secrets)
    for name in OF_PEOPLE:
        if (work / name).exists():
            (state / "knowledge").mkdir(parents=True, exist_ok=True)
            (state / "knowledge" / name).write_bytes((work / name).read_bytes())


def backups_in(folder: Path) -> list[Path]:
    """The newest first: their names say when they were made."""
    return sorted(folder.glob(NAMES), reverse=True)


def forget_old(folder: Path, keep: int) -> list[Path]:
    old = backups_in(folder)[keep:]
    for file in old:
        file.unlink()
    return old


def _passphrase(servers: Servers) -> str:
    return servers.settings.firstline_backup_passphrase.get_secret_value()


def _index(state: Path) -> str:
    current = state / "knowledge" / "current"
    return current.read_text().strip() if current.exists() else ""
