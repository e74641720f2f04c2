"""Paths of quality checks."""

from typing import Annotated

from fastapi import APIRouter, Path

from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName
from escalation.quality import history, reviews
from escalation.quality.quality_wire import QualityOverview, Review, ScoreAsked

router = APIRouter(prefix="/escalation/v1", tags=["quality"])
ReviewId = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/quality")
async def overview(person: PersonName, office: OfficeOf) -> QualityOverview:
    return await history.overview(office, person)


@router.get("/quality/{review_id}")
async def review(review_id: ReviewId, person: PersonName, office: OfficeOf) -> Review:
    return await reviews.read(office, person, review_id)


@router.post("/quality/{review_id}", status_code=204)
async def score(review_id: ReviewId, asked: ScoreAsked, person: PersonName, office: OfficeOf) -> None:
    await reviews.give(office, person, review_id, asked)
