"""The routes of a program, and who may use each: written down here, and compared with what there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from fastapi import FastAPI

Answers = dict[str, int]  # a role, or a machine, to the status that it gets
Route = tuple[str, str]  # method and path

V1 = "/escalation/v1"
TMF = "/tmf-api/troubleTicket/v4/troubleTicket"
HUB = "/tmf-api/troubleTicket/v4/hub"
TALK = "/tmf-api/partyInteraction/v4/partyInteraction"

# Open to anybody: they say nothing of a customer, or ask for a secret of their own.
OPEN: set[Route] = {
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
    ("GET", "/docs/oauth2-redirect"),
    ("GET", "/redoc"),
    ("POST", "/oauth2/token"),
    ("GET", "/.well-known/jwks.json"),
    ("GET", "/.well-known/oauth-authorization-server"),
}
# With our own programs' token, for nobody in particular.
INTERNAL: set[Route] = {
    ("GET", "/metrics"),
    ("GET", f"{V1}/health"),
    ("POST", f"{V1}/sign-in"),
    ("POST", f"{V1}/contacts"),
    ("POST", f"{V1}/turns"),
    ("POST", f"{V1}/contacts/{{contact_id}}/handovers"),
    ("GET", f"{V1}/contacts/{{contact_id}}/waiting"),
    ("POST", f"{V1}/contacts/{{contact_id}}/finish"),
    ("POST", f"{V1}/contacts/{{contact_id}}/release"),
    ("POST", f"{V1}/contacts/{{contact_id}}/typing"),
    ("POST", f"{V1}/contacts/{{contact_id}}/lines"),
    ("POST", f"{V1}/contacts/{{contact_id}}/callback"),
    ("POST", f"{V1}/contacts/{{contact_id}}/voicemails"),
    ("GET", f"{V1}/contacts/{{contact_id}}/brief"),
    ("POST", f"{V1}/contacts/{{contact_id}}/reads"),
    ("POST", f"{V1}/voicemails/{{recording_sid}}/transcript"),
    ("POST", f"{V1}/text-replies"),
    ("POST", f"{V1}/calls/{{call_id}}/picked-up"),
    ("POST", f"{V1}/calls/{{call_id}}/answer"),
    ("POST", f"{V1}/calls/{{call_id}}/ended"),
    ("POST", f"{V1}/chat-links/followed"),
    ("POST", f"{V1}/contacts/{{contact_id}}/chat-links"),
    ("POST", f"{V1}/contacts/{{contact_id}}/attachments"),
    ("GET", f"{V1}/contacts/{{contact_id}}/attachments/{{attachment_id}}"),
    ("POST", f"{V1}/fault-reports"),
    ("GET", f"{V1}/major-incidents"),
    ("POST", f"{V1}/wishes/same"),
    ("POST", f"{V1}/tickets/status"),
    ("POST", f"{V1}/visits"),
    ("POST", f"{V1}/visits/cancelled"),
    ("POST", f"{V1}/attendance"),
    ("GET", f"{V1}/kinds"),
    ("GET", f"{V1}/canned-replies"),
    ("GET", f"{V1}/rows"),
    ("GET", f"{V1}/skills"),
    ("GET", f"{V1}/windows"),
    ("GET", f"{V1}/wishes"),
    ("GET", f"{V1}/returns"),
    ("GET", f"{V1}/fates"),
    ("GET", f"{V1}/hub/subscriptions"),
    ("GET", f"{V1}/hub/dead"),
    ("POST", f"{V1}/hub/dead/{{webhook_id}}/replay"),
    ("POST", f"{V1}/hub/subscriptions/{{subscription_id}}/replay"),
}
SCOPED: dict[Route, str] = {
    (method, f"{path}{slash}"): scope
    for (method, path), scope in {
        ("GET", TMF): "tickets:read",
        ("POST", TMF): "tickets:write",
        ("GET", f"{TMF}/{{ticket_id}}"): "tickets:read",
        ("PATCH", f"{TMF}/{{ticket_id}}"): "tickets:write",
        ("DELETE", f"{TMF}/{{ticket_id}}"): "tickets:admin",
        ("POST", HUB): "hub",
        ("DELETE", f"{HUB}/{{subscription_id}}"): "hub",
        ("GET", f"{TALK}/{{contact_id}}"): "interactions:read",
    }.items()
    for slash in ("", "/")
} | {("GET", f"{TALK}/{{contact_id}}/attachment/{{attachment_id}}"): "interactions:read"}

ROLES = (
    "agent",
    "supervisor",
    "corporate_engineer",
    "partner",
    "field_technician",
    "vendor",
    "auditor",
    "administrator",
)
PERSON = dict(
    zip(
        ROLES,
        (
            "amira.khan",
            "sam.okoye",
            "carl.meyer",
            "priya.shah",
            "rob.quinn",
            "victor.lang",
            "agnes.hall",
            "dora.berg",
        ),
        strict=True,
    )
)


def answers(
    agent: int, supervisor: int, readers: tuple[int, int], others: int, **besides: int
) -> Answers:  # readers: auditor, administrator; others: for whom a private customer's ticket of level 1 does not exist
    told = {"agent": agent, "supervisor": supervisor, "auditor": readers[0], "administrator": readers[1]}
    return {role: told.get(role, others) for role in ROLES} | besides


@dataclass(frozen=True)
class PersonRoute:
    """Tried on a private customer's ticket at level 1, which is nobody's own; `status` is what it is then."""

    expected: Answers
    body: dict[str, Any] | None = None
    status: Literal["", "resolved"] = ""


EVERYBODY = answers(200, 200, (200, 200), 200)
SUPERVISOR = answers(403, 200, (403, 403), 403)
RUNS_IT = answers(403, 200, (403, 200), 403)
WORKS = answers(200, 200, (403, 403), 404)
LEADS_OR_READS = answers(403, 200, (200, 200), 403)
CHANGES_POLICY = answers(403, 404, (403, 404), 403)
NONE_SUCH = answers(404, 404, (404, 404), 404)
KEEPS_ROSTER = answers(403, 204, (403, 403), 403)
SOON = datetime.now(UTC).replace(tzinfo=None, hour=8, minute=0, second=0, microsecond=0) + timedelta(days=30)
SPAN = {"kind": "absence", "begins": SOON.isoformat(), "ends": (SOON + timedelta(days=2)).isoformat()}
SPAN |= {"substitute": "amira.khan"}
MOVED = {"department": "frontline", "reason": "not ours"}
LAW = answers(403, 200, (403, 200), 404)
WINDOW = {"starts_at": "2030-01-01T01:00Z", "ends_at": "2030-01-01T03:00Z", "reason": "the vendor is late"}
VISITS = answers(403, 403, (403, 403), 403, field_technician=200)
NO_VISIT = answers(403, 403, (403, 403), 403, field_technician=404)
REPORT = {"outcome": "not_fixed", "remark": "the street is closed"}
RELATION = {"relation": "duplicate-of", "to": "{other}"}

PEOPLE: dict[Route, PersonRoute] = {
    ("GET", f"{V1}/queue"): PersonRoute(EVERYBODY),
    ("GET", f"{V1}/saved-views"): PersonRoute(EVERYBODY),
    ("POST", f"{V1}/saved-views"): PersonRoute(EVERYBODY, {"name": "mine", "query": "view=mine"}),
    ("POST", f"{V1}/saved-views/{{view_id}}/name"): PersonRoute(NONE_SUCH, {"name": "ours"}),
    ("POST", f"{V1}/saved-views/{{view_id}}/place"): PersonRoute(NONE_SUCH, {"place": 0}),
    ("POST", f"{V1}/saved-views/{{view_id}}/remove"): PersonRoute(NONE_SUCH, {}),
    ("GET", f"{V1}/tickets/{{reference}}"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("POST", f"{V1}/tickets/{{reference}}/moves"): PersonRoute(WORKS, {"move": "note", "text": "seen"}),
    # A note was written last, and stays.
    ("POST", f"{V1}/tickets/{{reference}}/undo"): PersonRoute(answers(409, 409, (409, 409), 404), {}),
    # Nobody has it who could be whispered to.
    ("POST", f"{V1}/tickets/{{reference}}/whispers"): PersonRoute(
        answers(409, 409, (403, 403), 404), {"to": "tom.reed", "text": "try the other port"}
    ),
    ("POST", f"{V1}/tickets/{{reference}}/typing"): PersonRoute(answers(204, 204, (403, 403), 404), {}),
    ("POST", f"{V1}/tickets/{{reference}}/priority"): PersonRoute(
        answers(403, 200, (403, 403), 404), {"priority": "P1", "reason": "because"}
    ),
    ("POST", f"{V1}/tickets/{{reference}}/relation"): PersonRoute(WORKS, RELATION),
    ("POST", f"{V1}/tickets/{{reference}}/relation/end"): PersonRoute(WORKS, {"reason": "wrong"}),
    ("POST", f"{V1}/tickets/{{reference}}/window"): PersonRoute(answers(409, 409, (403, 403), 404), WINDOW),
    ("POST", f"{V1}/tickets/{{reference}}/legal-hold"): PersonRoute(LAW, {"reason": "a court asks"}),
    ("POST", f"{V1}/tickets/{{reference}}/legal-hold/end"): PersonRoute(LAW, {"reason": "it is over"}),
    ("POST", f"{V1}/tickets/{{reference}}/news"): PersonRoute(WORKS, {"text": "we are on it"}),
    ("POST", f"{V1}/tickets"): PersonRoute(
        answers(201, 201, (403, 403), 201), {"kind": "incident", "problem": "no tone", "form": {}}
    ),
    ("GET", f"{V1}/tickets/{{reference}}/phone"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("GET", f"{V1}/tickets/{{reference}}/voicemails/{{recording_sid}}"): PersonRoute(
        answers(200, 200, (404, 404), 404)
    ),
    ("POST", f"{V1}/tickets/{{reference}}/callback/attempts"): PersonRoute(
        answers(200, 200, (403, 403), 404, partner=403, vendor=403), {"outcome": "no_answer"}
    ),
    # There is no such file, and this one is empty.
    ("GET", f"{V1}/tickets/{{reference}}/attachments/{{attachment_id}}"): PersonRoute(NONE_SUCH),
    ("POST", f"{V1}/tickets/{{reference}}/attachments"): PersonRoute(answers(409, 409, (409, 409), 404), {}),
    ("GET", f"{V1}/indicators"): PersonRoute(SUPERVISOR),
    ("GET", f"{V1}/indicators/{{key}}"): PersonRoute(SUPERVISOR),
    ("GET", f"{V1}/wall"): PersonRoute(SUPERVISOR),
    ("GET", f"{V1}/funnel"): PersonRoute(SUPERVISOR),
    ("GET", f"{V1}/agent-states"): PersonRoute(EVERYBODY),
    ("POST", f"{V1}/agent-states"): PersonRoute(dict.fromkeys(ROLES, 204), {"state": "ready"}),
    ("GET", f"{V1}/visits"): PersonRoute(VISITS),
    ("GET", f"{V1}/visits/{{visit_id}}"): PersonRoute(NO_VISIT),
    ("POST", f"{V1}/visits/{{visit_id}}/arrival"): PersonRoute(NO_VISIT, {}),
    ("POST", f"{V1}/visits/{{visit_id}}/report"): PersonRoute(NO_VISIT, REPORT),
    ("GET", f"{V1}/reads"): PersonRoute(answers(403, 403, (200, 403), 403)),
    ("GET", f"{V1}/quality"): PersonRoute(EVERYBODY),
    ("GET", f"{V1}/quality/{{review_id}}"): PersonRoute(NONE_SUCH),
    ("POST", f"{V1}/quality/{{review_id}}"): PersonRoute(answers(403, 404, (403, 403), 403), {"marks": {}}),
    ("GET", f"{V1}/agreements"): PersonRoute(LEADS_OR_READS),
    ("GET", f"{V1}/agreements/{{agreement_id}}"): PersonRoute(LEADS_OR_READS),
    ("GET", f"{V1}/penalties"): PersonRoute(LEADS_OR_READS),
    ("GET", f"{V1}/policies"): PersonRoute(LEADS_OR_READS),
    ("GET", f"{V1}/policies/{{file}}"): PersonRoute(LEADS_OR_READS),
    ("GET", f"{V1}/policies/{{file}}/versions/{{number}}"): PersonRoute(LEADS_OR_READS),
    ("POST", f"{V1}/policies/{{file}}/check"): PersonRoute(RUNS_IT, {"text": "x: 1"}),
    ("POST", f"{V1}/policies/{{file}}/proposals"): PersonRoute(  # on a text that is not in force
        answers(403, 409, (403, 409), 403), {"text": "x: 1", "base": "", "why": "because"}
    ),
    ("POST", f"{V1}/policies/{{file}}/rebased"): PersonRoute(
        answers(403, 409, (403, 409), 403), {"text": "x: 1", "base": ""}
    ),
    ("GET", f"{V1}/policy-proposals/{{policy_proposal_id}}"): PersonRoute(answers(403, 404, (404, 404), 403)),
    ("POST", f"{V1}/policy-proposals/{{policy_proposal_id}}/acceptance"): PersonRoute(CHANGES_POLICY, {}),
    ("POST", f"{V1}/policy-proposals/{{policy_proposal_id}}/rejection"): PersonRoute(CHANGES_POLICY, {"because": "no"}),
    ("POST", f"{V1}/policy-proposals/{{policy_proposal_id}}/withdrawal"): PersonRoute(CHANGES_POLICY, {}),
    ("GET", f"{V1}/tasks"): PersonRoute(answers(200, 200, (200, 200), 403)),
    ("GET", f"{V1}/offers"): PersonRoute(EVERYBODY),
    ("GET", f"{V1}/roster"): PersonRoute(SUPERVISOR),
    ("GET", f"{V1}/roster/{{username}}"): PersonRoute(SUPERVISOR),
    ("POST", f"{V1}/roster/{{username}}"): PersonRoute(KEEPS_ROSTER, {"maximum": 5}),
    ("POST", f"{V1}/roster/{{username}}/spans"): PersonRoute(KEEPS_ROSTER, SPAN),
    ("POST", f"{V1}/roster/{{username}}/spans/{{span_id}}/remove"): PersonRoute(answers(403, 404, (403, 403), 403), {}),
    ("POST", f"{V1}/tickets/{{reference}}/department"): PersonRoute(answers(403, 200, (403, 403), 404), MOVED),
    # It is on offer to nobody, and no outage.
    ("POST", f"{V1}/tickets/{{reference}}/offer/refuse"): PersonRoute(
        answers(409, 409, (409, 409), 404), {"reason": "busy"}
    ),
    ("POST", f"{V1}/tickets/{{reference}}/outage"): PersonRoute(
        answers(409, 409, (403, 403), 404), {"cause": "a cable"}
    ),
    ("POST", f"{V1}/tickets/{{reference}}/outage/dismissal"): PersonRoute(
        answers(409, 409, (403, 403), 404), {"reason": "a test"}
    ),
    ("POST", f"{V1}/tickets/{{reference}}/follow-up"): PersonRoute(
        WORKS, {"how": "message", "text": "is it well?"}, status="resolved"
    ),
}
CONSOLE_OPEN: set[Route] = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
    ("GET", "/static/htmx.js"),
    ("MOUNT", "/static"),
}
CONSOLE: dict[Route, PersonRoute] = {
    ("GET", "/"): PersonRoute(EVERYBODY),
    ("POST", "/views"): PersonRoute(EVERYBODY, {"name": "mine", "view": "mine"}),
    ("POST", "/views/{view_id}/name"): PersonRoute(NONE_SUCH, {"name": "ours"}),
    ("POST", "/views/{view_id}/place"): PersonRoute(NONE_SUCH, {"place": "0"}),
    ("POST", "/views/{view_id}/remove"): PersonRoute(NONE_SUCH, {}),
    ("GET", "/new"): PersonRoute(answers(200, 200, (403, 403), 200)),
    # Who does not see what became of it is told the reference.
    ("POST", "/new"): PersonRoute(answers(303, 303, (403, 403), 200), {"kind": "incident", "problem": "no tone"}),
    ("POST", "/new/suggestions"): PersonRoute(answers(200, 200, (403, 403), 200), {"problem": "no tone at all"}),
    ("GET", "/board"): PersonRoute(SUPERVISOR),
    ("GET", "/board.csv"): PersonRoute(SUPERVISOR),
    ("GET", "/board/{key}"): PersonRoute(SUPERVISOR),
    ("GET", "/board/{key}.csv"): PersonRoute(SUPERVISOR),
    ("GET", "/wall"): PersonRoute(SUPERVISOR),
    ("GET", "/funnel"): PersonRoute(SUPERVISOR),
    ("GET", "/knowledge"): PersonRoute(RUNS_IT),
    ("GET", "/knowledge/list"): PersonRoute(RUNS_IT),
    ("GET", "/knowledge/attempt"): PersonRoute(RUNS_IT),
    ("GET", "/knowledge/attempt/said"): PersonRoute(RUNS_IT),
    ("POST", "/knowledge/proposals/{proposal_id}/acceptance"): PersonRoute(RUNS_IT, {"days": "30"}),
    ("POST", "/knowledge/proposals/{proposal_id}/rejection"): PersonRoute(
        RUNS_IT, {"kind": "missing_article", "reason": "too rare"}
    ),
    # Who sees the ticket is told that nothing solved it yet.
    ("GET", "/tickets/{reference}/article"): PersonRoute(answers(409, 409, (409, 409), 404)),
    ("POST", "/tickets/{reference}/article"): PersonRoute(
        answers(409, 409, (409, 409), 404), {"question": "why is it slow", "solution": "So."}
    ),
    ("GET", "/state"): PersonRoute(EVERYBODY),
    ("POST", "/state"): PersonRoute(EVERYBODY, {"state": "ready"}),
    ("GET", "/tickets/{reference}"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("GET", "/tickets/{reference}/now"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("GET", "/tickets/{reference}/articles"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("GET", "/tickets/{reference}/alike"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("GET", "/tickets/{reference}/replies"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("POST", "/tickets/{reference}/priority"): PersonRoute(
        answers(409, 200, (409, 409), 404), {"priority": "P1", "reason": "because"}
    ),
    ("GET", "/tickets/{reference}/phone"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("GET", "/tickets/{reference}/reads"): PersonRoute(answers(403, 403, (200, 403), 403)),
    ("GET", "/tickets/{reference}/voicemails/{recording_sid}"): PersonRoute(answers(200, 200, (404, 404), 404)),
    # On a refusal the page comes back with the reason, as it is for this person.
    ("POST", "/tickets/{reference}/moves"): PersonRoute(
        answers(200, 200, (409, 409), 404), {"move": "note", "words": "seen"}
    ),
    ("POST", "/tickets/{reference}/undo"): PersonRoute(answers(409, 409, (409, 409), 404), {}),
    ("GET", "/agreements"): PersonRoute(answers(403, 200, (200, 200), 403)),
    ("GET", "/agreements/{agreement_id}"): PersonRoute(answers(403, 200, (200, 200), 403)),
    ("POST", "/tickets/{reference}/window"): PersonRoute(
        answers(409, 409, (409, 409), 404),
        {"starts_at": "2026-12-01T01:00", "ends_at": "2026-12-01T05:00", "reason": "a part is late"},
    ),
    ("POST", "/tickets/{reference}/legal-hold"): PersonRoute(
        answers(409, 200, (409, 200), 404), {"held": "true", "reason": "a court asks"}
    ),
    ("POST", "/tickets/{reference}/relation"): PersonRoute(answers(200, 200, (409, 409), 404), RELATION),
    ("POST", "/tickets/{reference}/callback/attempts"): PersonRoute(
        answers(200, 200, (403, 403), 404, partner=403, vendor=403), {"outcome": "no_answer"}
    ),
    ("GET", "/tickets/{reference}/attachments/{attachment_id}"): PersonRoute(NONE_SUCH),
    ("GET", "/tickets/{reference}/attachments/{attachment_id}/small"): PersonRoute(NONE_SUCH),
    ("POST", "/tickets/{reference}/attachments"): PersonRoute(answers(422, 422, (422, 422), 422), {"name": "a.pdf"}),
    ("GET", "/policies"): PersonRoute(LEADS_OR_READS),
    ("GET", "/policies/{file}"): PersonRoute(LEADS_OR_READS),
    ("GET", "/policies/{file}/difference"): PersonRoute(LEADS_OR_READS),
    ("GET", "/policies/{file}/change"): PersonRoute(RUNS_IT),
    ("POST", "/policies/{file}/check"): PersonRoute(RUNS_IT, {"text": "x: 1"}),
    # It was not looked at; and it is written on no text that was ever in force.
    ("POST", "/policies/{file}/proposals"): PersonRoute(answers(403, 422, (403, 422), 403), {"text": "x: 1"}),
    ("POST", "/policies/{file}/rebase"): PersonRoute(answers(403, 409, (403, 409), 403), {"text": "x: 1"}),
    ("GET", "/policy-proposals/{policy_proposal_id}"): PersonRoute(answers(403, 404, (404, 404), 403)),
    ("POST", "/policy-proposals/{policy_proposal_id}/acceptance"): PersonRoute(CHANGES_POLICY, {}),
    ("POST", "/policy-proposals/{policy_proposal_id}/rejection"): PersonRoute(CHANGES_POLICY, {"because": "no"}),
    ("POST", "/policy-proposals/{policy_proposal_id}/withdrawal"): PersonRoute(CHANGES_POLICY, {}),
    ("GET", "/tasks"): PersonRoute(answers(200, 200, (200, 200), 403)),
    ("GET", "/offers"): PersonRoute(EVERYBODY),
    ("GET", "/roster"): PersonRoute(SUPERVISOR),
    ("GET", "/roster/{username}"): PersonRoute(SUPERVISOR),
    ("POST", "/roster/{username}"): PersonRoute(answers(403, 303, (403, 403), 403), {"maximum": 5}),
    ("POST", "/roster/{username}/spans"): PersonRoute(answers(403, 303, (403, 403), 403), SPAN),
    ("POST", "/roster/{username}/spans/{span_id}/remove"): PersonRoute(answers(403, 422, (403, 403), 403), {}),
    ("GET", "/tickets/{reference}/same-wish"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("POST", "/tickets/{reference}/department"): PersonRoute(answers(409, 200, (409, 409), 404), MOVED),
    ("POST", "/tickets/{reference}/offer/refuse"): PersonRoute(answers(409, 409, (409, 409), 404), {"reason": "busy"}),
    ("POST", "/tickets/{reference}/outage"): PersonRoute(answers(409, 409, (409, 409), 404), {"cause": "a cable"}),
    ("POST", "/tickets/{reference}/outage/dismissal"): PersonRoute(
        answers(409, 409, (409, 409), 404), {"reason": "a test"}
    ),
    ("GET", "/visits"): PersonRoute(VISITS),
    ("GET", "/visits/{visit_id}"): PersonRoute(NO_VISIT),
    ("POST", "/visits/{visit_id}/arrival"): PersonRoute(NO_VISIT, {}),
    ("POST", "/visits/{visit_id}/report"): PersonRoute(NO_VISIT, REPORT),
    ("GET", "/quality"): PersonRoute(EVERYBODY),
    ("GET", "/quality.csv"): PersonRoute(EVERYBODY),
    ("GET", "/quality/{review_id}"): PersonRoute(NONE_SUCH),
    ("POST", "/quality/{review_id}"): PersonRoute(answers(403, 404, (403, 403), 403), {}),
    ("SOCKET", "/live"): PersonRoute({}),
}


def routes_of(app: FastAPI) -> set[Route]:
    return set(_found(app.routes, ""))


def _found(routes: list[Any], prefix: str) -> Iterator[Route]:
    for route in routes:
        if hasattr(route, "original_router"):
            yield from _found(route.original_router.routes, prefix)
        elif type(route).__name__ == "Mount":
            yield "MOUNT", prefix + route.path
        elif "WebSocket" in type(route).__name__:
            yield "SOCKET", prefix + route.path
        else:
            for method in set(route.methods) - {"HEAD"}:
                yield method, prefix + route.path
