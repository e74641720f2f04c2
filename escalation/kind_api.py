"""Paths for staff about kinds of tickets: filing with a form, following up, relations, and what is read across them."""

from typing import Annotated

from fastapi import APIRouter, Query

from escalation import detail, follow_up, intake, kinship, register, wishes
from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName, Reference
from escalation.kind_wire import (
    FileAsked,
    FollowUpAsked,
    KindForms,
    LinkAsked,
    NewsAsked,
    RescheduleAsked,
    ReturnsFound,
    SameWishAsked,
    Span,
    UnlinkAsked,
    Windows,
    WindowsAsked,
    WishesAsked,
    WishGroups,
)
from escalation.maintenance import rescheduling
from escalation.wire import TicketDetail

router = APIRouter(prefix="/escalation/v1", tags=["kinds"])


@router.get("/kinds")
async def kinds(office: OfficeOf) -> KindForms:
    return intake.forms(office.policy)


@router.post("/tickets", status_code=201)
async def file(asked: FileAsked, person: PersonName, office: OfficeOf) -> TicketDetail:
    reference = await intake.file(office, person, asked)
    return await detail.detail(office, person, reference, after_own_move=True)


@router.post("/tickets/{reference}/follow-up")
async def follow(reference: Reference, asked: FollowUpAsked, person: PersonName, office: OfficeOf) -> TicketDetail:
    await follow_up.follow_up(office, person, reference, asked)
    return await detail.detail(office, person, reference)


@router.post("/tickets/{reference}/relation")
async def link(reference: Reference, asked: LinkAsked, person: PersonName, office: OfficeOf) -> TicketDetail:
    await kinship.link(office, person, reference, asked)
    return await detail.detail(office, person, reference)


@router.post("/tickets/{reference}/relation/end")
async def unlink(reference: Reference, asked: UnlinkAsked, person: PersonName, office: OfficeOf) -> TicketDetail:
    await kinship.unlink(office, person, reference, asked)
    return await detail.detail(office, person, reference)


@router.post("/tickets/{reference}/news")
async def news(reference: Reference, asked: NewsAsked, person: PersonName, office: OfficeOf) -> TicketDetail:
    await kinship.tell_everyone(office, person, reference, asked)
    return await detail.detail(office, person, reference)


@router.post("/tickets/{reference}/window")
async def reschedule(
    reference: Reference, asked: RescheduleAsked, person: PersonName, office: OfficeOf
) -> TicketDetail:
    await rescheduling.reschedule(office, person, reference, asked)
    return await detail.detail(office, person, reference)


@router.get("/windows")
async def windows(office: OfficeOf, asked: Annotated[WindowsAsked, Query()]) -> Windows:
    return Windows(windows=await register.windows(office, asked))


@router.get("/wishes")
async def wish_groups(office: OfficeOf, asked: Annotated[WishesAsked, Query()]) -> WishGroups:
    return WishGroups(wishes=await register.wishes(office, open_only=asked.open_only))


@router.post("/wishes/same", status_code=204)
async def join_wishes(asked: SameWishAsked, office: OfficeOf) -> None:
    await wishes.join(office, asked)


@router.get("/returns")
async def returns(office: OfficeOf, span: Annotated[Span, Query()]) -> ReturnsFound:
    return ReturnsFound(returns=await register.returns(office, span))
