"""TMF673 addresses of the demo operator: data/operator/demo/addresses.yml, and what its network carries there."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from subscriber.demo import tmf

ADDRESSES = "/tmf-api/geographicAddressManagement/v4/geographicAddress"


class Street(BaseModel):
    """The houses of one postcode."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    postcode: str
    street: str
    town: str
    numbers: tuple[str, ...] = Field(min_length=1)
    down_mbps: int = Field(ge=0)
    line_ready: bool = True  # else a technician has to come first

    def ids(self) -> Iterator[tuple[str, str]]:
        """Each house's id and number."""
        for number in self.numbers:
            yield f"addr-{self.postcode}-{number}".lower().replace(" ", "-"), number


class Map(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    streets: tuple[Street, ...]

    @staticmethod
    @cache
    def read(folder: Path) -> "Map":
        """Raises pydantic.ValidationError with the street that is wrong."""
        return Map.model_validate({"streets": yaml.safe_load((folder / "addresses.yml").read_text("utf-8"))})

    def street_of(self, address_id: str) -> Street | None:
        return next((one for one in self.streets for found, _ in one.ids() if found == address_id), None)


def addresses(houses: Map) -> APIRouter:
    router = APIRouter()

    @router.get(ADDRESSES)
    async def search(request: Request) -> JSONResponse:
        return tmf.listed(request, (_address(one, *house) for one in houses.streets for house in one.ids()))

    return router


def _address(street: Street, address_id: str, number: str) -> tmf.Body:
    return {
        "id": address_id,
        "href": f"{ADDRESSES}/{address_id}",
        "streetNr": number,
        "streetName": street.street,
        "city": street.town,
        "postcode": street.postcode,
        "@type": "GeographicAddress",
    }
