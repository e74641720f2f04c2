"""The operator's rules about who is told what, and how often somebody may guess: data/operator/identity.yml."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from subscriber.standing import Level


class IdentityPolicy(BaseModel):
    """`levels` names what every action that tells or changes something of an account needs."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    levels: dict[str, Level]
    code_minutes: int = Field(ge=1, le=60)
    code_tries: int = Field(ge=1, le=10)
    codes_per_account: int = Field(ge=1, le=20)
    codes_per_caller: int = Field(ge=1, le=1000)
    code_limit_minutes: int = Field(ge=1, le=1440)
    guesses_per_account: int = Field(ge=1, le=20)
    guesses_per_caller: int = Field(ge=1, le=100)
    guess_minutes: int = Field(ge=1, le=1440)
    lock_minutes: int = Field(ge=1, le=1440)
    proof_minutes: int = Field(ge=5, le=1440)

    @classmethod
    def read(cls, file: Path) -> "IdentityPolicy":
        """Raises ValueError with file and line of everything that is wrong."""
        text = file.read_text("utf-8")
        try:
            return cls.model_validate(yaml.safe_load(text))
        except yaml.YAMLError as error:
            raise ValueError(f"{file.name}: {error}") from error
        except ValidationError as error:
            lines = _lines(text)
            wrong = [(tuple(map(str, one["loc"])), one["msg"]) for one in error.errors()]
            told = (f"{file.name}:{_line(lines, at)}: {'.'.join(at) or 'the file'}: {why}" for at, why in wrong)
            raise ValueError("\n".join(told)) from None


def _line(lines: dict[tuple[str, ...], int], at: tuple[str, ...]) -> int:
    return lines.get(at[:2]) or lines.get(at[:1]) or 1


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """In which line each key stands, two levels deep."""
    found: dict[tuple[str, ...], int] = {}

    def walk(node: Any, above: tuple[str, ...]) -> None:
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            name = (*above, str(key.value))
            found[name] = key.start_mark.line + 1
            if len(name) < 2:
                walk(value, name)

    walk(yaml.compose(text, yaml.SafeLoader), ())
    return found
