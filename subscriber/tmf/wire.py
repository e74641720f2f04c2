"""Building blocks of TM Forum bodies: strict types, so that an odd value is an error and not a guess."""

import re
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictStr


class Wire(BaseModel):
    """Fields that we do not use may be anything."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _written_date(value: object) -> object:
    """Pydantic would take a bare number for seconds since 1970."""
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
        return value
    raise ValueError("not a date in ISO 8601")


def by_name(value: object) -> dict[str, object]:
    """TM Forum characteristics `[{name, value}, ...]` as a mapping; a name given twice is an error."""
    if value is None:
        return {}
    if not isinstance(value, list):
        raise ValueError("characteristics are a list")
    found: dict[str, object] = {}
    for entry in value:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or entry["name"] in found:
            raise ValueError("a characteristic has one name and one value")
        found[entry["name"]] = entry.get("value")
    return found


Text = Annotated[StrictStr, Field(min_length=1, max_length=500)]
WrittenDate = BeforeValidator(_written_date)
Moment = Annotated[AwareDatetime, WrittenDate]


class Place(Wire):
    id: Text
    name: StrictStr = ""


class Reference(Wire):
    id: Text
