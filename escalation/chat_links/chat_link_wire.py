"""What crosses the door about links on which a call goes on in the chat."""

from uuid import UUID

from pydantic import Field

from escalation.storable import Wire
from escalation.wire import TicketView, Turn

TOKEN_CHARS = 200


class ChatLinkAsked(Wire):
    """`keeps_place`: whoever follows it goes on waiting for a person, where they stood in the queue."""

    keeps_place: bool = False


class ChatLink(Wire):
    url: str = Field(repr=False)


class Followed(Wire):
    token: str = Field(max_length=TOKEN_CHARS, repr=False)


class Continued(Wire):
    """The call as the chat goes on with it. `live`: the customer waits for a person, or talks to one."""

    contact_id: UUID
    language: str
    turns: tuple[Turn, ...]
    ticket: TicketView | None  # the newest open one
    live: bool = False
    queue_position: int | None = None
