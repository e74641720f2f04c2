"""Attempts on what belongs to somebody else, over HTTP: their chat, their ticket, the tickets of another client."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from console.session import COOKIE
from escalation import clients
from escalation.client import ContactStart, Signals
from settings import Settings
from tests.escalation.escalation_service import Running
from tests.escalation.test_oauth import token_of

SECRET = "my account is locked since the flood"
TICKETS = "/tmf-api/troubleTicket/v4/troubleTicket"
INTERACTIONS = "/tmf-api/partyInteraction/v4/partyInteraction"


class Chat:
    """A conversation with something in it, and its token."""

    def __init__(self, opened: dict[str, str]) -> None:
        self.id, self.token = opened["conversation_id"], opened["token"]

    @classmethod
    async def opened(cls, http: httpx.AsyncClient) -> "Chat":
        chat = cls((await http.post("/chat/conversations", json={})).json())
        body = {"text": SECRET, "message_id": uuid.uuid4().hex}
        sent = await http.post(f"/chat/conversations/{chat.id}/messages", json=body, headers=bearer(chat.token))
        assert sent.status_code == 202
        return chat


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


WAYS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "history", None),
    ("GET", "events", None),
    ("GET", "copy", None),
    ("POST", "messages", {"text": "it was me", "message_id": "1"}),
    ("POST", "end", {}),
    ("POST", "satisfaction", {"satisfaction": 1}),
)


async def test_a_token_opens_no_other_conversation(public: httpx.AsyncClient, settings: Settings) -> None:
    theirs, mine = await Chat.opened(public), await Chat.opened(public)
    keys = {
        "none": {},
        "empty": {"Authorization": "Bearer "},
        "of another conversation": bearer(mine.token),
        "of both": bearer(f"{mine.token}, {theirs.token}"),
        "its beginning": bearer(theirs.token[:-1]),
        "a pattern": bearer("*"),
        "the conversation's id": bearer(theirs.id),
        "as a password": {"Authorization": f"Basic {theirs.token}"},
        "of a machine": bearer(settings.firstline_api_token.get_secret_value()),
        "of our programs": bearer(settings.firstline_internal_token.get_secret_value()),
        "very long": bearer("x" * 60_000),
    }
    replies = {}

    for name, headers in keys.items():
        for method, way, body in WAYS:
            path = f"/chat/conversations/{theirs.id}/{way}?token={theirs.token}"
            replies[name, way] = await public.request(method, path, json=body, headers=headers)

    assert {case: reply.status_code for case, reply in replies.items() if reply.status_code != 401} == {}
    assert [case for case, reply in replies.items() if SECRET in reply.text] == []
    kept = await public.get(f"/chat/conversations/{theirs.id}/history", headers=bearer(theirs.token))
    assert [event["data"]["text"] for event in kept.json() if event["data"].get("author") == "customer"] == [SECRET]


async def test_an_id_written_another_way_opens_nothing_either(public: httpx.AsyncClient) -> None:
    theirs, mine = await Chat.opened(public), await Chat.opened(public)
    other = theirs.id
    written = (
        *(f"{mine.id}/../{other}", f"{mine.id}%2f..%2f{other}", f"urn:uuid:{other}", f"{{{other}}}", f"{other}%00"),
        *(f"%20{other}", other.upper(), other.replace("-", ""), f"..%2f{other}", f"{mine.id},{other}", "*", "0", "%00"),
    )

    replies = {
        each: await public.get(f"/chat/conversations/{each}/history", headers=bearer(mine.token)) for each in written
    }

    assert {each: reply.status_code for each, reply in replies.items() if reply.status_code not in (401, 404)} == {}
    assert [each for each, reply in replies.items() if SECRET in reply.text] == []


async def test_an_unknown_conversation_answers_like_somebody_elses(public: httpx.AsyncClient) -> None:
    theirs, mine = await Chat.opened(public), await Chat.opened(public)

    known, unknown = [
        await public.get(f"/chat/conversations/{which}/history", headers=bearer(mine.token))
        for which in (theirs.id, uuid.uuid4())
    ]

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


async def with_ticket(running: Running, reachable: str = "+447700900142") -> tuple[UUID, str]:
    contact_id = uuid.uuid4()
    start = ContactStart(contact_id=contact_id, channel="chat", language="en", started_at=datetime.now(UTC))
    await running.client.start_contact(start)
    signals = Signals(category="bill-dispute", reason="wants_person", reachable=reachable, customer_id="C-1004")
    return contact_id, (await running.client.hand_over(contact_id, signals, key="k")).ticket.reference


PROOFS = {
    "none": None,
    "nothing": "",
    "a blank": " ",
    "a pattern": "%",
    "another pattern": "+44770090014_",
    "the end of the number": "900142",
    "eight digits of it": "00900142",
    "another number": "+447700900143",
    "the reference": "{reference}",
    "the contact": "{contact}",
    "a customer alike": "C-100",
    "one customer further": "C-1005",
    "SQL": "' OR reachable IS NOT NULL --",
    "None in words": "None",
    "half a pair": "\ud800",
    "a list": "+447700900141 +447700900142 +447700900143",
    "very long": "0" * 190,
}


async def test_a_reference_alone_tells_nothing(running: Running) -> None:
    """Each has a ticket of its own: too many questions about one would hide what the proof does."""
    told = {}
    for name, written in PROOFS.items():
        contact_id, reference = await with_ticket(running)
        proof = None if written is None else written.format(reference=reference, contact=contact_id)
        body = json.dumps({"reference": reference, "contact_id": str(uuid.uuid4()), "proof": proof})
        reply = await running.http.post(
            "/escalation/v1/tickets/status", content=body, headers={"Content-Type": "application/json"}
        )
        told[name] = (reply.status_code, reply.json())

    wrong = {name: got for name, got in told.items() if got != (200, {"ticket": None}) and got[0] != 400}
    assert wrong == {}


async def test_the_proof_itself_does_and_too_many_guesses_close_it(running: Running) -> None:
    _, reference = await with_ticket(running)
    stranger = uuid.uuid4()

    told = await running.client.ticket_status(reference, contact_id=stranger, proof="07700 900142")
    for guess in range(10):
        await running.client.ticket_status(reference, contact_id=uuid.uuid4(), proof=f"07700 90020{guess}")
    closed = await running.client.ticket_status(reference, contact_id=uuid.uuid4(), proof="07700 900142")

    assert told is not None
    assert closed is None


async def asked(running: Running, method: str, path: str, token: str, **more: Any) -> httpx.Response:
    return await running.http.request(method, path, headers=bearer(token) | more.pop("headers", {}), **more)


async def test_a_client_reaches_no_ticket_that_it_did_not_file(running: Running) -> None:
    contact_id, reference = await with_ticket(running)
    api = "test-api-token"
    filed = await asked(
        running, "POST", TICKETS, api, json={"description": SECRET, "severity": "High", "ticketType": "landline"}
    )
    theirs = filed.json()["id"]
    partner = await token_of(running, "partner-shop")
    merge = {"Content-Type": "application/merge-patch+json"}
    own = await asked(
        running, "POST", TICKETS, partner, json={"description": "ours", "severity": "Low", "ticketType": "landline"}
    )

    attempts = [
        await asked(running, "GET", f"{TICKETS}/{theirs}", partner),
        await asked(running, "GET", f"{TICKETS}/{theirs}/", partner),
        await asked(running, "GET", f"{TICKETS}/{theirs}?fields=description", partner),
        await asked(running, "GET", f"{TICKETS}/{reference}", partner),
        await asked(running, "PATCH", f"{TICKETS}/{theirs}", partner, json={"description": "x"}, headers=merge),
        await asked(running, "PATCH", f"{TICKETS}/{theirs}", partner, json={"status": "closed"}, headers=merge),
        await asked(running, "DELETE", f"{TICKETS}/{theirs}", partner),
        await asked(running, "GET", f"{INTERACTIONS}/{contact_id}", partner),
        await asked(
            running, "POST", "/tmf-api/troubleTicket/v4/hub", partner, json={"callback": "https://93.184.215.14/"}
        ),
        await asked(running, "GET", f"/escalation/v1/contacts/{contact_id}/brief", partner),
        await asked(running, "GET", f"/escalation/v1/contacts/{contact_id}/brief", api),
    ]
    linked, unknown = [
        await asked(
            running,
            "PATCH",
            f"{TICKETS}/{own.json()['id']}",
            partner,
            json={"troubleTicketRelationship": [{"id": which, "relationshipType": "isDuplicateOf"}]},
            headers=merge,
        )
        for which in (theirs, str(uuid.uuid4()))
    ]
    lists = [
        await asked(running, "GET", f"{TICKETS}?{query}", partner)
        for query in (
            "",
            "id=" + theirs,
            "status=acknowledged",
            "description=" + SECRET,
            "limit=1000",
            "offset=0&limit=100",
        )
    ]

    assert own.status_code == 201
    assert {reply.status_code for reply in attempts} <= {401, 403, 404}
    assert linked.status_code == unknown.status_code >= 400  # as if there were no such ticket
    assert all(SECRET not in reply.text for reply in [*attempts, linked, *lists])
    assert await _untouched(running, theirs)


async def _untouched(running: Running, ticket_id: str) -> bool:
    ticket = (await asked(running, "GET", f"{TICKETS}/{ticket_id}", "test-api-token")).json()
    return bool(ticket["description"] == SECRET and ticket["status"] == "acknowledged")


async def test_a_made_up_session_signs_nobody_in(public: httpx.AsyncClient) -> None:
    made_up = ("", "x", "../", "0" * 64, "' OR 1=1 --", "console:session:*", "\u00e9", "x" * 7000, "None")

    replies = {
        value: await public.get("/console/", headers=[(b"Cookie", f"{COOKIE}={value}".encode("latin-1"))])
        for value in made_up
    }

    assert {value: reply.status_code for value, reply in replies.items() if reply.status_code != 303} == {}
    assert all(reply.headers["location"].startswith("/console/sign-in") for reply in replies.values())


async def test_a_secret_of_one_client_is_none_of_another(running: Running) -> None:
    secret = await clients.new_secret(running.office.sessions, "partner-shop")
    form = {"grant_type": "client_credentials", "client_id": "erp", "client_secret": secret}

    reply = await running.http.post("/oauth2/token", data=form, headers={"Authorization": ""})

    assert reply.status_code == 401
