"""What goes over a wire can be stored: the base of every model that crosses the door."""

import re

from pydantic import BaseModel, ConfigDict, model_validator

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: object) -> object:
    """The same JSON value without what PostgreSQL cannot keep: NUL, and halves of UTF-16 pairs."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {storable(key): storable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [storable(entry) for entry in value]
    return value


class Wire(BaseModel):
    """Frozen; fields it does not know are ignored, so that the two ends may be of different age.

    Every text is made storable.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: object) -> object:
        return storable(given)
