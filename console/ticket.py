"""A ticket's page: all that is known, and what a person does with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console import canned, moves
from console.desk import Desk
from console.gate import Me
from console.presence import Onlooker
from console.render import is_fragment, page
from console.solution import solution_of
from console.timeline import entries
from escalation.client import EscalationRefused, MoveName, Person, TicketDetail

router = APIRouter()

DONE = {
    "accept": "The ticket is yours.",
    "reply": "Sent.",
    "note": "Note saved.",
    "whisper": "Whispered.",
    "ask_customer": "Asked. The clock stands still until the customer answers.",
    "hand_up": "Handed up.",
    "hand_back": "Handed back.",
    "return": "Returned.",
    "hold": "On hold.",
    "resume": "Work goes on.",
    "resolve": "Resolved.",
    "close": "Closed.",
    "reopen": "Open again.",
    "reject": "Rejected.",
    "cancel": "Cancelled.",
    "follow_up_call": "Recorded.",
    "follow_up_message": "Sent.",
    "tell_everyone": "Sent to all.",
}
OVERTAKEN = "The ticket has changed in the meantime. Nothing was done; your words are still here."
REFUSED = "Nothing was done, your words are still here. {detail}"


@dataclass(frozen=True, slots=True)
class Said:
    """The console's word about what somebody just did."""

    tone: Literal["good", "bad"]
    words: str


class Asked(BaseModel):
    """The writing box as it was sent."""

    model_config = ConfigDict(frozen=True)

    move: str = ""
    version: int = Field(default=1, ge=1)  # of the ticket the person was looking at
    words: str = ""
    to: str = ""  # of a whisper: who had the ticket then


@router.get("/tickets/{reference}")
async def show(request: Request, me: Me, reference: str) -> Response:
    ticket = await desk_of(request).ticket(me.username, reference)
    others = await request.app.state.presence.others(ticket.reference, me)
    return ticket_page(request, "ticket.html", me, ticket, said=None, others=others)


@router.get("/tickets/{reference}/now")
async def now(request: Request, me: Me, reference: str) -> Response:
    """All parts of the page that can change; the page puts each in its place."""
    ticket = await desk_of(request).ticket(me.username, reference)
    others = await request.app.state.presence.others(ticket.reference, me)
    return ticket_page(request, "ticket_now.html", me, ticket, others=others)


@router.post("/tickets/{reference}/moves")
async def act(request: Request, me: Me, reference: str, asked: Annotated[Asked, Form()]) -> Response:
    """Make the move. On a refusal nothing changed: the fresh state comes back with a friendly word."""
    try:
        said, status = await _act(desk_of(request), me, reference, asked)
    except EscalationRefused as refusal:
        if refusal.status == 404:
            raise
        fresh = await desk_of(request).ticket(me.username, reference)
        words = OVERTAKEN if fresh.version != asked.version else REFUSED.format(detail=sentence(refusal.detail))
        said, status = Said("bad", words), 409

    def wanted(ticket: TicketDetail) -> str:
        return asked.move if asked.move in moves.possible(ticket, me.username) or status != 200 else ""

    reply = await as_it_is(request, me, reference, said, status, wanted=wanted)
    if status == 200:
        reply.headers["HX-Trigger"] = "firstline:done"
    return reply


async def as_it_is(
    request: Request,
    me: Person,
    reference: str,
    said: Said,
    status: int,
    *,
    wanted: Callable[[TicketDetail], str] = lambda _: "",
) -> Response:
    """The ticket after what was asked of it, with what is said about that; `wanted` is the move whose tab is open.

    Whoever has given the ticket away with it goes to the queue. Raises EscalationRefused for a ticket that there is
    none of.
    """
    base = request.scope.get("root_path", "")
    if not is_fragment(request):
        return RedirectResponse(f"{base}/tickets/{reference}", status_code=303)
    try:
        ticket = await desk_of(request).ticket(me.username, reference)
    except EscalationRefused as refusal:
        if refusal.status != 404 or status != 200:
            raise
        return Response(headers={"HX-Redirect": f"{base}/"})
    return ticket_page(request, "ticket_now.html", me, ticket, said=said, wanted=wanted(ticket), status=status)


async def _act(desk: Desk, me: Person, reference: str, asked: Asked) -> tuple[Said, int]:
    move, words = moves.ALL.get(asked.move), asked.words.strip()
    if move is None:
        return Said("bad", "Choose first what to do with these words."), 422
    if problem := move.problem_with(words):
        return Said("bad", problem), 422
    if move.seen_by == "customer" and (gaps := canned.gaps_in(words)):
        return Said("bad", f"Not sent. Please write what belongs in place of {', '.join(gaps)}."), 422
    match move.name:
        case "whisper":
            await desk.whisper(me.username, reference, to=asked.to, text=words)
        case "follow_up_call":
            await desk.follow_up(me.username, reference, "call", text=words, version=asked.version)
        case "follow_up_message":
            await desk.follow_up(me.username, reference, "message", text=words, version=asked.version)
        case "tell_everyone":
            await desk.tell_everyone(me.username, reference, text=words, version=asked.version)
        case name:
            written = {} if move.words == "none" or not words else {move.words: words}
            await desk.act(me.username, reference, cast(MoveName, name), version=asked.version, **written)
    return Said("good", DONE[move.name]), 200


async def answered(request: Request, me: Person, reference: str, *, said: Said, status: int) -> Response:
    """What changed on the ticket's page, with the word about what somebody just did."""
    ticket = await desk_of(request).ticket(me.username, reference)
    return ticket_page(request, "ticket_now.html", me, ticket, said=said, status=status)


def ticket_page(
    request: Request,
    template: str,
    me: Person,
    ticket: TicketDetail,
    *,
    wanted: str = "",
    status: int = 200,
    **context: Said | Sequence[Onlooker] | None,
) -> Response:
    return page(
        request,
        template,
        status=status,
        me=me,
        ticket=ticket,
        timeline=entries(ticket.turns, ticket.notes, ticket.attachments, me=me.username),
        moves=moves.offered(moves.possible(ticket, me.username)),
        solved=bool(solution_of(ticket)),
        chosen=moves.chosen(moves.possible(ticket, me.username), wanted),
        oob=template == "ticket_now.html",  # parts swapped out of band, each into its own place
        now=datetime.now(UTC),
        **context,
    )


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def sentence(detail: str) -> str:
    detail = detail.strip()
    detail = detail[:1].upper() + detail[1:]
    return detail if not detail or detail.endswith((".", "!", "?")) else f"{detail}."
