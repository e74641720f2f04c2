"""What people are told of a visit that the customer agreed to: for the ticket, and for the technician's day."""

import logging

from actions.memory import Ticket
from actions.turn import Turn
from actions.when import spelled
from escalation.client import EscalationUnavailable, VisitAgreed
from subscriber.client import Customer, SubscriberUnavailable, Visit

logger = logging.getLogger(__name__)


async def agreed(turn: Turn, customer_id: str, visit: Visit) -> None:
    """The visit is booked, whether or not this is heard now: it is told when escalation is back."""
    try:
        customer = await _customer(turn, customer_id)
        taken = await turn.tools.telling.visit_agreed(
            VisitAgreed(
                contact_id=turn.contact_id,
                channel=turn.channel,
                visit_id=visit.visit_id,
                begins_at=visit.slot.begins,
                ends_at=visit.slot.ends,
                customer_id=customer_id,
                segment=customer.segment if customer else "consumer",
                name=customer.name if customer else "",
                address=customer.postcode if customer else "",
                phone=customer.phone or None if customer else None,
                plan_mbps=await _plan_mbps(turn, customer_id),
                order_id=visit.order_id,
                reference=turn.recall(Ticket).reference or None,
            )
        )
    except EscalationUnavailable:
        logger.warning("visit %s is agreed, and the desk does not know it yet", visit.visit_id)
        return
    if taken is None:
        return
    reference = spelled(taken.reference) if turn.medium == "ear" else taken.reference
    turn.say("utter_visit_ticket", reference=reference, about={"reference": taken.reference})


async def cancelled(turn: Turn, visit: Visit) -> None:
    try:
        await turn.tools.telling.visit_cancelled(visit.visit_id)
    except EscalationUnavailable:
        logger.warning("visit %s is cancelled, and the desk does not know it", visit.visit_id)


async def _customer(turn: Turn, customer_id: str) -> Customer | None:
    """The desk hears of the visit also while the customer system is away."""
    try:
        return await turn.tools.subscriber.customer_of(customer_id)
    except SubscriberUnavailable:
        return None


async def order_of(turn: Turn, customer_id: str) -> str | None:
    """The newest order that is open; a visit can be booked without knowing it."""
    try:
        orders = await turn.tools.subscriber.orders.of_customer(customer_id)
    except SubscriberUnavailable:
        return None
    newest = max((one for one in orders if one.is_open), key=lambda one: one.ordered_at, default=None)
    return newest.order_id if newest else None


async def _plan_mbps(turn: Turn, customer_id: str) -> float | None:
    """What the technician measures against; of several lines the fastest is no measure for the others."""
    try:
        products = await turn.tools.subscriber.accounts.products(customer_id)
    except SubscriberUnavailable:
        return None
    speeds = [one.plan.down_mbps for one in products if one.plan.down_mbps is not None]
    return float(speeds[0]) if len(speeds) == 1 else None
