"""TMF677 Usage Consumption v4 -> Allowance: one query is answered at once (`state` "done").

A bucket's counters are of type `used`, one for each period; the current period has the bucket's `validFor`. A bucket
without `remainingValue` is unlimited.
"""

from decimal import Decimal

from pydantic import Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.errors import SubscriberUnavailable
from subscriber.tmf.wire import Measure, Moment, Reference, Text, Wire, believed
from subscriber.usage import Allowance, UsageKind

PATH = "/tmf-api/usageConsumption/v4/queryUsageConsumption"
UNITS: dict[UsageKind, dict[str, int]] = {  # how many are one of ours
    "data": {"GB": 1, "MB": 1000},
    "voice": {"minutes": 1, "seconds": 60},
    "sms": {"messages": 1},
}


class _Span(Wire):
    start: Moment = Field(alias="startDateTime")
    end: Moment = Field(alias="endDateTime")


class _Counter(Wire):
    type: StrictStr = Field(alias="counterType")
    period: _Span = Field(alias="consumptionPeriod")
    value: Measure


class _Product(Reference):
    name: Text


class _Bucket(Wire):
    usage_type: Text = Field(alias="usageType")
    valid_for: _Span = Field(alias="validFor")
    remaining: Measure | None = Field(default=None, alias="remainingValue")
    counters: list[_Counter] = Field(alias="bucketCounter")
    product: list[_Product] = Field(min_length=1)

    def allowance(self, kind: UsageKind) -> Allowance:
        used = sorted((one for one in self.counters if one.type == "used"), key=lambda one: one.period.start)
        now = [one for one in used if one.period.start == self.valid_for.start]
        if len(now) != 1:
            raise ValueError("the current period has one counter of what is used")
        past = [one for one in used if one.period.end <= self.valid_for.start]
        return Allowance(
            kind=kind,
            service=self.product[0].name,
            product_id=self.product[0].id,
            used=_measured(kind, now[0].value),
            left=_measured(kind, self.remaining) if self.remaining else None,
            resets_at=self.valid_for.end,
            past=tuple(_measured(kind, one.value) for one in reversed(past)),
        )


class _Consumption(Wire):
    buckets: list[_Bucket] = Field(alias="bucketRefOrValue")


class _Party(Reference):
    role: StrictStr = ""


class _Query(Wire):
    party: list[_Party] = Field(alias="relatedParty")
    consumption: list[_Consumption] = Field(alias="usageConsumption")


_ONE = TypeAdapter(_Query)
_KINDS: dict[str, UsageKind] = {"data": "data", "voice": "voice", "sms": "sms"}


def _measured(kind: UsageKind, measure: Measure) -> Decimal:
    if measure.units not in UNITS[kind]:
        raise ValueError("an unknown unit")
    return measure.amount / UNITS[kind][measure.units]


class TmfUsage:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_customer(self, customer_id: str) -> list[Allowance]:
        """Kinds that we do not know are left out."""
        party = [{"id": customer_id, "role": "customer", "@referredType": "Customer"}]
        found = await self._connection.post(
            PATH, _ONE, {"relatedParty": party, "searchCriteria": {"relatedParty": party}}
        )
        if found is None or all(one.id != customer_id for one in found.party):
            raise SubscriberUnavailable("usage does not know the customer")
        buckets = [bucket for consumption in found.consumption for bucket in consumption.buckets]
        known = [(bucket, _KINDS[bucket.usage_type]) for bucket in buckets if bucket.usage_type in _KINDS]
        return believed("usage", lambda: [bucket.allowance(kind) for bucket, kind in known])
