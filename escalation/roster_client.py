"""The part of the door for the roster, and for the tickets on offer to a person."""

from datetime import date
from urllib.parse import quote

from escalation.board_door import REFUSALS
from escalation.kind_client import ticket_path
from escalation.link import Link
from escalation.roster_wire import OwnOffer, OwnOffers, PersonAsked, RefuseAsked, Roster, RosterOfPerson, SpanAsked


class RosterClient:
    """The roster is the supervisors': EscalationRefused(403) for anybody else; 400 says what to enter instead."""

    _link: Link

    async def offers(self, person: str) -> list[OwnOffer]:
        """Tickets that wait for this person's answer; `act(..., "accept")` accepts one."""
        reply = await self._link.request("GET", "/escalation/v1/offers", person=person, refusals=REFUSALS)
        return list(OwnOffers.model_validate_json(reply.content).offers)

    async def refuse(self, person: str, reference: str, reason: str) -> None:
        """The next person is asked. EscalationRefused(409): it is not on offer to this person any more."""
        path = f"{ticket_path(reference)}/offer/refuse"
        await self._link.post(path, RefuseAsked(reason=reason).model_dump(), person=person, refusals=REFUSALS)

    async def roster(self, person: str, day: date | None = None) -> Roster:
        params = {"day": day.isoformat()} if day else {}
        reply = await self._link.request(
            "GET", "/escalation/v1/roster", person=person, params=params, refusals=REFUSALS
        )
        return Roster.model_validate_json(reply.content)

    async def roster_of(self, person: str, username: str) -> RosterOfPerson:
        reply = await self._link.request("GET", _path(username), person=person, refusals=REFUSALS)
        return RosterOfPerson.model_validate_json(reply.content)

    async def change_roster(self, person: str, username: str, asked: PersonAsked) -> None:
        await self._link.post(_path(username), asked.model_dump(mode="json"), person=person, refusals=REFUSALS)

    async def add_span(self, person: str, username: str, asked: SpanAsked) -> None:
        path = f"{_path(username)}/spans"
        await self._link.post(path, asked.model_dump(mode="json"), person=person, refusals=REFUSALS)

    async def remove_span(self, person: str, username: str, span_id: int) -> None:
        await self._link.post(f"{_path(username)}/spans/{span_id}/remove", {}, person=person, refusals=REFUSALS)


def _path(username: str) -> str:
    return f"/escalation/v1/roster/{quote(username, safe='')}"
