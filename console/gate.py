"""Who may pass: every page but the sign-in asks here first."""

from typing import Annotated

from fastapi import Depends, Request

from console.attendance import Attendance
from console.places import READS_POLICY
from console.session import COOKIE, Session, Sessions
from escalation.client import Person


class NotSignedIn(Exception):
    """Nobody is signed in in this browser, or the session ran out."""


async def signed_in(request: Request) -> Person:
    sessions: Sessions = request.app.state.sessions
    session: Session | None = await sessions.find(request.cookies.get(COOKIE))
    if session is None:
        raise NotSignedIn
    attendance: Attendance = request.app.state.attendance
    attendance.asked(session.username)
    return session.person


Me = Annotated[Person, Depends(signed_in)]


class NotSupervisor(Exception):
    """The page is the supervisors'."""


async def supervising(me: Me) -> Person:
    if me.role != "supervisor":
        raise NotSupervisor
    return me


Supervisor = Annotated[Person, Depends(supervising)]


async def running_it(me: Me) -> Person:
    """Who leads the people, or runs the product."""
    if me.role not in ("supervisor", "administrator"):
        raise NotSupervisor
    return me


RunsIt = Annotated[Person, Depends(running_it)]


async def reading_policy(me: Me) -> Person:
    if me.role not in READS_POLICY:
        raise NotSupervisor
    return me


PolicyReader = Annotated[Person, Depends(reading_policy)]


class ReadsOnly(Exception):
    """The page is for those who may file tickets."""


async def filing(me: Me) -> Person:
    if not me.files:
        raise ReadsOnly
    return me


Filer = Annotated[Person, Depends(filing)]
