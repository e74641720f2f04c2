"""The terms of a move: what becomes of each plan, the days, what it costs; asked anew at the yes, ordered once."""

from datetime import date

from actions.account import confirm
from actions.agreement import ask_a_person, say_order
from actions.amount import day, listed, money
from actions.memory import Moving
from actions.move_talk import CATEGORY, named
from actions.selection import offer_person
from actions.turn import Turn
from subscriber.client import MovedPlan, MoveTerms, NotMoved, OrderRefused, Product, SubscriberUnavailable, at_home


async def moved(turn: Turn, customer_id: str) -> list[Product]:
    """What a customer takes along to another home."""
    subscriber = turn.tools.subscriber
    return at_home(await subscriber.accounts.products(customer_id), subscriber.ordering_policy.move_kinds)


async def possible(turn: Turn, customer_id: str, products: list[Product]) -> MoveTerms | NotMoved:
    """At the house that was chosen, on the day that was, or on the operator's earliest."""
    moving = turn.recall(Moving)
    if moving.house is None or not products:
        return NotMoved("other", ())
    found = await turn.tools.subscriber.moving.possible(customer_id, products, moving.house.address_id, moving.day)
    if isinstance(found, MoveTerms):
        _check_days(turn, found, moving.day)
    return found


def _check_days(turn: Turn, terms: MoveTerms, wished: date | None) -> None:
    """Raises SubscriberUnavailable for days that are over, and for one that is sooner than was wished."""
    zone = turn.tools.timezone
    today, begins = turn.tools.now().astimezone(zone).date(), terms.begins.astimezone(zone).date()
    if begins < (wished or today) or terms.ends.astimezone(zone).date() < today:
        raise SubscriberUnavailable("qualifications names days that cannot be")


async def tell_terms(turn: Turn, customer_id: str) -> None:
    products = await moved(turn, customer_id)
    found = await possible(turn, customer_id, products)
    if isinstance(found, NotMoved):
        refused(turn, found)
    else:
        _ask(turn, products, found)


async def order(turn: Turn, customer_id: str) -> None:
    """After a yes. Until the order is sent nothing is changed for sure; after that only an answer says so."""
    moving = turn.recall(Moving)
    try:
        products = await moved(turn, customer_id)
        found = await possible(turn, customer_id, products)
    except SubscriberUnavailable:
        offer_person(turn, "utter_order_away", category=CATEGORY)
        return
    if isinstance(found, NotMoved) or moving.house is None:
        refused(turn, found if isinstance(found, NotMoved) else NotMoved("other", ()))
    elif _told(turn, found) != moving.terms:
        turn.say("utter_order_other_terms")
        _ask(turn, products, found)
    else:
        await _place(turn, customer_id, moving, found)


async def _place(turn: Turn, customer_id: str, moving: Moving, terms: MoveTerms) -> None:
    address = moving.house.address_id if moving.house else ""
    key = f"move-{turn.contact_id}-{moving.key}"
    try:
        placed = await turn.tools.subscriber.moving.place(customer_id, terms, address, key=key)
    except OrderRefused:
        refused(turn, NotMoved("other", ()))
        return
    except SubscriberUnavailable:
        turn.forget(Moving)
        ask_a_person(turn, CATEGORY)
        return
    turn.forget(Moving)
    say_order(turn, "utter_move_done", _address(moving), placed.order_id, placed.expected_at or terms.begins)
    turn.say("utter_move_takes_along")
    if terms.needs_technician:
        turn.say("utter_move_visit_follows")


def refused(turn: Turn, found: NotMoved) -> None:
    turn.forget(Moving)
    why = "other" if found.why == "not_there" else found.why  # it could be had a moment ago
    offer_person(turn, f"utter_order_refused_{why}", category=CATEGORY, name=turn.phrase("phrase_move"))


def _ask(turn: Turn, products: list[Product], terms: MoveTerms) -> None:
    """The days are the operator's: whoever wished for a sooner one is told so."""
    moving, begins = turn.recall(Moving), day(turn, terms.begins)
    turn.remember(moving.model_copy(update={"terms": _told(turn, terms)}))
    if moving.day is not None and named(turn, moving.day) != begins:
        turn.say("utter_move_other_day", wished=named(turn, moving.day), day=begins)
    before = {one.product_id: one.plan.name for one in products}
    lines = listed(turn, (_line(turn, plan, before[plan.product_id]) for plan in terms.plans))
    turn.say("utter_move_terms", address=_address(moving), day=begins, lines=lines)
    if terms.needs_technician:
        turn.say("utter_move_visit")
    cost = turn.phrase("phrase_move_once").format(price=money(turn, terms.once)) if terms.once else ""
    confirm(
        turn,
        "action_move_agreed",
        "utter_move_confirm",
        cost=cost or turn.phrase("phrase_move_free"),
        last=day(turn, terms.ends),
        right=turn.tools.subscriber.ordering_policy.cooling_off_in(turn.language),
    )


def _line(turn: Turn, plan: MovedPlan, before: str) -> str:
    phrase = "phrase_move_stays" if plan.stays else "phrase_move_becomes"
    line = turn.phrase(phrase).format(name=plan.name, before=before, price=money(turn, plan.monthly))
    if plan.down_mbps is not None:
        line += turn.phrase("phrase_move_speed").format(mbps=f"{plan.down_mbps.normalize():,f}")
    if plan.term_months:
        line += turn.phrase("phrase_move_term").format(months=plan.term_months)
    return line


def _told(turn: Turn, terms: MoveTerms) -> str:
    """What a yes is a yes to."""
    plans = " ".join(
        f"{one.product_id} {one.offering_id} {one.monthly.amount} {one.monthly.currency} {one.down_mbps} "
        f"{one.term_months}"
        for one in sorted(terms.plans, key=lambda one: one.product_id)
    )
    once = f"{terms.once.amount} {terms.once.currency}" if terms.once else ""
    return f"{plans} {day(turn, terms.begins)} {day(turn, terms.ends)} {once} {terms.needs_technician}"


def _address(moving: Moving) -> str:
    return moving.house.label if moving.house else ""
