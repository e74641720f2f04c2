"""Quality checks: what was drawn and scored, a conversation with its form, and how scores went over the weeks."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.responses import Response

from console import figures, spreadsheet, timeline, trend
from console.gate import Me
from console.render import page
from escalation.client import EscalationRefused, MarkAsked, Person, ScoreAsked, SubjectHistory

router = APIRouter(prefix="/quality")

ReviewId = Annotated[int, Path(ge=1, le=2**53)]
NOT_APPLICABLE = "none"
_REFUSED_IN_PLACE = frozenset({400, 409})


@router.get("")
async def show(request: Request, me: Me) -> Response:
    overview = await request.app.state.desk.quality(me.username)
    return page(request, "quality.html", me=me, overview=overview, drawn=_drawn, said=_said, score=score_words)


@router.get(".csv")
async def as_csv(request: Request, me: Me) -> Response:
    return spreadsheet.of_quality(await request.app.state.desk.quality(me.username))


@router.get("/{review_id}")
async def show_review(request: Request, me: Me, review_id: ReviewId) -> Response:
    return await _review(request, me, review_id)


@router.post("/{review_id}")
async def give(request: Request, me: Me, review_id: ReviewId) -> Response:
    """A mark for each criterion, `mark-KEY` and `comment-KEY`, and one comment on the whole."""
    typed = {name: str(value) for name, value in (await request.form()).items()}
    try:
        await request.app.state.desk.score_review(me.username, review_id, _asked(typed))
    except ValidationError:
        wrong = "A comment is too long: 2,000 characters at most."
    except EscalationRefused as refusal:
        if refusal.status not in _REFUSED_IN_PLACE:
            raise
        wrong = f"{refusal.detail}."
    else:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/quality/{review_id}", status_code=303)
    return await _review(request, me, review_id, typed=typed, wrong=wrong)


async def _review(
    request: Request, me: Person, review_id: int, *, typed: Mapping[str, str] | None = None, wrong: str = ""
) -> Response:
    review = await request.app.state.desk.review(me.username, review_id)
    context: dict[str, Any] = {
        "review": review,
        "entries": timeline.entries(review.turns, review.notes),
        "typed": typed or {},
        "wrong": wrong,
        "score": score_words,
        "none": NOT_APPLICABLE,
    }
    return page(request, "quality_review.html", status=422 if wrong else 200, me=me, **context)


def _asked(typed: Mapping[str, str]) -> ScoreAsked:
    """What is no number is no mark: the rules say which one is missing."""
    marks = {}
    for name, value in typed.items():
        if name.startswith("mark-") and (value.isdecimal() or value == NOT_APPLICABLE):
            key = name.removeprefix("mark-")
            mark = None if value == NOT_APPLICABLE else int(value[:3])
            marks[key] = MarkAsked(mark=mark, comment=typed.get(f"comment-{key}", ""))
    return ScoreAsked(marks=marks, comment=typed.get("comment", ""))


def score_words(value: float | None) -> str:
    return "No score" if value is None else figures.amount("percent", value)


def _drawn(history: SubjectHistory) -> trend.Plot:
    return trend.plot([week.score_pct for week in history.weeks], target=None, width=180, height=36)


def _said(history: SubjectHistory) -> str:
    return trend.sentence([week.score_pct for week in history.weeks], score_words, unit="weeks")
