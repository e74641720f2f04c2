"""Paths about reads of personal data: who read what, and the customer's own copy."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from escalation import reading
from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName
from escalation.reading import CUSTOMER, Read, What
from escalation.reads_wire import ReadsAsked, ReadsFound, ReadTold

router = APIRouter(prefix="/escalation/v1", tags=["reads"])


@router.get("/reads")
async def reads(person: PersonName, office: OfficeOf, asked: Annotated[ReadsAsked, Query()]) -> ReadsFound:
    return ReadsFound(reads=await reading.found(office, person, asked))


@router.post("/contacts/{contact_id}/reads", status_code=204)
async def tell(contact_id: UUID, told: ReadTold, office: OfficeOf) -> None:
    await reading.tell(office, Read(reader=CUSTOMER, what=What(told.what), contacts=[contact_id]))
