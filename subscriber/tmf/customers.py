"""TMF629 Customer Management v4 -> CustomerRecord.

`status` "suspended" with `statusReason` "nonPayment" is a barred account. What TMF629 has no field for are
characteristics: segment (absent = consumer), dateOfBirth, vulnerable (absent = not marked), placeId.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import BeforeValidator, Field, StrictBool, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.customers import Customer, CustomerRecord, Segment
from subscriber.errors import SubscriberUnavailable
from subscriber.facts import is_mobile, phone_number
from subscriber.tmf.wire import Reference, Text, Wire, WrittenDate, by_name

PATH = "/tmf-api/customerManagement/v4/customer"


class _Reach(Wire):
    phone: StrictStr | None = Field(default=None, alias="phoneNumber")
    email: StrictStr | None = Field(default=None, alias="emailAddress")
    postcode: StrictStr | None = Field(default=None, alias="postCode")


class _Medium(Wire):
    preferred: StrictBool = False
    kind: StrictStr = Field(default="", alias="mediumType")
    characteristic: _Reach

    def mobile(self, country: str) -> str | None:
        """The number, where the operator calls it a mobile's or the numbering plan says so."""
        number = phone_number(self.characteristic.phone or "", country)
        return number if number and ("mobile" in self.kind.casefold() or is_mobile(number)) else None


class _Characteristics(Wire):
    segment: Segment = "consumer"
    born_on: Annotated[date, WrittenDate] | None = Field(default=None, alias="dateOfBirth")
    vulnerable: StrictBool = False
    place_id: Text = Field(alias="placeId")


class _Customer(Wire):
    id: Text
    name: Text
    status: Literal["active", "suspended"]
    status_reason: StrictStr = Field(default="", alias="statusReason")
    account: list[Reference] = Field(min_length=1)
    media: tuple[_Medium, ...] = Field(default=(), alias="contactMedium")
    characteristic: Annotated[_Characteristics, BeforeValidator(by_name)]

    def record(self, country: str) -> CustomerRecord:
        media = sorted(self.media, key=lambda medium: not medium.preferred)
        phones = [number for medium in media if (number := phone_number(medium.characteristic.phone or "", country))]
        facts = self.characteristic
        customer = Customer(
            customer_id=self.id,
            account_number=self.account[0].id,
            name=self.name,
            segment=facts.segment,
            phone=phones[0] if phones else "",
            email=_first(medium.characteristic.email for medium in media),
            postcode=_first(medium.characteristic.postcode for medium in media),
            place_id=facts.place_id,
            barred=self.status == "suspended" and self.status_reason == "nonPayment",
            vulnerable=facts.vulnerable,
        )
        mobiles = tuple(number for medium in media if (number := medium.mobile(country)))
        return CustomerRecord(customer, born_on=facts.born_on, phones=tuple(phones), mobiles=mobiles)


def _first(values: Iterable[str | None]) -> str:
    return next((value for value in values if value), "")


_ONE = TypeAdapter(_Customer)
_MANY = TypeAdapter(list[_Customer])


class TmfCustomers:
    def __init__(self, connection: Connection, country: str) -> None:
        """`country` says how a number without a country code is meant."""
        self._connection = connection
        self._country = country

    async def get(self, customer_id: str) -> CustomerRecord | None:
        found = await self._connection.get(f"{PATH}/{quote(customer_id, safe='')}", _ONE)
        return found.record(self._country) if found else None

    async def by_account(self, account_number: str) -> CustomerRecord | None:
        found = await self._search("account.id", account_number)
        exact = [record for record in found if record.customer.account_number == account_number]
        if len(exact) > 1:
            raise SubscriberUnavailable("customers gave several for one account number")
        return exact[0] if exact else None

    async def by_phone(self, e164: str) -> list[CustomerRecord]:
        found = await self._search("contactMedium.characteristic.phoneNumber", e164)
        return [record for record in found if e164 in record.phones]  # a system may ignore a filter it does not know

    async def _search(self, field: str, value: str) -> list[CustomerRecord]:
        found = await self._connection.get(PATH, _MANY, {field: value})
        return [customer.record(self._country) for customer in found or ()]
