"""What crosses the door about calls that we make."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from escalation.phone_wire import AttemptOutcome
from escalation.storable import Wire

Purpose = Literal["callback", "confirmation"]
# not_needed: settled before anybody picked up; opted_out: does not want calls that nobody asked for.
CallOutcome = AttemptOutcome | Literal["not_needed", "opted_out"]
# How the network says that it ended. no_key: somebody picked up, and pressed nothing.
CallEnd = Literal["busy", "no_answer", "mailbox", "failed", "no_key"]
# By the key that was pressed: 1; 2 of a confirmation, 2 of a callback; 9.
KeyAnswer = Literal["yes", "no", "later", "never"]
# What an answer came to. `connect`: a person is wanted now. `over`: it was settled in the meantime, or is unknown.
Became = Literal["connect", "reopened", "closed", "noted", "later", "dropped", "over"]


class CallAbout(Wire):
    """What somebody who picks up is asked. Whose it is, and what it is about, is not said before they answer."""

    purpose: Purpose
    language: str


class CallAnswer(Wire):
    answer: KeyAnswer


class CalledCustomer(Wire):
    """The conversation that the call goes on with."""

    contact_id: UUID
    language: str
    number: str | None  # the customer's
    reference: str
    respond_by: AwareDatetime | None
    problem: str
    dial: str | None  # where a person can be had; None: nowhere now
    queue_position: int | None
    expected_wait_s: int | None


class CallAnswered(Wire):
    became: Became
    caller: CalledCustomer | None = None  # of `connect` and `reopened`


class CallEnded(Wire):
    outcome: CallEnd
    call_sid: str = Field(default="", max_length=64)
