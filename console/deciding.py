"""Deciding about what is proposed for the knowledge base: try and publish it, watch that, or turn it down."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console.desk import Library
from console.gate import RunsIt
from console.render import is_fragment, page
from console.ticket import Said, sentence
from escalation.client import Person
from knowledge.client import Attempt, KnowledgeRefused, KnowledgeUnavailable, Order

router = APIRouter(prefix="/knowledge")

AWAY = "The knowledge base does not answer just now. Nothing was done; please try again in a moment."
SHOWN = 12  # of our own questions that are treated otherwise
# What became of an attempt: in a heading, and in a sentence.
STATES = {
    "running": ("Being tried", "It is being tried."),
    "done": ("Done", "It is done."),
    "refused": ("Not published: answers would get worse", "It was not published: answers would get worse."),
    "failed": ("Not done", "It was not done."),
    "stopped": ("Broken off", "It was broken off; nothing was published."),
}
MARKS = {"=": "The same", "better": "Better", "worse": "A little worse", "TOO MUCH WORSE": "Too much worse"}

ProposalId = Annotated[str, Path(pattern=r"^[0-9a-z]{1,40}$")]


class Accepted(BaseModel):
    """The form of a proposal, or of one that the gate refused. Without `words` its own are taken."""

    model_config = ConfigDict(frozen=True)

    days: int = Field(ge=1, le=365)
    words: str = Field(default="", max_length=300)
    because: str = Field(default="", max_length=1000)
    override: bool = False


class Rejected(BaseModel):
    model_config = ConfigDict(frozen=True)

    kind: Literal["example_question", "missing_article", "fighting_articles"]
    reason: str = Field(min_length=1, max_length=1000)
    alike: list[str] = Field(default=[], max_length=20)


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands in the place of a proposal that nobody has to decide about any more."""

    proposal_id: str
    words: str


@router.get("/attempt")
async def show(request: Request, me: RunsIt) -> Response:
    """The attempt that runs or ran last."""
    try:
        return _panel(request, me, await _library(request).last_attempt())
    except KnowledgeUnavailable:
        return _panel(request, me, None)  # the list beside it says so


@router.get("/attempt/said")
async def follow(request: Request, me: RunsIt) -> Response:
    """How far it is; its end comes in the place of the whole, and marks the proposal."""
    try:
        attempt = await _library(request).last_attempt()
    except KnowledgeUnavailable:
        return Response(status_code=204)  # the page asks again
    if attempt and attempt.state == "running":
        return page(request, "attempt_said.html", attempt=attempt, now=datetime.now(UTC))
    reply = _panel(request, me, attempt, decided=_decided(attempt), announced=True)
    reply.headers["HX-Retarget"], reply.headers["HX-Reswap"] = "#attempt", "outerHTML"
    return reply


@router.post("/proposals/{proposal_id}/acceptance")
async def accept(request: Request, me: RunsIt, proposal_id: ProposalId, asked: Annotated[Accepted, Form()]) -> Response:
    """Begin to try it; it goes on when the page is closed."""
    library = _library(request)
    order = Order(
        proposal_id=proposal_id,
        by=me.username,
        days=asked.days,
        words=asked.words.strip(),
        because=asked.because.strip(),
        override=asked.override,
    )
    said, attempt, status = None, None, 200
    try:
        attempt = await library.accept(order)
    except KnowledgeRefused as refusal:
        said, status = Said("bad", f"Nothing was begun. {sentence(str(refusal))}"), 409
        attempt = await _last(library)
    except KnowledgeUnavailable:
        said, status = Said("bad", AWAY), 409
    if not is_fragment(request):
        return _back(request)
    return _panel(request, me, attempt, said=said, announced=True, status=status)


@router.post("/proposals/{proposal_id}/rejection")
async def reject(request: Request, me: RunsIt, proposal_id: ProposalId, asked: Annotated[Rejected, Form()]) -> Response:
    """It is proposed no more, in these words or others."""
    decided = Decided(proposal_id, f"Rejected by {me.name}: it is proposed no more.")
    try:
        await _library(request).reject(
            proposal_id, asked.kind, by=me.username, reason=asked.reason.strip(), alike=asked.alike
        )
    except KnowledgeRefused as refusal:
        decided = Decided(proposal_id, sentence(str(refusal)))
    except KnowledgeUnavailable:
        reply = page(request, "said.html", status=409, said=Said("bad", AWAY), oob=False)
        reply.headers["HX-Retarget"], reply.headers["HX-Reswap"] = f"#said-{proposal_id}", "innerHTML"
        return reply
    return page(request, "decided.html", decided=decided, oob=False) if is_fragment(request) else _back(request)


def _decided(attempt: Attempt | None) -> Decided | None:
    if attempt is None or attempt.state != "done":
        return None
    return Decided(attempt.order.proposal_id, f"Accepted by {attempt.order.by}.")


def _panel(
    request: Request,
    me: Person,
    attempt: Attempt | None,
    *,
    said: Said | None = None,
    decided: Decided | None = None,
    announced: bool = False,
    status: int = 200,
) -> Response:
    """`announced` tells it also to who only hears the page."""
    return page(
        request,
        "attempt.html",
        status=status,
        me=me,
        attempt=attempt,
        said=said,
        decided=decided,
        announced=announced,
        states=STATES,
        marks=MARKS,
        most=SHOWN,
        now=datetime.now(UTC),
    )


async def _last(library: Library) -> Attempt | None:
    try:
        return await library.last_attempt()
    except KnowledgeUnavailable:
        return None


def _back(request: Request) -> Response:
    return RedirectResponse(f"{request.scope.get('root_path', '')}/knowledge", status_code=303)


def _library(request: Request) -> Library:
    library: Library = request.app.state.library
    return library
