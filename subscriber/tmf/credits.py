"""TMF654 Prepay Balance Management v4 -> Credit: the active buckets of `usageType` "monetary"."""

from pydantic import Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.money import Money
from subscriber.tmf.wire import Measure, Party, Period, Text, Wire, believed
from subscriber.usage import Credit

PATH = "/tmf-api/prepayBalanceManagement/v4/bucket"


class _Bucket(Wire):
    usage_type: Text = Field(alias="usageType")
    status: StrictStr = "active"
    remaining: Measure = Field(alias="remainingValue")
    valid_for: Period = Field(default=Period(), alias="validFor")
    party: list[Party] = Field(alias="relatedParty")

    def credit(self) -> Credit:
        if not (len(self.remaining.units) == 3 and self.remaining.units.isupper()):
            raise ValueError("credit has a currency")
        return Credit(Money(self.remaining.amount, self.remaining.units), self.valid_for.end)


_MANY = TypeAdapter(list[_Bucket])


class TmfCredits:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_customer(self, customer_id: str) -> list[Credit]:
        found = await self._connection.get(PATH, _MANY, {"relatedParty.id": customer_id}) or ()
        money = [bucket for bucket in found if bucket.usage_type == "monetary" and bucket.status == "active"]
        theirs = [bucket for bucket in money if any(party.id == customer_id for party in bucket.party)]
        return believed("credits", lambda: [bucket.credit() for bucket in theirs])
