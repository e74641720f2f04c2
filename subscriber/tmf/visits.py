"""TMF646 Appointment v4 -> Visit, and its searchTimeSlot -> Slot, answered at once (`status` "done").

A booking carries its key twice: as `externalId`, and as the header Idempotency-Key. A window that is gone is 409.
"""

from datetime import datetime
from typing import Literal
from urllib.parse import quote

from pydantic import Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.errors import SubscriberConflict, SubscriberUnavailable
from subscriber.tmf.wire import Moment, Party, Text, Wire, believed
from subscriber.visits import Slot, SlotTaken, Visit, VisitState

APPOINTMENTS = "/tmf-api/appointment/v4/appointment"
SEARCH = "/tmf-api/appointment/v4/searchTimeSlot"

_Status = Literal["initialized", "attempted", "confirmed", "cancelled", "completed", "failed", "missed"]
_STATES: dict[_Status, VisitState] = {
    "initialized": "agreed",
    "confirmed": "agreed",
    "attempted": "missed",
    "missed": "missed",
    "failed": "missed",
    "completed": "done",
    "cancelled": "cancelled",
}


class _Window(Wire):
    start: Moment = Field(alias="startDateTime")
    end: Moment = Field(alias="endDateTime")

    def slot(self) -> Slot:
        return Slot(self.start, self.end)


class _Entity(Wire):
    id: Text
    kind: StrictStr = Field(default="", alias="@referredType")


class _Appointment(Wire):
    id: Text
    status: _Status
    window: _Window = Field(alias="validFor")
    party: list[Party] = Field(alias="relatedParty")
    entities: tuple[_Entity, ...] = Field(default=(), alias="relatedEntity")

    def visit(self) -> Visit:
        order = next((one.id for one in self.entities if one.kind == "ProductOrder"), None)
        return Visit(self.id, self.window.slot(), _STATES[self.status], order)


class _TimeSlot(Wire):
    window: _Window = Field(alias="validFor")


class _Search(Wire):
    status: Literal["done"]
    found: list[_TimeSlot] = Field(alias="availableTimeSlot")


_ONE = TypeAdapter(_Appointment)
_MANY = TypeAdapter(list[_Appointment])
_SEARCH = TypeAdapter(_Search)


class TmfVisits:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_customer(self, customer_id: str) -> list[Visit]:
        found = await self._connection.get(APPOINTMENTS, _MANY, {"relatedParty.id": customer_id}) or ()
        theirs = [one for one in found if any(party.id == customer_id for party in one.party)]
        return believed("appointments", lambda: [one.visit() for one in theirs])

    async def free(self, customer_id: str, *, begins: datetime, ends: datetime) -> list[Slot]:
        window = {"validFor": _written(begins, ends)}
        wanted = {"requestedTimeSlot": [window], "relatedParty": [_party(customer_id)]}
        found = await self._connection.post(SEARCH, _SEARCH, wanted)
        if found is None:
            raise SubscriberUnavailable("appointments has no search")
        return believed("appointments", lambda: [one.window.slot() for one in found.found])

    async def book(self, customer_id: str, slot: Slot, *, key: str, order_id: str | None = None) -> Visit:
        """Raises SubscriberUnavailable too when what was recorded is not what was asked for."""
        order = [{"id": order_id, "@referredType": "ProductOrder"}] if order_id else []
        body = {
            "category": "technician visit",
            "externalId": key,
            "validFor": _written(slot.begins, slot.ends),
            "relatedParty": [_party(customer_id)],
            "relatedEntity": order,
        }
        try:
            found = await self._connection.post(APPOINTMENTS, _ONE, body, key=key)
        except SubscriberConflict:
            raise SlotTaken from None
        return _recorded(found, slot, "agreed")

    async def move(self, visit: Visit, slot: Slot) -> Visit:
        return await self._change(visit, {"validFor": _written(slot.begins, slot.ends)}, slot, "agreed")

    async def cancel(self, visit: Visit) -> None:
        await self._change(visit, {"status": "cancelled"}, visit.slot, "cancelled")

    async def _change(self, visit: Visit, body: dict[str, object], slot: Slot, state: VisitState) -> Visit:
        path = f"{APPOINTMENTS}/{quote(visit.visit_id, safe='')}"
        try:
            found = await self._connection.patch(path, _ONE, body)
        except SubscriberConflict:
            raise SlotTaken from None
        return _recorded(found, slot, state)


def _recorded(found: _Appointment | None, slot: Slot, state: VisitState) -> Visit:
    visit = believed("appointments", found.visit) if found is not None else None
    if visit is None or (visit.slot, visit.state) != (slot, state):
        raise SubscriberUnavailable("appointments recorded something else")
    return visit


def _written(begins: datetime, ends: datetime) -> dict[str, str]:
    return {"startDateTime": begins.isoformat(), "endDateTime": ends.isoformat()}


def _party(customer_id: str) -> dict[str, str]:
    return {"id": customer_id, "role": "customer", "@referredType": "Customer"}
