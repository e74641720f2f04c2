"""What a carrier of messages is, and what can become of one try."""

from dataclasses import dataclass
from typing import Literal, Protocol

from outbound.message import Kind


@dataclass(frozen=True, slots=True)
class Tried:
    """`reason` is for people who run the product; it never holds an address or a text.

    sent        the carrier has it
    later       it did not answer, or cannot now: worth another try
    waiting     it is not set up yet: not a try
    refused     it never will
    opted_out   the person does not want messages from us
    """

    state: Literal["sent", "later", "waiting", "refused", "opted_out"]
    reason: str = ""


class Carrier(Protocol):
    @property
    def is_set_up(self) -> bool: ...

    async def carry(self, message_id: str, kind: Kind, to: str, text: str) -> Tried: ...
