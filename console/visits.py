"""The technician's day on a telephone: today's visits, and for each the arrival, what was done, the speed, the end."""

from datetime import UTC, datetime
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from console.desk import Desk
from console.gate import Me
from console.render import page
from console.ticket import sentence
from escalation.client import EscalationRefused, Person, VisitReport, Work

router = APIRouter(prefix="/visits")

WORK = {name: name.replace("_", " ").capitalize() for name in get_args(Work)}
STATES = {
    "agreed": "To come",
    "arrived": "You are there",
    "fixed": "Fixed",
    "not_fixed": "Not fixed",
    "nobody_home": "Nobody at home",
    "cancelled": "Cancelled",
}
OUTCOMES = {"fixed": "It works", "not_fixed": "It does not work yet", "nobody_home": "Nobody at home"}


class ArrivalForm(BaseModel):
    model_config = ConfigDict(frozen=True)

    at: str = Field(default="", max_length=40)  # when the button was pressed, by the telephone's clock


class ReportForm(BaseModel):
    """As it was typed, so that nothing of it is lost when it is refused."""

    model_config = ConfigDict(frozen=True)

    outcome: str = Field(default="", max_length=40)
    work: list[str] = Field(default=[], max_length=20)
    remark: str = Field(default="", max_length=4000)
    measured_mbps: str = Field(default="", max_length=40)
    speed_reason: str = Field(default="", max_length=4000)
    confirmed_by: str = Field(default="", max_length=400)


_WRONG = {
    "outcome": "Choose how the visit ended.",
    "measured_mbps": "The speed is a number of Mbit/s, for example 78.5.",
    "remark": "The remark is too long: 2000 characters at most.",
    "speed_reason": "The reason is too long: 2000 characters at most.",
    "confirmed_by": "The name is too long: 200 characters at most.",
}


@router.get("")
async def today(request: Request, me: Me) -> Response:
    desk: Desk = request.app.state.desk
    return page(request, "visits.html", me=me, visits=await desk.visits(me.username), states=STATES)


@router.get("/{visit_id}")
async def show(request: Request, me: Me, visit_id: UUID) -> Response:
    return await _visit(request, me, visit_id)


@router.post("/{visit_id}/arrival")
async def arrive(request: Request, me: Me, visit_id: UUID, form: Annotated[ArrivalForm, Form()]) -> Response:
    desk: Desk = request.app.state.desk
    try:
        await desk.arrived(me.username, visit_id, at=_moment(form.at))
    except EscalationRefused as refusal:
        return await _refused(request, me, visit_id, refusal, ReportForm())
    return RedirectResponse(f"{request.scope.get('root_path', '')}/visits/{visit_id}", status_code=303)


@router.post("/{visit_id}/report")
async def report(request: Request, me: Me, visit_id: UUID, form: Annotated[ReportForm, Form()]) -> Response:
    desk: Desk = request.app.state.desk
    measured = form.measured_mbps.strip().replace(",", ".") or None
    try:
        told = VisitReport.model_validate({**form.model_dump(), "measured_mbps": measured})
    except ValidationError as error:
        fields = dict.fromkeys(str(fault["loc"][0]) for fault in error.errors())
        words = " ".join(_WRONG.get(field, "Something in this form is not right.") for field in fields)
        return await _visit(request, me, visit_id, typed=form, wrong=words, status=422)
    try:
        await desk.report_visit(me.username, visit_id, told)
    except EscalationRefused as refusal:
        return await _refused(request, me, visit_id, refusal, form)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/visits/{visit_id}", status_code=303)


async def _refused(
    request: Request, me: Person, visit_id: UUID, refusal: EscalationRefused, typed: ReportForm
) -> Response:
    """What is missing or not possible is said beside what was typed; whoever may not see the visit is told that."""
    if refusal.status not in {400, 409}:
        raise refusal
    words = sentence(refusal.detail.partition(": ")[2] or refusal.detail)
    return await _visit(request, me, visit_id, typed=typed, wrong=words, status=422)


async def _visit(
    request: Request,
    me: Person,
    visit_id: UUID,
    *,
    typed: ReportForm | None = None,
    wrong: str = "",
    status: int = 200,
) -> Response:
    desk: Desk = request.app.state.desk
    found: dict[str, Any] = {"visit": await desk.visit(me.username, visit_id), "typed": typed or ReportForm()}
    return page(
        request,
        "visit.html",
        status=status,
        me=me,
        wrong=wrong,
        works=WORK,
        states=STATES,
        outcomes=OUTCOMES,
        **found,
    )


def _moment(written: str) -> datetime | None:
    """None, which is now, for what is no time."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
