"""The live wall: what happens this minute, refreshed in place."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from console import figures
from console.gate import Supervisor
from console.render import is_fragment, page

router = APIRouter()


@router.get("/wall")
async def show(request: Request, me: Supervisor) -> Response:
    wall = await request.app.state.desk.wall(me.username)
    return page(request, "wall_now.html" if is_fragment(request) else "wall.html", me=me, wall=wall, figures=figures)
