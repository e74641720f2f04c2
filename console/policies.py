"""Policy files: what is in force, what it was before, and another text of one looked at and proposed."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console.desk import Desk
from console.gate import PolicyReader, RunsIt
from console.render import is_fragment, page
from console.text_diff import differences
from console.ticket import Said, desk_of, sentence
from escalation.client import Checked, EscalationRefused, Person, PolicyFile, ProposeAsked

router = APIRouter(prefix="/policies")

FileName = Annotated[str, Path(max_length=64)]
Number = Annotated[int, Query(ge=0, le=2**31 - 1)]
LONGEST, WHY_MAX = 100_000, 2000  # characters
LOOK_AGAIN = "You changed the text after you looked at it. This is what it does now; nothing is stored yet."
MOVED = (
    "Somebody published another text of this file since you began. Nothing is stored, and nothing you wrote is lost."
)


class Typed(BaseModel):
    """The form as it was sent. `seen`: of the text that was looked at, "" before there was a look."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(default="", max_length=2 * LONGEST)
    base: str = Field(default="", max_length=64)
    why: str = Field(default="", max_length=2 * WHY_MAX)
    seen: str = Field(default="", max_length=64)
    replaces: int | None = None


@router.get("")
async def show(request: Request, me: PolicyReader) -> Response:
    found = await desk_of(request).policies(me.username)
    return page(request, "policies.html", me=me, found=found)


@router.get("/{file}")
async def read(request: Request, me: PolicyReader, file: FileName) -> Response:
    """What is in force, read only, and everything that was."""
    return page(request, "policy.html", me=me, found=await desk_of(request).policy_file(me.username, file))


@router.get("/{file}/difference")
async def compare(request: Request, me: PolicyReader, file: FileName, was: Number, now: Number) -> Response:
    """Between two versions; 0 is the installed file."""
    desk = desk_of(request)
    one, other = [(await desk.policy_version(me.username, file, number)).text for number in (was, now)]
    lines = differences(one, other)
    return page(request, "policy_difference.html", me=me, file=file, was=was, now=now, lines=lines)


@router.get("/{file}/change")
async def begin(request: Request, me: RunsIt, file: FileName, version: Number | None = None) -> Response:
    """The form, with the text in force, or with a version's to put it back; 0 is the installed file."""
    desk = desk_of(request)
    found = await desk.policy_file(me.username, file)
    text = found.text if version is None else (await desk.policy_version(me.username, file, version)).text
    return _form(request, me, found, Typed(text=text, base=found.base))


@router.post("/{file}/check")
async def check(request: Request, me: RunsIt, file: FileName, typed: Annotated[Typed, Form()]) -> Response:
    """Its mistakes, or what it would change. Nothing is stored."""
    if too_long := _too_long(typed):
        reply = await _again(request, me, file, typed, said=too_long)
        reply.headers["HX-Retarget"], reply.headers["HX-Reswap"] = "body", "innerHTML"
        return reply
    checked = await desk_of(request).check_policy(me.username, file, typed.text)
    if is_fragment(request):
        return page(request, "policy_checked.html", **_looked_at(checked, typed, file))
    return await _again(request, me, file, typed, checked=checked)


@router.post("/{file}/proposals")
async def propose(request: Request, me: RunsIt, file: FileName, typed: Annotated[Typed, Form()]) -> Response:
    """Only what was looked at is proposed."""
    desk = desk_of(request)
    if too_long := _too_long(typed):
        return await _again(request, me, file, typed, said=too_long)
    if typed.seen != _mark_of(typed.text):
        checked = await desk.check_policy(me.username, file, typed.text)
        return await _again(request, me, file, typed, said=Said("bad", LOOK_AGAIN), checked=checked)
    asked = ProposeAsked(text=typed.text, base=typed.base, why=typed.why.strip(), replaces=typed.replaces)
    try:
        proposal_id = await desk.propose_policy(me.username, file, asked)
    except EscalationRefused as refusal:
        if refusal.status not in (400, 409):
            raise
        if await _has_moved(desk, me, file, typed):
            return await _again(request, me, file, typed, said=Said("bad", MOVED), moved=True, status=409)
        said = Said("bad", f"Nothing is stored. {sentence(refusal.detail)}")
        return await _again(request, me, file, typed, said=said)
    return RedirectResponse(f"{_base(request)}/policy-proposals/{proposal_id}", status_code=303)


@router.post("/{file}/rebase")
async def rebase(request: Request, me: RunsIt, file: FileName, typed: Annotated[Typed, Form()]) -> Response:
    """The same change on the text that is in force by now, to be looked at before it is proposed."""
    desk = desk_of(request)
    try:
        found = await desk.rebase_policy(me.username, file, typed.text, typed.base)
    except EscalationRefused as refusal:
        if refusal.status != 409:
            raise
        said = Said("bad", sentence(refusal.detail))
        return await _again(request, me, file, typed, said=said, status=409)
    brought = typed.model_copy(update={"text": found.text, "base": found.base, "seen": ""})
    said = Said("good", "Your change stands on the text in force now. Look at it once more.")
    if found.conflicts:
        places = "one place" if found.conflicts == 1 else f"{found.conflicts} places"
        said = Said(
            "bad", f"Both texts changed {places}: keep one of the two between the marks, and take the marks out."
        )
    checked = await desk.check_policy(me.username, file, brought.text)
    return await _again(request, me, file, brought, said=said, checked=checked, status=200)


async def _has_moved(desk: Desk, me: Person, file: str, typed: Typed) -> bool:
    return (await desk.policy_file(me.username, file)).base != typed.base


async def _again(
    request: Request,
    me: Person,
    file: str,
    typed: Typed,
    *,
    said: Said | None = None,
    checked: Checked | None = None,
    moved: bool = False,
    status: int | None = None,
) -> Response:
    """The form as it was typed. What was said is bad news unless a status is given."""
    found = await desk_of(request).policy_file(me.username, file)
    status = status or (422 if said is not None else 200)
    return _form(request, me, found, typed, said=said, checked=checked, moved=moved, status=status)


def _form(
    request: Request,
    me: Person,
    found: PolicyFile,
    typed: Typed,
    *,
    said: Said | None = None,
    checked: Checked | None = None,
    moved: bool = False,
    status: int = 200,
) -> Response:
    return page(
        request,
        "policy_change.html",
        status=status,
        me=me,
        found=found,
        typed=typed,
        said=said,
        moved=moved,
        why_max=WHY_MAX,
        looked_at=_looked_at(checked, typed, found.row.file) if checked is not None else None,
    )


def _looked_at(checked: Checked, typed: Typed, file: str) -> dict[str, Any]:
    """What policy_checked.html shows, with the mark that lets this text be proposed and no other."""
    lines = differences(checked.in_force, checked.text)
    return {
        **{"checked": checked, "lines": lines, "file": file, "mark": _mark_of(typed.text)},
        "moved": bool(typed.base) and checked.base != typed.base,
    }


def _mark_of(text: str) -> str:
    """The same however a browser writes the end of a line."""
    return hashlib.sha256(text.replace("\r\n", "\n").rstrip().encode()).hexdigest()


def _too_long(typed: Typed) -> Said | None:
    for what, text, most in (("text", typed.text, LONGEST), ("reason", typed.why, WHY_MAX)):
        if len(text) > most:
            return Said("bad", f"The {what} is too long: {len(text)} of at most {most} characters.")
    return None


def _base(request: Request) -> str:
    return str(request.scope.get("root_path", ""))
