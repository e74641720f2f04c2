"""What goes over a wire can be stored: the base of every model that crosses the door."""

import re

from pydantic import BaseModel, ConfigDict, model_validator

DEEPEST = 32  # lists and objects inside one another; an attachment of TMF621 needs six
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: object, *, depth: int = 0) -> object:
    """The same JSON value without what PostgreSQL cannot keep: NUL, and halves of UTF-16 pairs.

    Raises ValueError for lists and objects nested deeper than `DEEPEST`.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if not isinstance(value, dict | list | tuple):
        return value
    if depth == DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        return {storable(key): storable(entry, depth=depth + 1) for key, entry in value.items()}
    return [storable(entry, depth=depth + 1) for entry in value]


class Wire(BaseModel):
    """Frozen; fields it does not know are ignored, so that the two ends may be of different age.

    Every text is made storable.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: object) -> object:
        return storable(given)
