"""TMF654 top-ups of the demo operator: vouchers of data/operator/demo/vouchers.yml, each of use once."""

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import yaml
from fastapi import APIRouter, Header, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from subscriber.demo import tmf
from subscriber.demo.book import Book

TOPUPS = "/tmf-api/prepayBalanceManagement/v4/topupBalance"


class Voucher(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^\d{12,16}$")
    amount: Decimal = Field(gt=0, decimal_places=2)
    state: Literal["new", "used", "expired"] = "new"


class Bucket(BaseModel):
    id: str = Field(max_length=100)


class TopUp(BaseModel):
    voucher: str = Field(max_length=50, repr=False)
    bucket: Bucket
    usage_type: Literal["monetary"] = Field(alias="usageType")


@dataclass(slots=True)
class Till:
    """What was topped up since the program runs, by customer."""

    vouchers: dict[str, Voucher]
    used: set[str] = field(default_factory=set)
    topped_up: dict[str, Decimal] = field(default_factory=dict)
    by_key: dict[str, tmf.Body] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> "Till":
        """Raises pydantic.ValidationError."""
        found = map(Voucher.model_validate, yaml.safe_load((folder / "vouchers.yml").read_text("utf-8")))
        return cls({one.code: one for one in found})

    def of(self, customer_id: str) -> Decimal:
        return self.topped_up.get(customer_id, Decimal(0))

    def redeem(self, customer_id: str, topup: TopUp) -> tuple[str, str]:
        """Status and reason."""
        voucher = self.vouchers.get(topup.voucher)
        if voucher is None:
            return "failed", "voucherUnknown"
        if voucher.state == "expired":
            return "failed", "voucherExpired"
        if voucher.state == "used" or voucher.code in self.used:
            return "failed", "voucherUsed"
        self.used.add(voucher.code)
        self.topped_up[customer_id] = self.of(customer_id) + voucher.amount
        return "completed", ""


def topups(book: Book, till: Till) -> APIRouter:
    router = APIRouter()

    @router.post(TOPUPS, status_code=201)
    async def top_up(topup: TopUp, idempotency_key: Annotated[str, Header(min_length=1, max_length=200)]) -> tmf.Body:
        """The same for the same key. Raises 404 for a balance that there is not."""
        if idempotency_key in till.by_key:
            return till.by_key[idempotency_key]
        found = [one for one in book.customers if one.prepaid and f"bucket-{one.id}" == topup.bucket.id]
        if not found:
            raise HTTPException(404, "there is no such balance")
        status, reason = till.redeem(found[0].id, topup)
        number = f"topup-{len(till.by_key) + 1}"
        body: tmf.Body = {"id": number, "href": f"{TOPUPS}/{number}", "status": status, "usageType": "monetary"}
        body |= {"bucket": {"id": topup.bucket.id}, **({"reason": reason} if reason else {})}
        till.by_key[idempotency_key] = body
        return body

    return router
