"""A legal hold on a ticket, begun or ended by a supervisor or an administrator."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console.gate import Me
from console.moves import REASON_MAX
from console.ruled import ruled
from console.ticket import desk_of

router = APIRouter()


class HoldForm(BaseModel):
    model_config = ConfigDict(frozen=True)

    held: bool  # as it shall be
    reason: str = Field(min_length=1, max_length=REASON_MAX)
    version: int = Field(ge=1)


@router.post("/tickets/{reference}/legal-hold")
async def change(request: Request, me: Me, reference: str, asked: Annotated[HoldForm, Form()]) -> Response:
    """A refusal says why."""
    desk = desk_of(request)
    put = desk.hold_for_law if asked.held else desk.end_legal_hold
    done = put(me.username, reference, version=asked.version, reason=asked.reason)
    words = "Under legal hold." if asked.held else "The legal hold is ended."
    return await ruled(request, me, reference, done, words)
