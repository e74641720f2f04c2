"""Proposing what solved a ticket as an article: a form with the solution in it, without who it was about."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from console.articles import question_of
from console.desk import Library
from console.gate import Me
from console.render import page
from console.solution import impersonal, solution_of
from console.ticket import desk_of, sentence
from escalation.client import Person, TicketDetail
from knowledge.client import KnowledgeRefused, KnowledgeUnavailable

router = APIRouter()

QUESTION_MAX, SOLUTION_MAX = 300, 8000  # characters
USUAL_LANGUAGE = "en"
AWAY = "The knowledge base does not answer just now. Nothing was sent; please try again in a moment."


class Typed(BaseModel):
    model_config = ConfigDict(frozen=True)

    question: str = ""
    solution: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it stands, and what is wrong with it."""

    question: str
    solution: str
    wrong: str = ""


@router.get("/tickets/{reference}/article")
async def show(request: Request, me: Me, reference: str) -> Response:
    ticket = await desk_of(request).ticket(me.username, reference)
    solution = solution_of(ticket)
    if not solution:
        return _nothing_to_propose(request, reference)
    question = impersonal(question_of(ticket), ticket)[:QUESTION_MAX]
    return _form(request, me, ticket, Draft(" ".join(question.split()), impersonal(solution, ticket)))


@router.post("/tickets/{reference}/article")
async def propose(request: Request, me: Me, reference: str, typed: Annotated[Typed, Form()]) -> Response:
    """Masked once more: a name may have been typed anew."""
    ticket = await desk_of(request).ticket(me.username, reference)
    if not solution_of(ticket):
        return _nothing_to_propose(request, reference)
    question = impersonal(" ".join(typed.question.split()), ticket)
    solution = impersonal(typed.solution.strip(), ticket)
    wrong = _fault(question, solution) or await _sent(request.app.state.library, me, ticket, question, solution)
    if wrong:
        return _form(request, me, ticket, Draft(question, solution, wrong))
    return page(
        request,
        "message.html",
        heading="Proposed",
        explanation=f"“{question}” is on the list of those who keep the knowledge base, with your name.",
        again=_address(request, reference),
        again_label="Back to the ticket",
    )


async def _sent(library: Library, me: Person, ticket: TicketDetail, question: str, solution: str) -> str:
    """What went wrong, or ""."""
    try:
        await library.contribute(
            question=question,
            solution=solution,
            language=ticket.language or USUAL_LANGUAGE,
            by=me.username,
            reference=ticket.reference,
        )
    except KnowledgeRefused as refusal:
        return f"Not sent. {sentence(str(refusal))}"
    except KnowledgeUnavailable:
        return AWAY
    return ""


def _fault(question: str, solution: str) -> str:
    if len(question) < 3 or not solution:
        return "Please write both: the question, and what solves it."
    for what, text, most in (("question", question, QUESTION_MAX), ("solution", solution, SOLUTION_MAX)):
        if len(text) > most:
            return f"The {what} is too long: {len(text)} of at most {most} characters."
    return ""


def _form(request: Request, me: Person, ticket: TicketDetail, draft: Draft) -> Response:
    return page(
        request,
        "contribute.html",
        status=422 if draft.wrong else 200,
        me=me,
        ticket=ticket,
        draft=draft,
        question_max=QUESTION_MAX,
        solution_max=SOLUTION_MAX,
    )


def _nothing_to_propose(request: Request, reference: str) -> Response:
    return page(
        request,
        "message.html",
        status=409,
        heading="There is no solution to propose",
        explanation="Once the ticket is resolved with words for the customer, they can become an article.",
        again=_address(request, reference),
        again_label="Back to the ticket",
    )


def _address(request: Request, reference: str) -> str:
    return f"{request.scope.get('root_path', '')}/tickets/{reference}"
