"""Moving a maintenance window: its new times, in the operator's time zone, with a reason."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import Response

from console.gate import Me
from console.moves import REASON_MAX
from console.ruled import ruled
from console.ticket import desk_of

router = APIRouter()


def _whole(written: object) -> object:
    """A browser leaves the seconds out."""
    return f"{written}:00" if isinstance(written, str) and len(written) == len("2026-11-26T08:00") else written


Written = Annotated[datetime, BeforeValidator(_whole)]


class WindowForm(BaseModel):
    model_config = ConfigDict(frozen=True)

    starts_at: Written
    ends_at: Written
    reason: str = Field(min_length=1, max_length=REASON_MAX)
    version: int = Field(ge=1)


@router.post("/tickets/{reference}/window")
async def move(request: Request, me: Me, reference: str, asked: Annotated[WindowForm, Form()]) -> Response:
    """Whoever was told of the window is told again."""
    done = desk_of(request).reschedule(
        me.username,
        reference,
        starts_at=_in(request.app.state.zone, asked.starts_at),
        ends_at=_in(request.app.state.zone, asked.ends_at),
        reason=asked.reason,
        version=asked.version,
    )
    return await ruled(request, me, reference, done, "The window is moved. Whoever was told of it is told again.")


def _in(zone: ZoneInfo, at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=zone)
