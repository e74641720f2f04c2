"""Deciding about proposals over HTTP: try and publish one, see how far it is, turn one down."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field, StringConstraints

from knowledge.accepting import Busy
from knowledge.attempt import Attempt, Order
from knowledge.findings import Kind
from knowledge.rulings import Ruling

router = APIRouter(prefix="/knowledge/v1")

ProposalId = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{1,40}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f]*$")]


class Ordered(BaseModel):
    """An `Order`. Who overrides the gate gives a reason."""

    proposal_id: ProposalId
    by: Annotated[Line, Field(min_length=1, max_length=64)]
    days: int = Field(ge=1, le=365)
    words: Annotated[Line, Field(max_length=300)] = ""
    because: Annotated[Line, Field(max_length=1000)] = ""
    override: bool = False


class Rejected(BaseModel):
    """A proposal as it was told, and why it shall not be told again."""

    proposal_id: ProposalId
    kind: Kind
    by: Annotated[Line, Field(min_length=1, max_length=64)]
    reason: Annotated[Line, Field(min_length=1, max_length=1000)]
    alike: tuple[ProposalId, ...] = Field(default=(), max_length=20)


@router.post("/attempts", status_code=202)
async def begin(ordered: Ordered, request: Request) -> Attempt:
    if ordered.override and not ordered.because:
        raise HTTPException(422, "Who publishes all the same gives a reason")
    refuse_decided(request, ordered.proposal_id)
    try:
        begun = await request.app.state.accepting.begin(Order(**ordered.model_dump()), now=datetime.now(UTC))
    except Busy as error:
        raise HTTPException(409, "Another proposal is being tried: wait for its end") from error
    return begun  # type: ignore[no-any-return]


@router.get("/attempts/last")
def last(request: Request) -> Attempt | None:
    return request.app.state.accepting.last()  # type: ignore[no-any-return]


@router.post("/rulings", status_code=204)
def reject(rejected: Rejected, request: Request) -> None:
    refuse_decided(request, rejected.proposal_id)
    now = datetime.now(UTC)
    request.app.state.rulings.add(
        Ruling(rejected.proposal_id, rejected.kind, "rejected", rejected.reason, rejected.by, now, rejected.alike)
    )


def refuse_decided(request: Request, proposal_id: str) -> None:
    if ruling := request.app.state.rulings.of(proposal_id):
        raise HTTPException(409, f"It was {ruling.decision} by {ruling.by} on {ruling.at:%Y-%m-%d}")
