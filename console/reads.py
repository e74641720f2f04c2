"""Who read a ticket's personal data: a part of its page, for auditors."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from console.desk import Desk
from console.gate import Me
from console.render import page

router = APIRouter()


@router.get("/tickets/{reference}/reads")
async def show(request: Request, me: Me, reference: str) -> Response:
    """The newest 100. Escalation refuses whoever is no auditor."""
    desk: Desk = request.app.state.desk
    return page(request, "reads.html", reads=await desk.reads(me.username, ticket=reference))
