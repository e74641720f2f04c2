"""Webhooks of calls that we made: somebody picked up, a key was pressed, the call is over."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from redis import RedisError

from escalation.client import EscalationUnavailable
from ivr import voice
from ivr.called import MOST_ASKED, Called, Question
from ivr.entrance import Caller, Signed, twiml
from ivr.exchange import Exchange

router = APIRouter(prefix="/called")

Language = Annotated[str, Query(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=35)]
Asked = Annotated[int, Query(ge=1, le=MOST_ASKED)]


@router.post("/picked-up")
async def picked_up(request: Request, form: Signed, call: UUID) -> Response:
    answered_by = form.get("AnsweredBy", "")
    return twiml(await _called(request).picked_up(call, form["CallSid"], answered_by=answered_by))


def _question(call: UUID, purpose: Literal["callback", "confirmation"], language: Language, asked: Asked) -> Question:
    return Question(call, purpose, language, asked)


@router.post("/key")
async def key(request: Request, form: Signed, question: Annotated[Question, Depends(_question)]) -> Response:
    exchange, number = _exchange(request), Caller(form).number or ""
    try:
        document = await exchange.called.key(
            question, keys=form.get("Digits", ""), call_sid=form["CallSid"], number=number
        )
    except RedisError:
        return twiml(exchange.webhooks.goodbye())
    return twiml(document)


@router.post("/ended")
async def ended(request: Request, form: Signed, call: UUID) -> Response:
    """503 makes the network report it again, where that is asked for."""
    try:
        await _called(request).ended(call, form)
    except (EscalationUnavailable, RedisError) as error:
        raise HTTPException(503) from error
    return twiml(voice.nothing_more())


def _called(request: Request) -> Called:
    return _exchange(request).called


def _exchange(request: Request) -> Exchange:
    exchange: Exchange = request.app.state.exchange
    return exchange
