"""TMF654 Prepay Balance Management v4, `topupBalance` with a `voucher`, on the customer's active monetary bucket.

The header Idempotency-Key makes a repetition the same top-up. `status` "failed" has its `reason` in one word:
`voucherUnknown`, `voucherUsed` or `voucherExpired`.
"""

from typing import Literal

from pydantic import Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.errors import SubscriberUnavailable
from subscriber.tmf.credits import PATH as BUCKETS
from subscriber.tmf.wire import Party, Text, Wire
from subscriber.topups import VoucherRefusal, VoucherRefused

PATH = "/tmf-api/prepayBalanceManagement/v4/topupBalance"
REASONS: dict[str, VoucherRefusal] = {
    "voucherUnknown": "wrong",
    "voucherUsed": "used",
    "voucherExpired": "expired",
}


class _Bucket(Wire):
    id: Text
    usage_type: Text = Field(alias="usageType")
    status: StrictStr = "active"
    party: list[Party] = Field(alias="relatedParty")


class _BucketRef(Wire):
    id: Text


class _TopUp(Wire):
    status: Literal["created", "failed", "cancelled", "completed"]
    reason: StrictStr = ""
    bucket: _BucketRef


_BUCKETS = TypeAdapter(list[_Bucket])
_ONE = TypeAdapter(_TopUp)


class TmfTopUps:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def redeem(self, customer_id: str, code: str, *, key: str) -> bool:
        bucket = await self._bucket_of(customer_id)
        body = {"voucher": code, "usageType": "monetary", "bucket": {"id": bucket}, "requestor": _party(customer_id)}
        found = await self._connection.post(PATH, _ONE, body, key=key)
        if found is None or found.bucket.id != bucket:
            raise SubscriberUnavailable("credits topped up something else")
        if found.status in {"completed", "created"}:
            return found.status == "completed"
        why = REASONS.get(found.reason)
        if why is None:
            raise SubscriberUnavailable("credits refuses without a reason that is known")
        raise VoucherRefused(why)

    async def _bucket_of(self, customer_id: str) -> str:
        """Raises VoucherRefused for who is not prepaid, SubscriberUnavailable where several buckets are."""
        found = await self._connection.get(BUCKETS, _BUCKETS, {"relatedParty.id": customer_id}) or ()
        money = [bucket for bucket in found if bucket.usage_type == "monetary" and bucket.status == "active"]
        theirs = [bucket.id for bucket in money if any(party.id == customer_id for party in bucket.party)]
        if not theirs:
            raise VoucherRefused("not_prepaid")
        if len(theirs) > 1:
            raise SubscriberUnavailable("credits has several balances of the customer")
        return theirs[0]


def _party(customer_id: str) -> dict[str, str]:
    return {"id": customer_id, "role": "customer", "@referredType": "Customer"}
