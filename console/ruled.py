"""What a form beside a ticket asked for: done and shown, or refused in words with the ticket as it is."""

from collections.abc import Awaitable

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from console.render import is_fragment
from console.ticket import Said, desk_of, sentence, ticket_page
from escalation.client import EscalationRefused, Person, TicketDetail


async def ruled(request: Request, me: Person, reference: str, done: Awaitable[TicketDetail], words: str) -> Response:
    """`words` say that it was done. Raises EscalationRefused for a ticket that there is none of."""
    try:
        await done
        said, status = Said("good", words), 200
    except EscalationRefused as refusal:
        if refusal.status == 404:
            raise
        said, status = Said("bad", f"Nothing was done. {sentence(refusal.detail)}"), 409
    if not is_fragment(request):
        return RedirectResponse(f"{request.scope.get('root_path', '')}/tickets/{reference}", status_code=303)
    ticket = await desk_of(request).ticket(me.username, reference)
    return ticket_page(request, "ticket_now.html", me, ticket, said=said, status=status)
