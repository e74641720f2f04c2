"""What a form beside a ticket asked for: done and shown, or refused in words with the ticket as it is."""

from collections.abc import Awaitable

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from console.render import is_fragment
from console.ticket import Said, desk_of, sentence, ticket_page
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
    """`words` say that it was done, `refused` that it was not. Whoever has given the ticket away with it goes to the
    queue. Raises EscalationRefused for a ticket that there is none of.
    """
    base = request.scope.get("root_path", "")
    try:
        await done
        said, status = Said("good", words), 200
    except EscalationRefused as refusal:
        said, status = Said("bad", f"{refused} {sentence(refusal.detail)}"), 409
    if not is_fragment(request):
        return RedirectResponse(f"{base}/tickets/{reference}", status_code=303)
    try:
        ticket = await desk_of(request).ticket(me.username, reference)
    except EscalationRefused as refusal:
        if refusal.status != 404 or status != 200:
            raise
        return Response(headers={"HX-Redirect": f"{base}/"})
    return ticket_page(request, "ticket_now.html", me, ticket, said=said, status=status)
