"""TMF673 Geographic Address v4 -> Address: `GET .../geographicAddress?postcode=`."""

from typing import Annotated

from pydantic import Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.moving import MOST_ADDRESSES, Address
from subscriber.tmf.wire import Text, Wire

PATH = "/tmf-api/geographicAddressManagement/v4/geographicAddress"


class _Address(Wire):
    id: Text
    number: StrictStr = Field(default="", alias="streetNr", max_length=60)
    street: Annotated[StrictStr, Field(alias="streetName", min_length=1, max_length=100)]
    town: Annotated[StrictStr, Field(alias="city", min_length=1, max_length=100)]
    postcode: Annotated[StrictStr, Field(min_length=1, max_length=20)]

    def address(self) -> Address:
        return Address(self.id, f"{self.number} {self.street}, {self.town}".strip(), self.postcode)


_MANY = TypeAdapter(list[_Address])


class TmfAddresses:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def at(self, postcode: str) -> list[Address]:
        """None but those of this postcode, whatever else is answered."""
        found = await self._connection.get(PATH, _MANY, {"postcode": postcode, "limit": str(MOST_ADDRESSES)}) or ()
        theirs = [one.address() for one in found if _plain(one.postcode) == _plain(postcode)]
        return theirs[:MOST_ADDRESSES]


def _plain(postcode: str) -> str:
    return "".join(postcode.split()).upper()
