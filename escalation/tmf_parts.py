"""The parts of a trouble ticket that a client files: notes, references, attachments; each of the type TMF621 says."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictFloat, StrictInt

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")  # RFC 3986


def _uri(given: str) -> str:
    if not _URI.fullmatch(given):
        raise ValueError("not a URI with its scheme")
    return given


def _date_time(given: str) -> str:
    datetime.fromisoformat(given)  # a ValueError is told to the client
    return given


def _aware(given: str) -> str:
    if datetime.fromisoformat(given).tzinfo is None:
        raise ValueError("a date-time needs its offset")
    return given


Text = Annotated[str, Field(max_length=2000)]
Uri = Annotated[str, Field(max_length=2000), AfterValidator(_uri)]
DateTime = Annotated[str, Field(max_length=60), AfterValidator(_date_time)]  # comes back as it came
AwareDateTime = Annotated[DateTime, AfterValidator(_aware)]


class Described(BaseModel):
    """What TMF621 does not name is kept as it came."""

    model_config = ConfigDict(extra="allow", frozen=True)

    base_type: Text = Field(default="", alias="@baseType")
    schema_location: Uri = Field(default="", alias="@schemaLocation")
    type_: Text = Field(default="", alias="@type")


class Linked(Described):
    href: Text = ""
    name: Text = ""


class TmfNote(Described):
    """One that has an id is ours, sent back."""

    id: Text = ""
    author: str = Field(default="", max_length=200)
    date: DateTime = ""
    text: str = Field(min_length=1, max_length=8000)


class Reference(Linked):
    """A relatedParty or relatedEntity: it names what it refers to."""

    id: str = Field(min_length=1, max_length=200)
    referred_type: str = Field(alias="@referredType", min_length=1, max_length=200)
    role: Text = ""


class EntityReference(Reference):
    role: str = Field(min_length=1, max_length=200)


class StatusChange(Described):
    changeDate: DateTime = ""  # noqa: N815  # TMF621's name
    changeReason: Text = ""  # noqa: N815
    status: Text = ""


class Channel(Linked):
    id: str = Field(min_length=1, max_length=200)
    referred_type: Text = Field(default="", alias="@referredType")


class Relationship(Linked):
    id: Text = ""
    relationshipType: Text = ""  # noqa: N815


class Quantity(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    amount: StrictInt | StrictFloat = 1
    units: Text = ""


class TimePeriod(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    startDateTime: DateTime = ""  # noqa: N815
    endDateTime: DateTime = ""  # noqa: N815


class Attachment(Linked):
    """By value or by reference; the size of a value is bounded by that of the body."""

    id: Text = ""
    attachmentType: Text = ""  # noqa: N815
    content: str = ""  # base64
    description: Text = ""
    mimeType: Text = ""  # noqa: N815
    url: Text = ""
    size: Quantity = Quantity()
    validFor: TimePeriod = TimePeriod()  # noqa: N815
    referred_type: Text = Field(default="", alias="@referredType")
