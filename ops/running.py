"""Where the Firstline of this state folder is: what a start chose, kept while it runs for other commands."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from ops import credentials
from settings import ROOT, Settings

NAMES = (
    "REDIS_URL",
    "DATABASE_URL",
    "RASA_URL",
    "FIRSTLINE_WEB_URL",
    "FIRSTLINE_INNER_URL",
    "FIRSTLINE_OUTBOUND_URL",
    "FIRSTLINE_OPERATOR_URL",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_API_BASE",
)


def file_of(state: Path) -> Path:
    return state / "running.env"


def remember(state: Path, environment: Mapping[str, str]) -> None:
    """Only its owner reads the file: an address of an embedded Redis has its password."""
    file = file_of(state)
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text("".join(f"{name}={environment[name]}\n" for name in NAMES if environment.get(name)), "utf-8")


def forget(state: Path) -> None:
    file_of(state).unlink(missing_ok=True)


def settings(root: Path = ROOT) -> Settings:
    """What is set wins; then what the running start chose and generated."""
    given = credentials.environment_of(root)
    state = (root / given.get("FIRSTLINE_STATE", ".firstline")).resolve()
    values: dict[str, Any] = {}
    for file in (credentials.secrets_file(state), file_of(state)):
        values |= {name: value for name, value in dotenv_values(file).items() if value} if file.exists() else {}
    values |= {name: value for name, value in given.items() if value} | {"FIRSTLINE_STATE": str(state)}
    known = {name.lower(): value for name, value in values.items() if name.lower() in Settings.model_fields}
    return Settings(_env_file=None, **known)
