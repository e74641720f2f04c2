"""What crosses the door about text messages that customers send."""

from typing import Literal

from pydantic import Field

from escalation.storable import Wire

TextMeaning = Literal["yes", "no", "other"]
Became = Literal["reopened", "closed", "noted", "rated", "no_ticket"]


class TextReply(Wire):
    """`meaning` is what the front door understood; the same `message_sid`, of the network, is the same text."""

    message_sid: str = Field(pattern=r"^(SM|MM)[0-9a-fA-F]{32}$")
    number: str = Field(pattern=r"^\+[1-9]\d{6,14}$")
    text: str = Field(min_length=1, max_length=1600)
    meaning: TextMeaning


class TextAnswer(Wire):
    """`no_ticket`: nothing was done, because this number was told of no ticket that is still open."""

    became: Became
