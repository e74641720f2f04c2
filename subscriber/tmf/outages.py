"""TMF656 Service Problem Management v4 -> Outage.

TMF656 has no field for a window or for kinds of service: the characteristics `startDate`, `expectedEndDate` and
`affectedServiceCategory` carry them; without them the problem began when it was created and hits every kind.
`category` "plannedWork" is planned work.
"""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.outages import Outage
from subscriber.services import Kind
from subscriber.tmf.wire import Moment, Place, Text, Wire, by_name

PATH = "/tmf-api/serviceProblemManagement/v4/serviceProblem"
ENDED = frozenset({"rejected", "resolved", "cancelled", "closed"})


class _Characteristics(Wire):
    started_at: Moment | None = Field(default=None, alias="startDate")
    expected_end: Moment | None = Field(default=None, alias="expectedEndDate")
    kinds: list[Kind] = Field(default=list(get_args(Kind)), alias="affectedServiceCategory")


class _Problem(Wire):
    id: Text
    description: Text
    category: StrictStr = ""
    status: Literal["acknowledged", "rejected", "pending", "held", "inProgress", "resolved", "cancelled", "closed"]
    created_at: Moment = Field(alias="creationDate")
    locations: list[Place] = Field(alias="affectedLocation")
    characteristic: Annotated[_Characteristics, BeforeValidator(by_name)] = _Characteristics()

    def outage(self, place_id: str) -> Outage:
        facts = self.characteristic
        return Outage(
            problem_id=self.id,
            place=next(place.name or place.id for place in self.locations if place.id == place_id),
            services=tuple(facts.kinds),
            started_at=facts.started_at or self.created_at,
            expected_end=facts.expected_end,
            planned=self.category == "plannedWork",
            summary=self.description,
        )


_MANY = TypeAdapter(list[_Problem])


class TmfOutages:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def open_at(self, place_id: str) -> list[Outage]:
        found = await self._connection.get(PATH, _MANY, {"affectedLocation.id": place_id}) or ()
        return [
            problem.outage(place_id)
            for problem in found
            if problem.status not in ENDED and any(place.id == place_id for place in problem.locations)
        ]
