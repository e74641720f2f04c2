"""TMF638 Service Inventory v4 -> ServiceState, with v5's `operatingStatus` where the operator sends it."""

from typing import Literal

from pydantic import Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.services import Kind, Operating, ServiceState
from subscriber.tmf.wire import Place, Text, Wire

PATH = "/tmf-api/serviceInventory/v4/service"

_OperatingStatus = Literal[
    "pending", "configured", "starting", "running", "degraded", "failed", "limited", "stopping", "stopped", "unknown"
]
_OPERATING: dict[_OperatingStatus, Operating] = {
    "running": "running",
    "degraded": "degraded",
    "limited": "degraded",
    "failed": "stopped",
    "stopping": "stopped",
    "stopped": "stopped",
}  # the others say nothing about a service that once ran
_KINDS: dict[str, Kind] = {"broadband": "broadband", "mobile": "mobile", "tv": "tv", "landline": "landline"}


class _Service(Wire):
    id: Text
    name: Text
    category: Text
    state: Literal["feasibilityChecked", "designed", "reserved", "inactive", "active", "terminated"]
    operating_status: _OperatingStatus = Field(default="unknown", alias="operatingStatus")
    place: tuple[Place, ...] = ()
    customer: list["_Party"] = Field(alias="relatedParty")


class _Party(Wire):
    id: Text
    role: StrictStr = ""


_MANY = TypeAdapter(list[_Service])


class TmfServices:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_customer(self, customer_id: str) -> list[ServiceState]:
        """The customer's services in use, in the operator's order; kinds that we do not know are left out."""
        found = await self._connection.get(PATH, _MANY, {"relatedParty.id": customer_id}) or ()
        return [
            ServiceState(
                service_id=service.id,
                kind=_KINDS[service.category],
                name=service.name,
                operating=_OPERATING.get(service.operating_status, "unknown"),
                place_id=service.place[0].id if service.place else "",
            )
            for service in found
            if service.category in _KINDS
            and service.state == "active"
            and any(party.id == customer_id and party.role == "customer" for party in service.customer)
        ]
