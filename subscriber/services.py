"""The service inventory: what a customer has, and whether the network says that it runs."""

from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["broadband", "mobile", "tv", "landline"]
Operating = Literal["running", "degraded", "stopped", "unknown"]


@dataclass(frozen=True, slots=True)
class ServiceState:
    service_id: str
    kind: Kind
    name: str
    operating: Operating
    place_id: str = ""  # where the service is delivered; "" when the operator does not say


class Services(Protocol):
    """The operator's service inventory. Raises SubscriberUnavailable when it does not answer sensibly."""

    async def of_customer(self, customer_id: str) -> list[ServiceState]: ...
