"""Paths of policy files: to read, to propose, to decide."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Path, Request
from sqlalchemy.exc import SQLAlchemyError

from escalation.contact_api import OfficeOf, keep_up
from escalation.desk_api import PersonName
from escalation.published import proposing, ruling, shelf
from escalation.published.policy_wire import (
    CheckAsked,
    Checked,
    PolicyFile,
    PolicyOverview,
    ProposalView,
    ProposeAsked,
    RebaseAsked,
    Rebased,
    RuleAsked,
    Stored,
    VersionText,
)

router = APIRouter(prefix="/escalation/v1", tags=["policies"])

ProposalId = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/policies")
async def overview(person: PersonName, office: OfficeOf) -> PolicyOverview:
    return await shelf.overview(office, person)


@router.get("/policies/{file}")
async def one(file: str, person: PersonName, office: OfficeOf) -> PolicyFile:
    return await shelf.one(office, person, file)


@router.get("/policies/{file}/versions/{number}")
async def version(
    file: str, number: Annotated[int, Path(ge=0, le=2**31 - 1)], person: PersonName, office: OfficeOf
) -> VersionText:
    return await shelf.version(office, person, file, number)


@router.post("/policies/{file}/check")
async def check(file: str, asked: CheckAsked, person: PersonName, office: OfficeOf) -> Checked:
    return await proposing.check(office, person, file, asked.text)


@router.post("/policies/{file}/proposals")
async def propose(file: str, asked: ProposeAsked, person: PersonName, office: OfficeOf) -> Stored:
    return Stored(id=await proposing.propose(office, person, file, asked))


@router.post("/policies/{file}/rebased")
async def rebase(file: str, asked: RebaseAsked, person: PersonName, office: OfficeOf) -> Rebased:
    return await proposing.rebase(office, person, file, asked)


@router.get("/policy-proposals/{policy_proposal_id}")
async def proposal(policy_proposal_id: ProposalId, person: PersonName, office: OfficeOf) -> ProposalView:
    return await shelf.proposal(office, person, policy_proposal_id)


@router.post("/policy-proposals/{policy_proposal_id}/acceptance", status_code=204)
async def accept(
    policy_proposal_id: ProposalId, asked: RuleAsked, person: PersonName, request: Request, office: OfficeOf
) -> None:
    """In force in this program before the answer, in all others at their next look."""
    await ruling.accept(office, person, policy_proposal_id, asked)
    with suppress(SQLAlchemyError):  # it is published; this program takes it at its next look, as the others do
        await keep_up(request.app)


@router.post("/policy-proposals/{policy_proposal_id}/rejection", status_code=204)
async def reject(policy_proposal_id: ProposalId, asked: RuleAsked, person: PersonName, office: OfficeOf) -> None:
    await ruling.reject(office, person, policy_proposal_id, asked)


@router.post("/policy-proposals/{policy_proposal_id}/withdrawal", status_code=204)
async def withdraw(policy_proposal_id: ProposalId, person: PersonName, office: OfficeOf) -> None:
    await proposing.withdraw(office, person, policy_proposal_id)
