"""Signing in and out."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from console.render import page
from console.session import COOKIE, SESSION_S
from escalation.client import EscalationRefused, Person

router = APIRouter()

WRONG = "User name or password is wrong."
TOO_OFTEN = "Too many tries. Please wait 15 minutes, or ask your supervisor."
NAME_MAX, PASSWORD_MAX = 100, 1000
REFERENCE = re.compile(r"FL-\d{8}")


@router.get("/sign-in")
async def show(request: Request, ticket: str = "") -> Response:
    """`ticket`: the reference to open afterwards; never a free address, so nobody can be sent elsewhere."""
    return page(request, "sign_in.html", problem="", username="", ticket=_reference(ticket))


@router.post("/sign-in")
async def sign_in(
    request: Request,
    username: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    ticket: Annotated[str, Form()] = "",
) -> Response:
    person, problem = await _check(request, username, password)
    if person is None:
        status = 429 if problem == TOO_OFTEN else 401
        form = {"problem": problem, "username": username[:NAME_MAX], "ticket": _reference(ticket)}
        return page(request, "sign_in.html", status=status, **form)
    sessions = request.app.state.sessions
    await sessions.close(request.cookies.get(COOKIE))
    base = request.scope.get("root_path", "")
    reference = _reference(ticket)
    reply = RedirectResponse(f"{base}/tickets/{reference}" if reference else f"{base}/", status_code=303)
    reply.set_cookie(
        COOKIE,
        await sessions.open(person),
        max_age=SESSION_S,
        path=base or "/",
        secure=request.app.state.secure_cookie,
        httponly=True,
        samesite="strict",
    )
    return reply


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    await request.app.state.sessions.close(request.cookies.get(COOKIE))
    base = request.scope.get("root_path", "")
    reply = RedirectResponse(f"{base}/sign-in", status_code=303)
    reply.delete_cookie(COOKIE, path=base or "/")
    return reply


async def _check(request: Request, username: str, password: str) -> tuple[Person | None, str]:
    """The person, or what to tell: one word for a wrong name and a wrong password."""
    address = request.client.host if request.client else ""
    if not username or not password or len(username) > NAME_MAX or len(password) > PASSWORD_MAX:
        return None, WRONG
    try:
        person = await request.app.state.desk.sign_in(username, password, address=address)
    except EscalationRefused:  # tried too often
        return None, TOO_OFTEN
    return (person, "") if person is not None else (None, WRONG)


def _reference(text: str) -> str:
    return text if REFERENCE.fullmatch(text) else ""
