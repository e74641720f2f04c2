"""TMF679 Product Offering Qualification v4 -> MoveTerms: what a move is answered.

Each product in use is one item, answered with `expectedActivationDate` and in `product` (where the plan is another one,
in the first of the `alternateProductOfferingProposal`) with the new home as its `place`, the last day at the
old one as `terminationDate`, `productPrice`, the characteristics `downMbps` and `technicianVisit`, and `productTerm`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, StrictStr, TypeAdapter

from subscriber.errors import SubscriberUnavailable
from subscriber.money import Money, total
from subscriber.moving import MovedPlan, MoveTerms, NotMoved, Unmovable
from subscriber.plans import Product
from subscriber.tmf.products import Price, Term, monthly_price
from subscriber.tmf.wire import Moment, Reference, Text, Wire, believed, by_name, number

REASONS: dict[str, Unmovable] = {
    "notServiceable": "not_there",
    "orderInProgress": "under_way",
    "unpaidBill": "unpaid",
}
GRAVEST: tuple[Unmovable, ...] = ("unpaid", "under_way", "not_there", "other")


class Place(Wire):
    id: StrictStr = ""
    role: StrictStr = ""


class _Facts(Wire):
    down_mbps: Annotated[Decimal, BeforeValidator(number), Field(gt=0, le=1_000_000)] | None = Field(
        default=None, alias="downMbps"
    )
    needs_technician: StrictBool = Field(default=False, alias="technicianVisit")


class _Offering(Reference):
    name: Text


class _Product(Wire):
    id: Text
    place: list[Place]
    ends_at: Moment = Field(alias="terminationDate")
    prices: list[Price] = Field(alias="productPrice")
    facts: Annotated[_Facts, BeforeValidator(by_name)] = Field(default=_Facts(), alias="productCharacteristic")
    terms: tuple[Term, ...] = Field(default=(), alias="productTerm")

    def once(self) -> list[Money]:
        return [price.price.with_tax.money() for price in self.prices if price.type == "oneTime"]


class _Proposal(Wire):
    offering: _Offering = Field(alias="alternateProductOffering")
    product: _Product = Field(alias="alternateProduct")


class _Reason(Wire):
    code: StrictStr = ""


class _AskedProduct(Wire):
    id: Text


@dataclass(frozen=True, slots=True)
class _Became:
    offering: _Offering
    product: _Product
    begins_at: datetime
    is_other: bool


class _Qualified(Wire):
    """Of one product; `product` is whole only where the plan stays."""

    result: Literal["qualified", "alternate", "unqualified"] = Field(alias="qualificationItemResult")
    begins_at: Moment | None = Field(default=None, alias="expectedActivationDate")
    reasons: tuple[_Reason, ...] = Field(default=(), alias="eligibilityUnavailabilityReason")
    offering: _Offering | None = Field(default=None, alias="productOffering")
    product: Annotated[_Product | _AskedProduct, Field(union_mode="left_to_right")]
    proposals: tuple[_Proposal, ...] = Field(default=(), alias="alternateProductOfferingProposal")

    def becomes(self, address_id: str) -> _Became:
        """Raises ValueError unless it says what, from when, and of this product at this address."""
        if self.result == "alternate":
            made = [(one.offering, one.product) for one in self.proposals[:1]]
        else:
            made = [(self.offering, self.product)] if self.offering and isinstance(self.product, _Product) else []
        if not made or self.begins_at is None:
            raise ValueError("no plan, or no day")
        offering, product = made[0]
        if product.id != self.product.id or [place.id for place in product.place] != [address_id]:
            raise ValueError("an answer about somewhere else")
        return _Became(offering, product, self.begins_at, is_other=self.result == "alternate")


class Qualification(Wire):
    state: Literal["done"]
    items: list[_Qualified] = Field(alias="productOfferingQualificationItem", min_length=1, max_length=20)


QUALIFIED = TypeAdapter(Qualification)


def terms_of(found: Qualification | None, products: Sequence[Product], address_id: str) -> MoveTerms | NotMoved:
    """Raises SubscriberUnavailable for an answer to something else, and one that does not add up."""
    items = found.items if found else []
    answered = {one.product.id: one for one in items}
    if len(items) != len(products) or set(answered) != {one.product_id for one in products}:
        raise SubscriberUnavailable("qualifications answered something else")
    if refused := [one for one in items if one.result == "unqualified"]:
        return _not_moved(refused)
    return believed("qualifications", lambda: _terms(products, answered, address_id))


def _not_moved(refused: Sequence[_Qualified]) -> NotMoved:
    """Of several reasons the one that has to be put right first."""
    reasons = {one.product.id: _why(one) for one in refused}
    gravest = min(reasons.values(), key=GRAVEST.index)
    return NotMoved(gravest, tuple(product for product, why in reasons.items() if why == gravest))


def _why(refused: _Qualified) -> Unmovable:
    return next((REASONS[reason.code] for reason in refused.reasons if reason.code in REASONS), "other")


def _terms(products: Sequence[Product], answered: dict[str, _Qualified], address_id: str) -> MoveTerms:
    """Raises ValueError for an answer that is about somewhere else, or leaves something out."""
    found = [(one, answered[one.product_id].becomes(address_id)) for one in products]
    once = [amount for _, became in found for amount in became.product.once()]
    return MoveTerms(
        plans=tuple(_plan(one, became) for one, became in found),
        begins=max(became.begins_at for _, became in found),
        ends=max(became.product.ends_at for _, became in found),
        once=total(once, once[0].currency) or None if once else None,
        needs_technician=any(became.product.facts.needs_technician for _, became in found),
    )


def _plan(present: Product, became: _Became) -> MovedPlan:
    """Raises ValueError for another plan that is said to stay."""
    product, offering = became.product, became.offering
    if became.is_other != (offering.id != present.plan.offering_id):
        raise ValueError("it stays and is another one")
    return MovedPlan(
        product_id=present.product_id,
        offering_id=offering.id,
        name=offering.name,
        stays=not became.is_other,
        monthly=monthly_price(product.prices),
        down_mbps=product.facts.down_mbps,
        term_months=max((term.months for term in product.terms), default=0),
    )
