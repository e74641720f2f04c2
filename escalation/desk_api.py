"""Paths for the console: signing in, the queue, a ticket, the moves. And health, for the whole product."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from redis import RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from escalation import (
    changed_rows,
    dead_letters,
    desk,
    detail,
    legal_hold,
    override,
    people,
    transfer,
    typing_sign,
    undo,
    whispering,
)
from escalation.asks import (
    MoveAsked,
    PriorityAsked,
    QueueAsked,
    QueuePage,
    RowsAsked,
    RowsFound,
    SignedIn,
    SignInAsked,
    Skills,
    TransferAsked,
    UndoAsked,
    WhisperAsked,
)
from escalation.contact_api import AnyOffice, OfficeOf
from escalation.errors import NotFound
from escalation.office import Office
from escalation.records import HeartbeatRecord
from escalation.reference import normalise
from escalation.wire import CannedReplies, LegalHoldAsked, TicketDetail

router = APIRouter(prefix="/escalation/v1", tags=["desk"])


def known(reference: str) -> str:
    found = normalise(reference)
    if found is None:
        raise NotFound(f"{reference[:40]} is not a reference")
    return found


Reference = Annotated[str, Depends(known)]  # of a path, as it is kept
PersonName = Annotated[str, Header(alias="X-Firstline-Person", min_length=1, max_length=100)]
WATCH_SILENT = timedelta(seconds=15)  # the watch beats every second


@router.post("/sign-in")
async def sign_in(asked: SignInAsked, request: Request, office: OfficeOf) -> SignedIn:
    state = request.app.state
    person = await people.sign_in(
        office,
        state.redis,
        asked.username,
        asked.password,
        address=asked.address,
        demo_password=state.demo_password,
    )
    return SignedIn(person=person)


@router.get("/queue")
async def queue(person: PersonName, office: OfficeOf, asked: Annotated[QueueAsked, Query()]) -> QueuePage:
    return QueuePage(rows=await detail.queue(office, person, asked))


@router.get("/rows")
async def rows(office: OfficeOf, asked: Annotated[RowsAsked, Query()]) -> RowsFound:
    return RowsFound(rows=await changed_rows.rows(office, asked.reference))


@router.get("/skills")
async def skills(office: OfficeOf) -> Skills:
    return Skills(skills=office.policy.skills())


@router.get("/canned-replies")
async def canned_replies(office: OfficeOf) -> CannedReplies:
    return CannedReplies.model_validate(office.policy.replies, from_attributes=True)


@router.get("/tickets/{reference}")
async def ticket(reference: Reference, person: PersonName, office: OfficeOf) -> TicketDetail:
    return await detail.detail(office, person, reference)


@router.post("/tickets/{reference}/moves")
async def move(reference: Reference, asked: MoveAsked, person: PersonName, office: OfficeOf) -> TicketDetail:
    await desk.act(office, person, reference, asked)
    return await detail.detail(office, person, reference, after_own_move=True)


@router.post("/tickets/{reference}/typing", status_code=204)
async def agent_types(reference: Reference, person: PersonName, request: Request, office: OfficeOf) -> None:
    await typing_sign.agent_types(office, request.app.state.redis, person, reference)


@router.post("/tickets/{reference}/whispers")
async def whisper(reference: Reference, asked: WhisperAsked, person: PersonName, office: OfficeOf) -> TicketDetail:
    await whispering.whisper(office, person, reference, asked)
    return await detail.detail(office, person, reference)


@router.post("/tickets/{reference}/priority")
async def prioritise(reference: Reference, asked: PriorityAsked, person: PersonName, office: OfficeOf) -> TicketDetail:
    await override.prioritise(office, person, reference, asked)
    return await detail.detail(office, person, reference)


@router.post("/tickets/{reference}/department")
async def move_sideways(
    reference: Reference, asked: TransferAsked, person: PersonName, office: OfficeOf
) -> TicketDetail:
    await transfer.transfer(office, person, reference, asked)
    return await detail.detail(office, person, reference, after_own_move=True)


@router.post("/tickets/{reference}/undo")
async def take_back(reference: Reference, asked: UndoAsked, person: PersonName, office: OfficeOf) -> TicketDetail:
    await undo.undo(office, person, reference, asked)
    return await detail.detail(office, person, reference)


@router.post("/tickets/{reference}/legal-hold")
async def hold_for_law(
    reference: Reference, asked: LegalHoldAsked, person: PersonName, office: OfficeOf
) -> TicketDetail:
    await legal_hold.begin(office, person, reference, asked)
    return await detail.detail(office, person, reference)


@router.post("/tickets/{reference}/legal-hold/end")
async def end_legal_hold(
    reference: Reference, asked: LegalHoldAsked, person: PersonName, office: OfficeOf
) -> TicketDetail:
    await legal_hold.end(office, person, reference, asked)
    return await detail.detail(office, person, reference)


@router.get("/health")
async def health(request: Request, office: AnyOffice) -> dict[str, Any]:
    """Each dependency by name: "ok", or what is wrong with it; and how many webhooks wait or are dead, which says
    something about others. Always 200: the reader decides.
    """
    return {
        "database": await _database(office),
        "redis": await _redis(request),
        "watch": await _watch(office),
        "webhooks": await _webhooks(office),
        "attachments": "scanned" if request.app.state.intake.is_scanned else "not scanned",
    }


async def _database(office: Office) -> str:
    try:
        async with office.sessions() as session:
            await session.execute(select(1))
    except SQLAlchemyError:
        return "does not answer"
    return "ok"


async def _redis(request: Request) -> str:
    try:
        await request.app.state.redis.ping()
    except RedisError:
        return "does not answer"
    return "ok"


async def _watch(office: Office) -> str:
    try:
        async with office.sessions() as session:
            seen = await session.scalar(select(HeartbeatRecord.at).where(HeartbeatRecord.name == "watch"))
    except SQLAlchemyError:
        return "unknown"
    if seen is None:
        return "has never run"
    silent = office.now() - seen
    return "ok" if silent < WATCH_SILENT else f"silent for {int(silent.total_seconds())} s"


async def _webhooks(office: Office) -> dict[str, int]:
    try:
        return await dead_letters.count(office)
    except SQLAlchemyError:
        return {}
