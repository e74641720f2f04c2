"""Topping up a prepaid number by voucher at the operator."""

from typing import Literal, Protocol

# wrong: there is no such voucher; used: somebody has used it; expired: its day is over; not_prepaid: nothing to top up.
VoucherRefusal = Literal["wrong", "used", "expired", "not_prepaid"]


class VoucherRefused(Exception):
    """Nothing was topped up."""

    def __init__(self, why: VoucherRefusal) -> None:
        super().__init__(why)
        self.why = why


class TopUps(Protocol):
    """The operator's prepaid system. Raises SubscriberUnavailable when it does not answer sensibly: a voucher may then
    have been used or not."""

    async def redeem(self, customer_id: str, code: str, *, key: str) -> bool:
        """One top-up for a key, however often asked; whether it is on the balance by now. Raises VoucherRefused."""
        ...
