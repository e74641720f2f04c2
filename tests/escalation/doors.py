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
    ("POST", f"{V1}/contacts/{{contact_id}}/lines"),
    ("POST", f"{V1}/contacts/{{contact_id}}/callback"),
    ("POST", f"{V1}/contacts/{{contact_id}}/voicemails"),
    ("GET", f"{V1}/contacts/{{contact_id}}/brief"),
    ("POST", f"{V1}/contacts/{{contact_id}}/reads"),
    ("POST", f"{V1}/voicemails/{{recording_sid}}/transcript"),
    ("POST", f"{V1}/text-replies"),
    ("POST", f"{V1}/fault-reports"),
    ("GET", f"{V1}/major-incidents"),
    ("POST", f"{V1}/wishes/same"),
    ("POST", f"{V1}/tickets/status"),
    ("GET", f"{V1}/kinds"),
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
}

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
WORKS = answers(200, 200, (403, 403), 404)
LEADS_OR_READS = answers(403, 200, (200, 200), 403)
KEEPS_ROSTER = answers(403, 204, (403, 403), 403)
SOON = datetime.now(UTC).replace(tzinfo=None, hour=8, minute=0, second=0, microsecond=0) + timedelta(days=30)
SPAN = {"kind": "absence", "begins": SOON.isoformat(), "ends": (SOON + timedelta(days=2)).isoformat()}
SPAN |= {"substitute": "amira.khan"}
MOVED = {"department": "frontline", "reason": "not ours"}
RELATION = {"relation": "duplicate-of", "to": "{other}"}

PEOPLE: dict[Route, PersonRoute] = {
    ("GET", f"{V1}/queue"): PersonRoute(EVERYBODY),
    ("GET", f"{V1}/tickets/{{reference}}"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("POST", f"{V1}/tickets/{{reference}}/moves"): PersonRoute(WORKS, {"move": "note", "text": "seen"}),
    ("POST", f"{V1}/tickets/{{reference}}/priority"): PersonRoute(
        answers(403, 200, (403, 403), 404), {"priority": "P1", "reason": "because"}
    ),
    ("POST", f"{V1}/tickets/{{reference}}/relation"): PersonRoute(WORKS, RELATION),
    ("POST", f"{V1}/tickets/{{reference}}/relation/end"): PersonRoute(WORKS, {"reason": "wrong"}),
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
    ("GET", f"{V1}/indicators"): PersonRoute(SUPERVISOR),
    ("GET", f"{V1}/indicators/{{key}}"): PersonRoute(SUPERVISOR),
    ("GET", f"{V1}/wall"): PersonRoute(SUPERVISOR),
    ("GET", f"{V1}/agent-states"): PersonRoute(EVERYBODY),
    ("POST", f"{V1}/agent-states"): PersonRoute(dict.fromkeys(ROLES, 204), {"state": "ready"}),
    ("GET", f"{V1}/reads"): PersonRoute(answers(403, 403, (200, 403), 403)),
    ("GET", f"{V1}/agreements"): PersonRoute(LEADS_OR_READS),
    ("GET", f"{V1}/agreements/{{agreement_id}}"): PersonRoute(LEADS_OR_READS),
    ("GET", f"{V1}/penalties"): PersonRoute(LEADS_OR_READS),
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
    ("GET", "/board"): PersonRoute(SUPERVISOR),
    ("GET", "/board.csv"): PersonRoute(SUPERVISOR),
    ("GET", "/board/{key}"): PersonRoute(SUPERVISOR),
    ("GET", "/board/{key}.csv"): PersonRoute(SUPERVISOR),
    ("GET", "/wall"): PersonRoute(SUPERVISOR),
    ("GET", "/state"): PersonRoute(EVERYBODY),
    ("POST", "/state"): PersonRoute(EVERYBODY, {"state": "ready"}),
    ("GET", "/tickets/{reference}"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("GET", "/tickets/{reference}/now"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("GET", "/tickets/{reference}/articles"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("GET", "/tickets/{reference}/phone"): PersonRoute(answers(200, 200, (200, 200), 404)),
    ("GET", "/tickets/{reference}/reads"): PersonRoute(answers(403, 403, (200, 403), 403)),
    ("GET", "/tickets/{reference}/voicemails/{recording_sid}"): PersonRoute(answers(200, 200, (404, 404), 404)),
    # On a refusal the page comes back with the reason, as it is for this person.
    ("POST", "/tickets/{reference}/moves"): PersonRoute(
        answers(200, 200, (409, 409), 404), {"move": "note", "words": "seen"}
    ),
    ("POST", "/tickets/{reference}/relation"): PersonRoute(answers(200, 200, (409, 409), 404), RELATION),
    ("POST", "/tickets/{reference}/callback/attempts"): PersonRoute(
        answers(200, 200, (403, 403), 404, partner=403, vendor=403), {"outcome": "no_answer"}
    ),
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
