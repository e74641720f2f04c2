"""Confirming a suspected outage, saying when it should be over, or dismissing it: one button each."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import Response

from console.gate import Me
from console.ruled import ruled
from console.ticket import desk_of

router = APIRouter()

Hours = Annotated[float | None, BeforeValidator(lambda written: written or None)]  # an empty field: not known


class Confirmed(BaseModel):
    model_config = ConfigDict(frozen=True)

    version: int = Field(ge=1)
    hours: Hours = Field(default=None, gt=0, le=720)  # until it should be over
    cause: str = Field(default="", max_length=300)


class Dismissed(BaseModel):
    model_config = ConfigDict(frozen=True)

    version: int = Field(ge=1)
    reason: str = Field(min_length=1, max_length=2000)


@router.post("/tickets/{reference}/outage")
async def confirm(request: Request, me: Me, reference: str, asked: Annotated[Confirmed, Form()]) -> Response:
    end = datetime.now(UTC) + timedelta(hours=asked.hours) if asked.hours else None
    done = desk_of(request).confirm_outage(
        me.username, reference, version=asked.version, expected_end=end, cause=asked.cause.strip()
    )
    return await ruled(request, me, reference, done, "Confirmed. Its customers are being told.")


@router.post("/tickets/{reference}/outage/dismissal")
async def dismiss(request: Request, me: Me, reference: str, asked: Annotated[Dismissed, Form()]) -> Response:
    done = desk_of(request).dismiss_outage(me.username, reference, version=asked.version, reason=asked.reason)
    return await ruled(request, me, reference, done, "Dismissed.")
