"""TMF658 Loyalty Management v4 -> Points and Reward; redeemed as a LoyaltyBurn.

An account's `loyaltyBalance` entries are lots: `quantity` in points, and `validFor.endDateTime` where they end. A
reward is a `loyaltyProgramProductSpec` whose characteristic `points` is its price. A burn carries its key as the
header Idempotency-Key, and 409 is a refusal.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictInt, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.errors import SubscriberConflict, SubscriberUnavailable
from subscriber.loyalty import Lot, Points, Reward, RewardRefused
from subscriber.tmf.wire import Moment, Party, Reference, Text, Wire, believed, by_name

BASE = "/tmf-api/loyaltyManagement/v4"
ACCOUNTS, REWARDS, BURNS = f"{BASE}/loyaltyAccount", f"{BASE}/loyaltyProgramProductSpec", f"{BASE}/loyaltyBurn"


class _Quantity(Wire):
    amount: StrictInt = Field(ge=0, le=1_000_000_000)
    units: Literal["points"]


class _Until(Wire):
    ends_at: Moment | None = Field(default=None, alias="endDateTime")


class _Balance(Wire):
    quantity: _Quantity
    valid: _Until = Field(default=_Until(), alias="validFor")


class _Account(Wire):
    id: Text
    status: Literal["active", "suspended", "closed"]
    balances: list[_Balance] = Field(alias="loyaltyBalance")
    party: list[Party] = Field(alias="relatedParty")

    def points(self) -> Points:
        lots = [
            Lot(one.quantity.amount, one.valid.ends_at)
            for one in self.balances
            if one.valid.ends_at is not None and one.quantity.amount
        ]
        total = sum(one.quantity.amount for one in self.balances)
        return Points(self.id, total, tuple(sorted(lots, key=lambda lot: lot.ends_at)))


class _Price(Wire):
    points: StrictInt = Field(gt=0, le=1_000_000_000)


class _Spec(Wire):
    id: Text
    name: Text
    status: StrictStr = Field(default="active", alias="lifecycleStatus")
    price: Annotated[_Price, BeforeValidator(by_name)] = Field(alias="characteristic")


class _Burn(Wire):
    id: Text
    account: Reference
    product: Reference = Field(alias="loyaltyProgramProduct")
    quantity: _Quantity


_ACCOUNTS = TypeAdapter(list[_Account])
_SPECS = TypeAdapter(list[_Spec])
_BURN = TypeAdapter(_Burn)


class TmfLoyalty:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def points(self, customer_id: str) -> Points | None:
        found = await self._connection.get(ACCOUNTS, _ACCOUNTS, {"relatedParty.id": customer_id}) or ()
        theirs = [
            one for one in found if one.status == "active" and any(party.id == customer_id for party in one.party)
        ]
        return believed("loyalty", theirs[0].points) if theirs else None

    async def rewards(self) -> list[Reward]:
        found = await self._connection.get(REWARDS, _SPECS) or ()
        return [Reward(one.id, one.name, one.price.points) for one in found if one.status == "active"]

    async def redeem(self, customer_id: str, account_id: str, reward: Reward, *, key: str) -> None:
        """Raises SubscriberUnavailable too when what was recorded is not what was asked for."""
        body = {
            "account": {"id": account_id},
            "description": reward.name,
            "loyaltyProgramMember": {"id": customer_id},
            "loyaltyProgramProduct": {"id": reward.reward_id, "name": reward.name},
            "quantity": {"amount": reward.points, "units": "points"},
        }
        try:
            found = await self._connection.post(BURNS, _BURN, body, key=key)
        except SubscriberConflict:
            raise RewardRefused from None
        wanted = (account_id, reward.reward_id, reward.points)
        if found is None or (found.account.id, found.product.id, found.quantity.amount) != wanted:
            raise SubscriberUnavailable("loyalty recorded something else")
