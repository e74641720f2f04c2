"""Forms beside a ticket that say where it belongs: to which other one, to which department, how urgent it is."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console import moves
from console.gate import Me
from console.ruled import ruled
from console.ticket import desk_of
from escalation.client import Priority, Relation

router = APIRouter()


class LinkAsked(BaseModel):
    """The form that links a ticket to another one."""

    model_config = ConfigDict(frozen=True)

    relation: Relation
    to: str = Field(min_length=1, max_length=40)
    version: int = Field(ge=1)


@router.post("/tickets/{reference}/relation")
async def link(request: Request, me: Me, reference: str, asked: Annotated[LinkAsked, Form()]) -> Response:
    """Link it to another ticket; a refusal says why the two cannot be linked."""
    done = desk_of(request).relate(me.username, reference, asked.relation, to=asked.to.strip(), version=asked.version)
    return await ruled(request, me, reference, done, "Linked.", refused="Not linked.")


class TransferAsked(BaseModel):
    """The form that moves a ticket to another department."""

    model_config = ConfigDict(frozen=True)

    department: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=moves.REASON_MAX)
    version: int = Field(ge=1)


@router.post("/tickets/{reference}/department")
async def transfer(request: Request, me: Me, reference: str, asked: Annotated[TransferAsked, Form()]) -> Response:
    """Move it sideways; whoever may not see it any more goes back to the queue."""
    done = desk_of(request).transfer(
        me.username, reference, asked.department, version=asked.version, reason=asked.reason
    )
    words = "Moved. The other department is asked now."
    return await ruled(request, me, reference, done, words, refused="Not moved.")


class PriorityAsked(BaseModel):
    """The form that chooses another priority."""

    model_config = ConfigDict(frozen=True)

    priority: Priority
    reason: str = Field(default="", max_length=moves.REASON_MAX)
    version: int = Field(ge=1)


@router.post("/tickets/{reference}/priority")
async def prioritise(request: Request, me: Me, reference: str, asked: Annotated[PriorityAsked, Form()]) -> Response:
    """Choose another priority; the customer's new time follows from it."""
    done = desk_of(request).prioritise(
        me.username, reference, asked.priority, version=asked.version, reason=asked.reason.strip()
    )
    words = f"Its priority is {asked.priority} now."
    return await ruled(request, me, reference, done, words, refused="Not changed.")
