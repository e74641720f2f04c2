"""Tickets on offer to me: shown above the queue until I accept or refuse them, or their time is over."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from console.gate import Me
from console.render import page
from escalation.client import EscalationRefused

router = APIRouter()

TOO_LATE = "It is not on offer to you any more: the time was over, or somebody else has it."


@router.get("/offers")
async def show(request: Request, me: Me) -> Response:
    return page(request, "offers.html", offers=await request.app.state.desk.offers(me.username))


@router.post("/tickets/{reference}/offer/refuse")
async def refuse(
    request: Request, me: Me, reference: str, reason: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """The next person is asked. A refusal needs a reason."""
    home = request.scope.get("root_path", "") + "/"
    try:
        await request.app.state.desk.refuse(me.username, reference, reason.strip())
    except EscalationRefused as refusal:
        words = "Say in a few words why: the next person and your supervisor read it."
        return page(
            request,
            "message.html",
            status=refusal.status,
            heading="The ticket was not refused",
            explanation=words if refusal.status == 400 else TOO_LATE,
            again=home,
            again_label="To the queue",
        )
    return RedirectResponse(home, status_code=303)
