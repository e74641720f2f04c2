"""The demo's secrets: what is not given is generated once, into a file of the state folder only its owner reads."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from dotenv import dotenv_values

from ops.preflight import CannotStart
from secret_values import SUFFIX, from_files
from settings import secret_names

DEMO_SECRETS: dict[str, Callable[[], str]] = {
    "FIRSTLINE_API_TOKEN": lambda: secrets.token_urlsafe(32),
    "FIRSTLINE_ADMIN_TOKEN": lambda: secrets.token_urlsafe(32),
    "FIRSTLINE_WEBHOOK_SECRETS": lambda: secrets.token_urlsafe(32),
    "FIRSTLINE_INTERNAL_TOKEN": lambda: secrets.token_urlsafe(32),
    "FIRSTLINE_OPERATOR_TOKEN": lambda: secrets.token_urlsafe(32),
    "FIRSTLINE_DEMO_PASSWORD": lambda: secrets.token_urlsafe(9),
    "TWILIO_AUTH_TOKEN": lambda: secrets.token_hex(16),
    "TWILIO_FROM_NUMBER": lambda: "+442079460000",  # in the range Ofcom keeps for fiction
}


def secrets_file(state: Path) -> Path:
    return state / "secrets.env"


def demo_secrets(state: Path, given: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Every demo secret by name, and the names that were generated just now.

    `given` (the environment and `.env`) wins; then what an earlier start generated.
    """
    file = secrets_file(state)
    kept = {name: value for name, value in dotenv_values(file).items() if value} if file.exists() else {}
    fresh = {name: make() for name, make in DEMO_SECRETS.items() if not given.get(name) and name not in kept}
    if fresh:
        state.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_text("".join(f"{name}={value}\n" for name, value in {**kept, **fresh}.items()), encoding="utf-8")
    return {name: given.get(name) or kept.get(name) or fresh[name] for name in DEMO_SECRETS}, list(fresh)


def environment_of(root: Path) -> dict[str, str]:
    """What the operator has set: `.env`, overridden by the environment, and what the files of secrets hold.

    Raises CannotStart for a file that cannot be read.
    """
    file = {name: value for name, value in dotenv_values(root / ".env").items() if value}
    given = {**file, **os.environ}
    try:
        read = from_files(given, secret_names())
    except ValueError as error:
        raise CannotStart(str(error)) from None
    return {name: value for name, value in given.items() if name.removesuffix(SUFFIX) not in read} | read
