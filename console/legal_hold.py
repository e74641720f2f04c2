"""A legal hold on a ticket, begun or ended by a supervisor or an administrator."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console import ticket
from console.gate import Me
from console.moves import REASON_MAX
from console.render import is_fragment
from escalation.client import EscalationRefused

router = APIRouter()


class HoldForm(BaseModel):
    model_config = ConfigDict(frozen=True)

    held: bool  # as it shall be
    reason: str = Field(min_length=1, max_length=REASON_MAX)
    version: int = Field(ge=1)


@router.post("/tickets/{reference}/legal-hold")
async def change(request: Request, me: Me, reference: str, asked: Annotated[HoldForm, Form()]) -> Response:
    """A refusal says why."""
    desk = request.app.state.desk
    put = desk.hold_for_law if asked.held else desk.end_legal_hold
    try:
        await put(me.username, reference, version=asked.version, reason=asked.reason)
        said, status = ticket.Said("good", "Under legal hold." if asked.held else "The legal hold is ended."), 200
    except EscalationRefused as refusal:
        said, status = ticket.Said("bad", f"Nothing changed. {ticket.sentence(refusal.detail)}"), 409
    if not is_fragment(request):
        return RedirectResponse(f"{request.scope.get('root_path', '')}/tickets/{reference}", status_code=303)
    found = await desk.ticket(me.username, reference)
    return ticket.ticket_page(request, "ticket_now.html", me, found, said=said, status=status)
