"""Paths of the agreements and of what missed targets cost."""

from typing import Annotated

from fastapi import APIRouter, Query

from escalation.agreements import shelf
from escalation.agreements.wire import AgreementList, AgreementPaper, PenaltyReport
from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName

router = APIRouter(prefix="/escalation/v1", tags=["agreements"])


@router.get("/agreements")
async def agreements(person: PersonName, office: OfficeOf) -> AgreementList:
    return await shelf.every(office, person)


@router.get("/agreements/{agreement_id}")
async def agreement(
    agreement_id: str, person: PersonName, office: OfficeOf, version: Annotated[int | None, Query(ge=1)] = None
) -> AgreementPaper:
    return await shelf.one(office, person, agreement_id, version)


@router.get("/penalties")
async def penalties(
    person: PersonName, office: OfficeOf, month: Annotated[str, Query(pattern=r"^\d{4}-\d{2}$")]
) -> PenaltyReport:
    return await shelf.penalties(office, person, month)
