"""Paths of the roster, and of the tickets on offer to a person."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from escalation import offering, offers_seen, roster_desk, roster_view
from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName, Reference
from escalation.roster_wire import OwnOffers, PersonAsked, RefuseAsked, Roster, RosterOfPerson, SpanAsked

Day = Annotated[date, Query(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
SpanId = Annotated[int, Path(ge=1, le=2**53)]

router = APIRouter(prefix="/escalation/v1", tags=["roster"])


@router.get("/offers")
async def own_offers(person: PersonName, office: OfficeOf) -> OwnOffers:
    return OwnOffers(offers=tuple(await offers_seen.own(office, person)))


@router.post("/tickets/{reference}/offer/refuse", status_code=204)
async def refuse(reference: Reference, asked: RefuseAsked, person: PersonName, office: OfficeOf) -> None:
    await offering.refuse(office, person, reference, asked.reason)


@router.get("/roster")
async def week(person: PersonName, office: OfficeOf, day: Day | None = None) -> Roster:
    return await roster_view.week(office, person, day)


@router.get("/roster/{username}")
async def of_person(username: str, person: PersonName, office: OfficeOf) -> RosterOfPerson:
    return await roster_view.person(office, person, username)


@router.post("/roster/{username}", status_code=204)
async def change(username: str, asked: PersonAsked, person: PersonName, office: OfficeOf) -> None:
    await roster_desk.change(office, person, username, asked)


@router.post("/roster/{username}/spans", status_code=204)
async def add_span(username: str, asked: SpanAsked, person: PersonName, office: OfficeOf) -> None:
    await roster_desk.add_span(office, person, username, asked)


@router.post("/roster/{username}/spans/{span_id}/remove", status_code=204)
async def remove_span(username: str, span_id: SpanId, person: PersonName, office: OfficeOf) -> None:
    await roster_desk.remove_span(office, person, username, span_id)
