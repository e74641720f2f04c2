"""The operator's rules out of a file, and those about bills and payments: data/operator/billing.yml."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class PolicyFile(BaseModel):
    """A YAML file with these keys and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @classmethod
    def read(cls, file: Path) -> Self:
        """Raises ValueError with file and line of everything that is wrong."""
        text = file.read_text("utf-8")
        try:
            return cls.model_validate(yaml.safe_load(text))
        except yaml.YAMLError as error:
            raise ValueError(f"{file.name}: {error}") from error
        except ValidationError as error:
            lines = _lines(text)
            wrong = [(str(one["loc"][0]) if one["loc"] else "the file", one["msg"]) for one in error.errors()]
            told = (f"{file.name}:{lines.get(name, 1)}: {name}: {why}" for name, why in wrong)
            raise ValueError("\n".join(told)) from None


class BillingPolicy(PolicyFile):
    """`extension_most` is in the currency that the operator bills in."""

    duplicate_within_days: int = Field(ge=0, le=60)
    extension_days: int = Field(ge=1, le=60)
    extension_most: Decimal = Field(ge=0, strict=False)
    extension_asked_within_days: int = Field(ge=0, le=90)
    plan_reserve: Decimal = Field(ge=0, le=2, strict=False)


def _lines(text: str) -> dict[str, int]:
    """In which line each key stands."""
    node = yaml.compose(text, yaml.SafeLoader)
    pairs: list[Any] = node.value if isinstance(node, yaml.MappingNode) else []
    return {str(key.value): key.start_mark.line + 1 for key, _ in pairs}
