"""Proposing an article over HTTP: by a person, out of a ticket that was solved."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field, StringConstraints

from knowledge.contribution import Contribution, Contributions
from knowledge.deciding_api import Line, refuse_decided
from logs import masked

router = APIRouter(prefix="/knowledge/v1")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000, pattern=r"^[^\x00]*$")]


class Contributed(BaseModel):
    question: Annotated[Line, Field(min_length=3, max_length=300)]
    solution: Text
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    by: Annotated[Line, Field(min_length=1, max_length=64)]
    reference: Annotated[Line, Field(min_length=1, max_length=40)]


@router.post("/contributions", status_code=204)
def contribute(contributed: Contributed, request: Request) -> None:
    """What tells who somebody is, is masked once more before it is kept."""
    told = contributed.model_dump() | {
        "question": masked(contributed.question),
        "solution": masked("\n".join(contributed.solution.splitlines())),
    }
    contribution = Contribution(**told, at=datetime.now(UTC))
    proposal_id = contribution.proposal.id
    refuse_decided(request, proposal_id)
    kept: Contributions = request.app.state.contributions
    if before := next((one for one in kept.all() if one.proposal.id == proposal_id), None):
        raise HTTPException(409, f"The same question was proposed by {before.by} already")
    kept.add(contribution)
