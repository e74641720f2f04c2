"""Pieces of wording of `bot/domain` that an action puts into a larger one; whole responses are Rasa's to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

PIECE = "phrase_"  # how their names begin


@dataclass(frozen=True, slots=True)
class Wording:
    """Variants by name, as the domain has them: with a `condition` on slots, or for all."""

    variants: Mapping[str, Sequence[Mapping[str, Any]]]

    @classmethod
    def read(cls, domain: Path) -> Self:
        """Out of every file of the folder. Raises `OSError` and `yaml.YAMLError`."""
        responses: dict[str, Any] = {}
        for file in sorted(domain.glob("*.yml")):
            responses |= yaml.safe_load(file.read_text(encoding="utf-8")).get("responses") or {}
        return cls({name: variants for name, variants in responses.items() if name.startswith(PIECE)})

    def piece(self, name: str, **slots: str) -> str:
        """The one for these slots, else the one for all. Raises `KeyError`."""
        variants = self.variants[name]
        fitting = [each for each in variants if each.get("condition") and _fits(each, slots)]
        general = [each for each in variants if not each.get("condition")]
        return str((fitting or general)[0]["text"])


def _fits(variant: Mapping[str, Any], slots: Mapping[str, str]) -> bool:
    return all(slots.get(need["name"]) == need["value"] for need in variant["condition"])
