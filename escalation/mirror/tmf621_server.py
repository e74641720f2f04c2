"""Another TMF621 v4 server as the mirror of our tickets."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from escalation.mirror.access_token import AccessToken
from escalation.mirror.system import Changes, Note, Ours, SystemRefused, SystemUnavailable, Theirs

ANSWER_S = 10.0  # one request
PAGE = 100
_WITHOUT_FORM = "without its form"  # in a ticketType that no server takes for a kind of its own
_REFUSED = frozenset({400, 409, 422})
_FIELDS = "id,status,statusChangeReason,lastUpdate,note"


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Note(_Shape):
    id: str = ""
    author: str = ""
    date: str = ""
    text: str = ""

    @property
    def key(self) -> str:
        """Its id, or what stands for one."""
        if self.id:
            return self.id
        return hashlib.sha256(f"{self.author}\n{self.date}\n{self.text}".encode()).hexdigest()[:32]


class _Ticket(_Shape):
    id: str = Field(min_length=1, max_length=200)
    status: str
    statusChangeReason: str | None = None  # noqa: N815  # TMF621's name
    lastUpdate: AwareDatetime  # noqa: N815
    note: tuple[_Note, ...] | None = None

    @property
    def theirs(self) -> Theirs:
        notes = [Note(note.author, note.text, note.key) for note in self.note or () if note.text]
        return Theirs(self.id, self.status, self.lastUpdate, self.statusChangeReason or "", notes)


_PAGE = TypeAdapter(list[_Ticket])


class Tmf621Server:
    """`url` is that of the API, as in https://tickets.example/tmf-api/troubleTicket/v4."""

    def __init__(self, http: httpx.AsyncClient, url: str, token: AccessToken) -> None:
        self._http = http
        self._tickets = f"{url.rstrip('/')}/troubleTicket"
        self._token = token

    async def create(self, ours: Ours) -> Theirs:
        """Looked for first: not every server knows Idempotency-Key, and one that does forgets it after a while."""
        found = await self._request("GET", self._tickets, params={"externalId": ours.reference, "limit": 1})
        if there := _page(found):
            return there[0]
        try:
            return await self._file(ours, ours.kind, ours.form, key=ours.key)
        except SystemRefused:  # a ticket out of a conversation may lack what the form of its kind needs there
            return await self._file(ours, f"{ours.kind} {_WITHOUT_FORM}", (), key=f"{ours.key}/plain")

    async def _file(self, ours: Ours, ticket_type: str, form: Sequence[Mapping[str, Any]], *, key: str) -> Theirs:
        body = {
            "externalId": ours.reference,
            "name": ours.name,
            "description": ours.description,
            "severity": ours.severity,
            "ticketType": ticket_type,
            "troubleTicketCharacteristic": list(form),
        }
        return _ticket(await self._request("POST", self._tickets, json=body, headers={"Idempotency-Key": key}))

    async def change(self, their_id: str, changes: Changes) -> Theirs:
        named = {
            "name": changes.name,
            "description": changes.description,
            "severity": changes.severity,
            "status": changes.status,
            "statusChangeReason": (changes.reason or None) if changes.status else None,
        }
        body: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
        if changes.relations is not None:
            body["troubleTicketRelationship"] = [
                {"relationshipType": kind, "id": other, "href": self._at(other)} for kind, other in changes.relations
            ]
        return await self._patch(their_id, body)

    async def note(self, their_id: str, note: Note) -> Theirs:
        there = _ticket(await self._request("GET", self._at(their_id)))
        if any(one.author == note.author for one in there.notes):
            return there
        return await self._patch(their_id, {"note": [{"author": note.author, "text": note.text}]})

    async def changed_since(self, since: datetime) -> Sequence[Theirs]:
        found: dict[str, Theirs] = {}
        page = PAGE
        offset = 0
        while page == PAGE:
            params = {"lastUpdate.gte": since.isoformat(), "fields": _FIELDS, "limit": PAGE, "offset": offset}
            read = _page(await self._request("GET", self._tickets, params=params))
            found |= {theirs.id: theirs for theirs in read}
            page = len(read)
            offset += page
        return list(found.values())

    def _at(self, their_id: str) -> str:
        return f"{self._tickets}/{quote(their_id, safe='')}"

    async def _patch(self, their_id: str, body: Mapping[str, Any]) -> Theirs:
        headers = {"Content-Type": "application/merge-patch+json"}
        return _ticket(await self._request("PATCH", self._at(their_id), json=body, headers=headers))

    async def _request(self, method: str, url: str, **content: Any) -> httpx.Response:
        """A token that is refused may have been taken back: once more with a new one."""
        reply = await self._send(method, url, **content)
        if reply.status_code == httpx.codes.UNAUTHORIZED:
            self._token.forget()
            reply = await self._send(method, url, **content)
        if reply.status_code in _REFUSED:
            raise SystemRefused(f"answered {reply.status_code}")
        if not reply.is_success:
            raise SystemUnavailable(f"answered {reply.status_code}")
        return reply

    async def _send(self, method: str, url: str, **content: Any) -> httpx.Response:
        headers = {**content.pop("headers", {}), "Authorization": f"Bearer {await self._token.get()}"}
        try:
            return await self._http.request(method, url, headers=headers, timeout=ANSWER_S, **content)
        except httpx.TransportError as error:
            raise SystemUnavailable(f"no connection or no HTTP ({type(error).__name__})") from None


def _ticket(reply: httpx.Response) -> Theirs:
    try:
        return _Ticket.model_validate_json(reply.content).theirs
    except ValidationError:
        raise SystemUnavailable("the answer is no trouble ticket") from None


def _page(reply: httpx.Response) -> list[Theirs]:
    try:
        return [ticket.theirs for ticket in _PAGE.validate_json(reply.content)]
    except ValidationError:
        raise SystemUnavailable("the answer is no list of trouble tickets") from None
