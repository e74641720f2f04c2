"""A call to a customer: asked for once, dialled at most once."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Purpose = Literal["callback", "confirmation"]
ASKED_FOR: frozenset[Purpose] = frozenset({"callback"})  # by the customer: no opt-out forbids it


class CallAsked(BaseModel):
    """`call_id` is the sender's, and in the addresses of the call's webhooks; the same one is the same call.

    `mailboxes`: the network is to tell a person from a machine.
    """

    model_config = ConfigDict(frozen=True)

    to: Annotated[str, Field(max_length=40, repr=False)]
    call_id: UUID
    purpose: Purpose
    mailboxes: bool = True


class Rung(BaseModel):
    """What became of it. `reason` is for people who run the product; it never holds a number.

    dialled      the network has it
    later        the network or we are away: nothing was dialled, worth another try
    not_set_up   there is no account, token or number: nothing was dialled
    refused      it will never ring: no such number, not allowed there
    opted_out    they do not want calls that nobody asked for
    unknown      the network did not answer: it may be ringing
    """

    model_config = ConfigDict(frozen=True)

    state: Literal["dialled", "later", "not_set_up", "refused", "opted_out", "unknown"]
    call_sid: str = ""
    reason: str = ""
