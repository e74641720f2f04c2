"""TMF658 loyalty points of the demo operator: of everybody who gets bills, the same at every start.

What was redeemed is kept while the program runs; the points that end first are taken first.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Annotated

import yaml
from fastapi import APIRouter, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from subscriber.demo import tmf
from subscriber.demo.book import Book, Customer

BASE = "/tmf-api/loyaltyManagement/v4"
ENDS_IN_DAYS = (40, 220, 365)


class Reward(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    points: int = Field(gt=0)


class Named(BaseModel):
    id: str = Field(max_length=100)


class Quantity(BaseModel):
    amount: int = Field(gt=0)


class Burn(BaseModel):
    account: Named
    product: Named = Field(alias="loyaltyProgramProduct")
    quantity: Quantity


@dataclass(slots=True)
class Pot:
    """What was redeemed since the program runs, by customer."""

    rewards: dict[str, Reward]
    taken: dict[str, int] = field(default_factory=dict)
    by_key: dict[str, tmf.Body] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> "Pot":
        """Raises pydantic.ValidationError."""
        found = map(Reward.model_validate, yaml.safe_load((folder / "rewards.yml").read_text("utf-8")))
        return cls({one.id: one for one in found})

    def lots(self, customer: Customer) -> list[tuple[int, datetime]]:
        """What is left of each, the next to end first."""
        dice, taken = Random(f"{customer.id}/points"), self.taken.get(customer.id, 0)  # noqa: S311  (no secret)
        today = datetime.combine(datetime.now(UTC).date(), time(0), UTC)
        left = []
        for days in ENDS_IN_DAYS:
            points = dice.randrange(20, 110) * 10
            used = min(points, taken)
            taken -= used
            if points > used:
                left.append((points - used, today + timedelta(days=days)))
        return left

    def burn(self, customer: Customer, burn: Burn) -> tmf.Body:
        """Raises 409 for a reward that there is not, of another price, or dearer than the balance."""
        reward = self.rewards.get(burn.product.id)
        balance = sum(points for points, _ in self.lots(customer))
        if reward is None or reward.points != burn.quantity.amount or reward.points > balance:
            raise HTTPException(409, "this reward cannot be had")
        self.taken[customer.id] = self.taken.get(customer.id, 0) + reward.points
        number = f"burn-{len(self.by_key) + 1}"
        return {
            "id": number,
            "href": f"{BASE}/loyaltyBurn/{number}",
            "description": reward.name,
            "account": {"id": burn.account.id},
            "loyaltyProgramProduct": {"id": reward.id, "name": reward.name},
            "quantity": {"amount": reward.points, "units": "points"},
        }


def loyalty(book: Book, pot: Pot) -> APIRouter:
    router = APIRouter(prefix=BASE)

    @router.get("/loyaltyAccount")
    async def accounts(request: Request) -> JSONResponse:
        wanted = book.customers_for(request.query_params.get("relatedParty.id"))
        return tmf.listed(request, (_account(one, pot) for one in wanted if _is_member(one)))

    @router.get("/loyaltyProgramProductSpec")
    async def rewards(request: Request) -> JSONResponse:
        return tmf.listed(request, map(_spec, pot.rewards.values()))

    @router.post("/loyaltyBurn", status_code=201)
    async def burn(wanted: Burn, idempotency_key: Annotated[str, Header(min_length=1, max_length=200)]) -> tmf.Body:
        """The same for the same key. Raises 404 for an account that there is not."""
        if idempotency_key not in pot.by_key:
            found = [one for one in book.customers if _is_member(one) and f"loyalty-{one.id}" == wanted.account.id]
            if not found:
                raise HTTPException(404, "there is no such account")
            pot.by_key[idempotency_key] = pot.burn(found[0], wanted)
        return pot.by_key[idempotency_key]

    return router


def _is_member(customer: Customer) -> bool:
    return not customer.prepaid and customer.segment != "corporate"


def _account(customer: Customer, pot: Pot) -> tmf.Body:
    return {
        "id": f"loyalty-{customer.id}",
        "href": f"{BASE}/loyaltyAccount/loyalty-{customer.id}",
        "status": "active",
        "loyaltyBalance": [
            {"quantity": {"amount": points, "units": "points"}, "validFor": {"endDateTime": ends_at.isoformat()}}
            for points, ends_at in pot.lots(customer)
        ],
        "relatedParty": [{"id": customer.id, "name": customer.name, "role": "customer", "@referredType": "Customer"}],
    }


def _spec(reward: Reward) -> tmf.Body:
    return {
        "id": reward.id,
        "name": reward.name,
        "lifecycleStatus": "active",
        "characteristic": [{"name": "points", "value": reward.points}],
    }
