"""TMF639 Resource Inventory v4 -> Sim and Puk.

A SIM is a resource of category "SIM" whose characteristics are `iccid`, `msisdn` (E.164) and `plan`; `puk1` is read of
one SIM alone, never in a list. `resourceStatus` "standby" waits to be activated: a PATCH to "available" does it, which
is "reserved" while it takes. 409 is a refusal.
"""

from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import BeforeValidator, Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.errors import SubscriberConflict, SubscriberUnavailable
from subscriber.sims import Puk, Sim, SimRefused, SimState
from subscriber.tmf.wire import Party, Text, Wire, believed, by_name

PATH = "/tmf-api/resourceInventoryManagement/v4/resource"

_Status = Literal["standby", "alarm", "available", "reserved", "unknown", "suspended"]
_STATES: dict[_Status, SimState] = {
    "available": "active",
    "alarm": "active",
    "suspended": "active",
    "standby": "waiting",
    "reserved": "activating",
    "unknown": "ended",
}


class _Facts(Wire):
    iccid: Text
    number: Annotated[StrictStr, Field(alias="msisdn", pattern=r"^\+\d{6,15}$")]
    plan: Text


class _Sim(Wire):
    id: Text
    category: StrictStr = ""
    status: _Status = Field(alias="resourceStatus")
    facts: Annotated[_Facts, BeforeValidator(by_name)] = Field(alias="resourceCharacteristic")
    party: list[Party] = Field(alias="relatedParty")

    def sim(self) -> Sim:
        return Sim(self.id, self.facts.iccid, self.facts.number, self.facts.plan, _STATES[self.status])


class _Secret(Wire):
    puk: StrictStr = Field(alias="puk1", repr=False)


class _Locked(Wire):
    id: Text
    facts: Annotated[_Secret, BeforeValidator(by_name)] = Field(alias="resourceCharacteristic", repr=False)
    party: list[Party] = Field(alias="relatedParty")


_MANY = TypeAdapter(list[_Sim])
_CHANGED = TypeAdapter(_Sim)
_ONE = TypeAdapter(_Locked)


class TmfSims:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_customer(self, customer_id: str) -> list[Sim]:
        found = await self._connection.get(PATH, _MANY, {"relatedParty.id": customer_id, "category": "SIM"}) or ()
        theirs = [one for one in found if one.category == "SIM" and _is_of(one.party, customer_id)]
        return believed("sims", lambda: [one.sim() for one in theirs])

    async def puk(self, customer_id: str, sim_id: str) -> Puk | None:
        found = await self._connection.get(f"{PATH}/{quote(sim_id, safe='')}", _ONE)
        if found is None or found.id != sim_id or not _is_of(found.party, customer_id):
            return None
        return believed("sims", lambda: Puk(found.facts.puk))

    async def activate(self, customer_id: str, sim_id: str) -> Sim:
        """Raises SubscriberUnavailable too when what it became is not what was asked for."""
        try:
            found = await self._connection.patch(
                f"{PATH}/{quote(sim_id, safe='')}", _CHANGED, {"resourceStatus": "available"}
            )
        except SubscriberConflict:
            raise SimRefused from None
        if found is None or found.id != sim_id or not _is_of(found.party, customer_id):
            raise SubscriberUnavailable("sims switched something else on")
        sim = believed("sims", found.sim)
        if sim.state not in {"active", "activating"}:
            raise SubscriberUnavailable("sims did not switch it on")
        return sim


def _is_of(party: list[Party], customer_id: str) -> bool:
    return any(one.id == customer_id for one in party)
