"""The supervisors' roster: a week by level, and one person's absences, extra shifts, maximum, substitute and skills."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from console import figures, view
from console.gate import Supervisor
from console.render import page
from escalation.client import EscalationRefused, Person, PersonAsked, SpanAsked

router = APIRouter(prefix="/roster")

_WRONG = {
    "begins": "Enter when it begins, as a day and a time.",
    "ends": "Enter when it ends, as a day and a time.",
    "maximum": "The maximum is a number from 1 to 200.",
    "skills": "A skill is one word of small letters, digits and hyphens; put commas between several.",
    "why": "The reason is too long: 300 characters at most.",
}
SpanId = Annotated[int, Path(ge=1, le=2**53)]
WEEK = timedelta(days=7)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


class SpanForm(BaseModel):
    """As it was typed, so that nothing of it is lost when it is refused."""

    model_config = ConfigDict(frozen=True)

    kind: str = "absence"
    begins: str = Field(default="", max_length=40)
    ends: str = Field(default="", max_length=40)
    substitute: str = Field(default="", max_length=100)
    why: str = Field(default="", max_length=1000)


class PersonForm(BaseModel):
    model_config = ConfigDict(frozen=True)

    maximum: str = Field(default="", max_length=20)
    substitute: str = Field(default="", max_length=100)
    skills: str = Field(default="", max_length=2000)


@router.get("")
async def show(request: Request, me: Supervisor, day: Annotated[str, Query(max_length=20)] = "") -> Response:
    roster = await request.app.state.desk.roster(me.username, _day(day))
    tiers = [(words, [one for one in roster.people if one.tier == number]) for number, words in view.TIERS.items()]
    return page(
        request,
        "roster.html",
        me=me,
        tiers=[(words, people) for words, people in tiers if people],
        days=[roster.week_of + timedelta(days=number) for number in range(7)],
        previous=roster.week_of - WEEK,
        following=roster.week_of + WEEK,
        today=date.today(),
        names={one.username: one.name for one in roster.people},
        figures=figures,
    )


@router.get("/{username}")
async def show_person(request: Request, me: Supervisor, username: str) -> Response:
    return await _person(request, me, username)


@router.post("/{username}")
async def change(request: Request, me: Supervisor, username: str, form: Annotated[PersonForm, Form()]) -> Response:
    """Maximum, substitute and skills."""
    try:
        asked = PersonAsked.model_validate(
            {
                "maximum": form.maximum.strip(),
                "substitute": form.substitute or None,
                "skills": [skill.strip().lower() for skill in form.skills.split(",") if skill.strip()],
            }
        )
        await request.app.state.desk.change_roster(me.username, username, asked)
    except (ValidationError, EscalationRefused) as refusal:
        return await _person(request, me, username, typed=form, wrong=_words(refusal), where="settings")
    return _back(request, username)


@router.post("/{username}/spans")
async def add(request: Request, me: Supervisor, username: str, form: Annotated[SpanForm, Form()]) -> Response:
    """An absence or an extra shift."""
    try:
        asked = SpanAsked.model_validate({**form.model_dump(), "substitute": form.substitute or None})
        await request.app.state.desk.add_span(me.username, username, asked)
    except (ValidationError, EscalationRefused) as refusal:
        return await _person(request, me, username, entered=form, wrong=_words(refusal), where=form.kind)
    return _back(request, username)


@router.post("/{username}/spans/{span_id}/remove")
async def remove(request: Request, me: Supervisor, username: str, span_id: SpanId) -> Response:
    try:
        await request.app.state.desk.remove_span(me.username, username, span_id)
    except EscalationRefused as refusal:
        if refusal.status != 404:
            raise
        return await _person(request, me, username, wrong=refusal.detail, where="spans")
    return _back(request, username)


async def _person(request: Request, me: Person, username: str, **context: Any) -> Response:
    """`where`: the form that was refused, which says what is `wrong` beside what was typed."""
    found = await request.app.state.desk.roster_of(me.username, username)
    person, context = found.person, {"wrong": "", "where": "", "entered": SpanForm(), **context}
    context.setdefault(
        "typed",
        PersonForm(maximum=str(person.maximum), substitute=person.substitute or "", skills=", ".join(person.skills)),
    )
    status = 422 if context["wrong"] else 200
    context |= {"me": me, "found": found, "person": person, "names": dict(found.colleagues), "figures": figures}
    return page(request, "roster_person.html", status=status, **context)


def _words(refusal: ValidationError | EscalationRefused) -> str:
    if isinstance(refusal, EscalationRefused):
        return refusal.detail if refusal.detail.endswith(".") else f"{refusal.detail}."
    fields = dict.fromkeys(str(fault["loc"][0]) for fault in refusal.errors())
    return " ".join(_WRONG.get(field, "Something in this form is not right.") for field in fields)


def _back(request: Request, username: str) -> Response:
    return RedirectResponse(f"{request.scope.get('root_path', '')}/roster/{username}", status_code=303)


def _day(written: str) -> date | None:
    """None for what is no day, or none that anybody works on."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
