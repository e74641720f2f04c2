"""Deciding about proposals for the knowledge base: accepted ones are tried before they are published, and shown so."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console.desk import Library
from console.gate import Supervisor
from console.render import page
from escalation.client import Person
from knowledge.client import Attempt, KnowledgeRefused, KnowledgeUnavailable, Moved, Order, moved

router = APIRouter()

AWAY = "The knowledge base does not answer just now. Nothing was done."
STATES = {
    "running": "is being tried",
    "done": "Published",
    "refused": "Not published: it would make the answers worse",
    "failed": "Not published: it could not be tried",
    "stopped": "Not published: the attempt was stopped",
}
MARKS = {"=": "The same", "better": "Better", "worse": "Worse, within the bar", "TOO MUCH WORSE": "Too much worse"}


class Accepted(BaseModel):
    """`override`: publish although the gate refused, with a reason."""

    model_config = ConfigDict(frozen=True)

    days: int = Field(ge=1, le=365)
    words: str = Field(default="", max_length=300)
    because: str = Field(default="", max_length=1000)
    override: bool = False


class TurnedDown(BaseModel):
    model_config = ConfigDict(frozen=True)

    kind: str = Field(max_length=40)
    reason: str = Field(min_length=1, max_length=1000)
    alike: str = Field(default="", max_length=900)  # ids, with spaces between


@router.get("/knowledge/attempt")
async def attempt(request: Request, me: Supervisor) -> Response:
    """The attempt that runs, or ran last; asked for again while it runs."""
    try:
        found = await _library(request).last_attempt()
    except KnowledgeUnavailable:
        return _told(request, me, None, wrong=AWAY)
    return _told(request, me, found)


@router.post("/knowledge/proposals/{proposal_id}/accept")
async def accept(request: Request, me: Supervisor, proposal_id: str, asked: Annotated[Accepted, Form()]) -> Response:
    order = Order(
        proposal_id=proposal_id,
        by=me.username,
        days=asked.days,
        words=asked.words.strip(),
        because=asked.because.strip(),
        override=asked.override,
    )
    try:
        return _told(request, me, await _library(request).accept(order))
    except KnowledgeRefused as refused:
        return _told(request, me, await _last(request), wrong=f"Nothing was done. {refused}.", status=409)
    except KnowledgeUnavailable:
        return _told(request, me, None, wrong=AWAY, status=409)


@router.post("/knowledge/proposals/{proposal_id}/reject")
async def reject(request: Request, me: Supervisor, proposal_id: str, asked: Annotated[TurnedDown, Form()]) -> Response:
    """Never proposed again, in these words or others."""
    try:
        await _library(request).reject(
            proposal_id, asked.kind, by=me.username, reason=asked.reason.strip(), alike=asked.alike.split()
        )
        words, status = "Turned down: it is not proposed again.", 200
    except KnowledgeRefused as refused:
        words, status = f"Nothing was done. {refused}.", 409
    except KnowledgeUnavailable:
        words, status = AWAY, 409
    return page(request, "proposal_ruled.html", me=me, words=words, is_done=status == 200, status=status)


def _told(request: Request, me: Person, found: Attempt | None, *, wrong: str = "", status: int = 200) -> Response:
    figures: list[Moved] = list(moved(found.lines)) if found else []
    shown = {figure.line for figure in figures}
    rest = [line for line in found.lines if line not in shown] if found else []
    return page(
        request,
        "attempt.html",
        me=me,
        attempt=found,
        figures=figures,
        rest=rest,
        states=STATES,
        marks=MARKS,
        wrong=wrong,
        status=status,
    )


async def _last(request: Request) -> Attempt | None:
    try:
        return await _library(request).last_attempt()
    except KnowledgeUnavailable:
        return None


def _library(request: Request) -> Library:
    library: Library = request.app.state.library
    return library
