"""A proposal for a policy file: what it would change now, and the decision of somebody else."""

from collections.abc import Awaitable
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console.gate import PolicyReader, RunsIt
from console.render import page
from console.text_diff import differences
from console.ticket import Said, desk_of, sentence
from escalation.client import EscalationRefused, Person

router = APIRouter(prefix="/policy-proposals")

ProposalId = Annotated[int, Path(ge=1, le=2**53)]


class Ruled(BaseModel):
    model_config = ConfigDict(frozen=True)

    because: str = Field(default="", max_length=2000)
    alone: bool = False


@router.get("/{policy_proposal_id}")
async def show(request: Request, me: PolicyReader, policy_proposal_id: ProposalId) -> Response:
    return await _proposal(request, me, policy_proposal_id)


@router.post("/{policy_proposal_id}/acceptance")
async def accept(
    request: Request, me: RunsIt, policy_proposal_id: ProposalId, asked: Annotated[Ruled, Form()]
) -> Response:
    """Published."""
    done = desk_of(request).accept_policy(
        me.username, policy_proposal_id, because=asked.because.strip(), alone=asked.alone
    )
    return await _ruled(request, me, policy_proposal_id, done)


@router.post("/{policy_proposal_id}/rejection")
async def reject(
    request: Request, me: RunsIt, policy_proposal_id: ProposalId, asked: Annotated[Ruled, Form()]
) -> Response:
    done = desk_of(request).reject_policy(me.username, policy_proposal_id, because=asked.because.strip())
    return await _ruled(request, me, policy_proposal_id, done)


@router.post("/{policy_proposal_id}/withdrawal")
async def withdraw(request: Request, me: RunsIt, policy_proposal_id: ProposalId) -> Response:
    return await _ruled(
        request, me, policy_proposal_id, desk_of(request).withdraw_policy(me.username, policy_proposal_id)
    )


async def _ruled(request: Request, me: Person, proposal_id: int, done: Awaitable[None]) -> Response:
    try:
        await done
    except EscalationRefused as refusal:
        if refusal.status == 404:
            raise
        said = Said("bad", f"Nothing was done. {sentence(refusal.detail)}")
        return await _proposal(request, me, proposal_id, said=said)
    base = request.scope.get("root_path", "")
    return RedirectResponse(f"{base}/policy-proposals/{proposal_id}", status_code=303)


async def _proposal(request: Request, me: Person, proposal_id: int, *, said: Said | None = None) -> Response:
    found = await desk_of(request).policy_proposal(me.username, proposal_id)
    return page(
        request,
        "policy_proposal.html",
        status=409 if said else 200,
        me=me,
        found=found,
        said=said,
        lines=differences(found.base_text, found.text),
    )
