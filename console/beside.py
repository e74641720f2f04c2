"""What stands beside a ticket to help with it: articles, tickets like it, replies to paste."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from console import alike, canned, wishes
from console.articles import question_of, suggestions
from console.desk import Desk
from console.gate import Me
from console.render import page

router = APIRouter()


@router.get("/tickets/{reference}/articles")
async def articles(request: Request, me: Me, reference: str) -> Response:
    ticket = await _desk(request).ticket(me.username, reference)
    found, remark = await suggestions(request.app.state.library, ticket)
    return page(request, "articles.html", articles=found, remark=remark)


@router.get("/tickets/{reference}/alike")
async def like_it(request: Request, me: Me, reference: str) -> Response:
    """Those that were solved, with what their customers were told; and open ones, of the same customer first."""
    desk, library = _desk(request), request.app.state.library
    ticket = await desk.ticket(me.username, reference)
    words = "" if ticket.masked else question_of(ticket)
    customer_id = "" if ticket.masked else ticket.signals.customer_id or ""
    search = alike.Search(words=words, topic=ticket.category, customer_id=customer_id, but=reference)
    solved = await alike.solved_tickets(desk, library, me.username, search)
    others = await alike.open_tickets(desk, library, me.username, search)
    return page(request, "alike_solved.html", ticket=ticket, solved=solved, others=others)


@router.get("/tickets/{reference}/replies")
async def replies(request: Request, me: Me, reference: str) -> Response:
    ticket = await _desk(request).ticket(me.username, reference)
    kept = await _desk(request).canned_replies()
    fitting = canned.for_ticket(kept, ticket, agent=me.name, zone=request.app.state.zone)
    return page(request, "canned.html", replies=fitting)


@router.get("/tickets/{reference}/same-wish")
async def same_wish(request: Request, me: Me, reference: str) -> Response:
    """The wish that this one may be the same as, for a person to say."""
    ticket = await _desk(request).ticket(me.username, reference)
    match, group = await wishes.proposal(_desk(request), request.app.state.library, reference) or (None, None)
    return page(request, "same_wish.html", ticket=ticket, match=match, group=group)


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk
