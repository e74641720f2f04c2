"""What a form beside a ticket asked for: done and shown, or refused in words with the ticket as it is."""

from collections.abc import Awaitable

from fastapi import Request
from starlette.responses import Response

from console.ticket import Said, as_it_is, sentence
from escalation.client import EscalationRefused, Person, TicketDetail


async def ruled(
    request: Request,
    me: Person,
    reference: str,
    done: Awaitable[TicketDetail],
    words: str,
    *,
    refused: str = "Nothing was done.",
) -> Response:
    """`words` say that it was done, `refused` that it was not. Raises EscalationRefused as `as_it_is` does."""
    try:
        await done
        said, status = Said("good", words), 200
    except EscalationRefused as refusal:
        said, status = Said("bad", f"{refused} {sentence(refusal.detail)}"), 409
    return await as_it_is(request, me, reference, said, status)
