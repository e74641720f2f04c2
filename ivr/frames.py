"""ConversationRelay's messages, both ways, as JSON on its socket; what is none of them is None."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

MOST_CHARS = 4000  # of what a caller says at once
MOST_FRAME_CHARS = 64 * 1024


class Frame(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class Setup(Frame):
    """The first one. `custom_parameters` come from our own TwiML."""

    type: Literal["setup"]
    session_id: str = Field(max_length=64)
    call_sid: str = Field(pattern=r"^[A-Za-z0-9]{1,64}$")
    custom_parameters: dict[str, str] = {}


class Prompt(Frame):
    """What the caller says: until `last` is true they are still speaking, and the words may change."""

    type: Literal["prompt"]
    voice_prompt: str
    lang: str = ""
    last: bool


class Dtmf(Frame):
    type: Literal["dtmf"]
    digit: str = Field(pattern=r"^[0-9*#A-D]$")


class Interrupt(Frame):
    """The caller broke in: what was spoken until then."""

    type: Literal["interrupt"]
    utterance_until_interrupt: str
    duration_until_interrupt_ms: int = Field(ge=0)


class Error(Frame):
    type: Literal["error"]
    description: str


class Text(Frame):
    """A sentence to be spoken. `last`: we have finished, it is the caller's turn."""

    type: Literal["text"] = "text"
    token: str
    last: bool = False


class Language(Frame):
    """The voice speaks another language from now on."""

    type: Literal["language"] = "language"
    tts_language: str


class End(Frame):
    """The socket is done; the call goes on at the address of <Connect action>."""

    type: Literal["end"] = "end"
    handoff_data: str


Incoming = Setup | Prompt | Dtmf | Interrupt | Error
Outgoing = Text | Language | End

_incoming: TypeAdapter[Incoming] = TypeAdapter(Annotated[Incoming, Field(discriminator="type")])


def read(text: str) -> Incoming | None:
    """None: too long, no JSON, or a kind we do not know (there may be newer ones)."""
    if len(text) > MOST_FRAME_CHARS:
        return None
    try:
        return _incoming.validate_json(text)
    except ValidationError:
        return None


def write(frame: Outgoing) -> str:
    return frame.model_dump_json(by_alias=True)
