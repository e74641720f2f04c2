"""A person takes back what they have just done to a ticket; escalation says what, and for how long."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console.gate import Me
from console.ruled import ruled
from console.ticket import desk_of

router = APIRouter()


class UndoForm(BaseModel):
    model_config = ConfigDict(frozen=True)

    version: int = Field(ge=1)  # of the ticket as it was left by what is to be undone


@router.post("/tickets/{reference}/undo")
async def take_back(request: Request, me: Me, reference: str, asked: Annotated[UndoForm, Form()]) -> Response:
    """A refusal says why: somebody changed the ticket since, or it is too late."""
    done = desk_of(request).undo(me.username, reference, version=asked.version)
    return await ruled(request, me, reference, done, "Undone.")
