"""What a backup says of itself, before anything in it is touched."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from pydantic import BaseModel, ConfigDict

from settings import ROOT

NAME = "manifest.json"
POLICY = ROOT / "data" / "operator"
_MIGRATIONS = ROOT / "escalation" / "migrations"


class BackupFailed(Exception):
    """The text is for the person who asked for it; nothing was changed unless it says so."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)

    sha256: str
    size: int  # bytes


class Manifest(BaseModel):
    """`schema_at`: the database's revision. `policy`: SHA-256 of each policy file at that time, by its name."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    made_at: datetime
    schema_at: str
    policy: Mapping[str, str]
    knowledge: str  # the name of the live index, which is built again out of the articles
    parts: Mapping[str, Part]


def policy_now(folder: Path = POLICY) -> dict[str, str]:
    files = sorted(folder.glob("*.yml"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def check_schema(schema_at: str, *, upgrade: bool) -> bool:
    """Whether the restored database must be migrated. Raises BackupFailed when this Firstline may not or cannot."""
    scripts = ScriptDirectory.from_config(_config())
    head = scripts.get_current_head()
    if schema_at == head:
        return False
    try:
        scripts.get_revision(schema_at)
    except CommandError:
        raise BackupFailed(
            f"The backup's database is at revision {schema_at}, which this version does not know: it was made by a "
            "newer Firstline. Restore it with that version."
        ) from None
    if not upgrade:
        raise BackupFailed(
            f"The backup's database is at revision {schema_at}, this version needs {head}. "
            "Restore it with --upgrade, or with the version that made it."
        )
    return True


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config
