"""A new ticket, by somebody who was told of a problem otherwise: the form of its kind, and what might spare it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.responses import Response

from console import alike, articles, view
from console.desk import Desk
from console.form_field import FormField, faults_of, fields_of, in_words, value_of
from console.gate import Filer
from console.render import is_fragment, page
from escalation.client import EscalationRefused, FileAsked, Kind, KindForm, KindForms

router = APIRouter()

USUAL = Kind.INCIDENT
ASKED_MAX = 1000  # characters that suggestions are looked for with
MEANT_AT_LEAST = 8  # characters before they are
NOT_FILED = "Nothing was filed yet. Please look at the fields that are marked."
SEGMENTS = (("consumer", "Private"), ("gold", "Gold"), ("corporate", "Corporate"))


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it stands: what is written in each field, and what is wrong with it."""

    kind: Kind
    key: str  # the same form sent twice is one ticket
    written: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    def of(self, name: str) -> str:
        return next(iter(self.written.get(name, ())), "")


@router.get("/new")
async def show(request: Request, me: Filer, kind: str = "") -> Response:
    draft = Draft(Kind(kind) if kind in set(Kind) else USUAL, _new_key())
    return _form_page(request, me=me, draft=draft, forms=await _desk(request).kinds())


@router.post("/new")
async def file(request: Request, me: Filer) -> Response:
    """File it, or show the form of the kind that was chosen; nothing that was written is lost."""
    sent = await request.form(max_files=0)
    written = {name: [str(text) for text in sent.getlist(name)] for name in sent}
    draft = Draft(_kind_of(written), (written.get("key") or [""])[0][:100] or _new_key(), written)
    forms = await _desk(request).kinds()
    if "change" in written:
        return _form_page(request, me=me, draft=draft, forms=forms)
    try:
        asked = asked_of(draft, forms, _zone(request))
    except ValidationError as error:
        faults = {str(fault["loc"][0]): in_words(_said(fault)) for fault in error.errors() if fault["loc"]}
        return _form_page(request, me=me, draft=_faulty(draft, faults), forms=forms, status=422)
    try:
        filed = await _desk(request).file(me.username, asked)
    except EscalationRefused as refusal:
        if refusal.status == 403:
            raise
        names = [one.name for one in (*common_fields(forms), *_own_fields(draft.kind, forms))]
        faulty = _faulty(draft, faults_of(refusal.detail, names), refusal.detail)
        return _form_page(request, me=me, draft=faulty, forms=forms, status=422)
    base = request.scope.get("root_path", "")
    try:
        await _desk(request).ticket(me.username, filed.reference)
    except EscalationRefused:  # it waits for somebody else now, and does not exist for its filer any more
        return page(
            request,
            "message.html",
            heading=f"Filed as {filed.reference}",
            explanation=f"{view.PRIORITIES[filed.priority]}, {view.name_of(filed.department)}. Keep the reference.",
            again=f"{base}/new",
            again_label="File another one",
        )
    return RedirectResponse(f"{base}/tickets/{filed.reference}", status_code=303)


@router.post("/new/suggestions")
async def suggest(
    request: Request,
    me: Filer,
    problem: Annotated[str, Form()] = "",
    category: Annotated[str, Form(max_length=200)] = "",
    customer_id: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Articles that fit what is written so far, and open tickets that may be the same. By POST: they are a customer's
    words, which no log of addresses should have.
    """
    words = problem.strip()[:ASKED_MAX]
    library, topic = request.app.state.library, category
    found: list[articles.Suggestion] = []
    remark = ""
    if len(words) >= MEANT_AT_LEAST:
        found, remark = await articles.fitting(library, words)
        topic = topic or next((one.topic for one in found), "")
    search = alike.Search(words=words, topic=topic, customer_id=customer_id.strip())
    others = await alike.open_tickets(_desk(request), library, me.username, search)
    return page(request, "new_suggestions.html", articles=found, remark=remark, others=others, words=words)


def asked_of(draft: Draft, forms: KindForms, zone: ZoneInfo) -> FileAsked:
    """Raises ValidationError, which names the field."""
    common = {one.name: value_of(one, draft.written.get(one.name, ()), zone) for one in common_fields(forms)}
    own = {
        one.name: value_of(one, draft.written.get(f"form.{one.name}", ()), zone)
        for one in _own_fields(draft.kind, forms)
    }
    given: dict[str, Any] = {name: value for name, value in common.items() if value is not None}
    form = {name: value for name, value in own.items() if value is not None}
    return FileAsked(kind=draft.kind, key=draft.key, form=form, **given)


def common_fields(forms: KindForms) -> tuple[FormField, ...]:
    """What is asked of every kind."""
    topics = tuple(sorted(((code, view.name_of(code)) for code in forms.topics), key=lambda topic: topic[1]))
    return (
        FormField("problem", "What is the problem?", "words", required=True, longest=4000),
        FormField("category", "Topic", "choice", options=topics),
        FormField("affected", "Who is affected?", "choice", options=tuple(view.AFFECTED.items())),
        FormField("service", "The service is", "choice", options=tuple(view.SERVICES.items())),
        FormField("segment", "Customer", "choice", options=SEGMENTS),
        FormField("customer_id", "Customer's account", "line", longest=200),
        FormField("reachable", "Telephone or e-mail", "line", longest=200),
        FormField("safety", "Somebody's safety is at risk", "yes"),
        FormField("revenue_at_risk", "Revenue is at risk", "yes"),
    )


def _own_fields(kind: Kind, forms: KindForms) -> list[FormField]:
    return fields_of(_form_of(kind, forms), forms.systems)


def _form_of(kind: Kind, forms: KindForms) -> KindForm:
    return next(form for form in forms.kinds if form.kind == kind)


def _faulty(draft: Draft, faults: Mapping[str, str], detail: str = "") -> Draft:
    """Nothing was filed. A key that has filed another ticket already gives way to a new one."""
    problem = NOT_FILED if faults else f"Nothing was filed. {detail}"
    return Draft(draft.kind, draft.key if faults else _new_key(), draft.written, faults, problem)


def _form_page(request: Request, *, me: Filer, draft: Draft, forms: KindForms, status: int = 200) -> Response:
    return page(
        request,
        "new_fields.html" if is_fragment(request) else "new_ticket.html",
        status=status,
        me=me,
        draft=draft,
        kinds=forms.kinds,
        common=common_fields(forms),
        own=_own_fields(draft.kind, forms),
    )


def _kind_of(written: Mapping[str, Sequence[str]]) -> Kind:
    name = next(iter(written.get("kind", ())), "")
    return Kind(name) if name in set(Kind) else USUAL


def _said(fault: Mapping[str, Any]) -> str:
    return "Field required" if fault["type"] in {"missing", "string_too_short"} else str(fault["msg"])


def _new_key() -> str:
    return secrets.token_urlsafe(16)


def _zone(request: Request) -> ZoneInfo:
    zone: ZoneInfo = request.app.state.zone
    return zone


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk
