"""Ordering what a customer agreed to: asked about anew at the yes, told anew when it differs, never claimed unseen."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from actions.amount import day
from actions.handover import hand_over
from actions.memory import Question, Selection, Wish
from actions.selection import offer_person
from actions.turn import Turn
from actions.when import spelled
from subscriber.client import Item, OrderRefused, SubscriberUnavailable


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a yes would order. `terms` are its price and conditions, by which another one is told from this."""

    item: Item
    terms: str
    category: str
    begin: str  # the action that "another one" leads to
    ask: Callable[[datetime], None]  # tells the terms and asks for the yes
    done: str  # the response when it is ordered


Find = Callable[[Turn, str], Awaitable[Proposal | None]]


async def propose(turn: Turn, customer_id: str, proposal: Proposal) -> None:
    """Tell the terms, or why it is not possible."""
    begins = await turn.tools.subscriber.ordering.possible(customer_id, proposal.item)
    if isinstance(begins, str):
        _refused(turn, proposal, begins)
    else:
        _ask(turn, proposal, begins)


async def order(turn: Turn, customer_id: str, find: Find, *, category: str) -> None:
    """After a yes. `find` looks up what was chosen, as it is now. Until the order is sent nothing is changed for sure;
    after that only an answer says so."""
    ordering = turn.tools.subscriber.ordering
    try:
        proposal = await find(turn, customer_id)
        begins = await ordering.possible(customer_id, proposal.item) if proposal else "other"
    except SubscriberUnavailable:
        offer_person(turn, "utter_order_away", category=category)
        return
    if proposal is None:
        offer_person(turn, "utter_order_gone_person", category=category)
    elif isinstance(begins, str):
        _refused(turn, proposal, begins)
    elif _told(turn, proposal, begins) != turn.recall(Selection).terms:
        turn.say("utter_order_other_terms")
        _ask(turn, proposal, begins)
    else:
        await _place(turn, customer_id, proposal, begins)


async def _place(turn: Turn, customer_id: str, proposal: Proposal, begins: datetime) -> None:
    key = f"{turn.contact_id}-{turn.recall(Selection).key}"
    try:
        placed = await turn.tools.subscriber.ordering.place(customer_id, proposal.item, key=key)
    except OrderRefused:
        _refused(turn, proposal, "other")
        return
    except SubscriberUnavailable:
        ask_a_person(turn, proposal.category)
        return
    turn.forget(Selection)
    say_order(turn, proposal.done, proposal.item.name, placed.order_id, placed.expected_at or begins)


def say_order(turn: Turn, response: str, name: str, order_id: str, begins: datetime | None) -> None:
    """An order's number, and from when it is so: today needs no day."""
    reference = spelled(order_id) if turn.medium == "ear" else order_id
    told = day(turn, begins) if begins and begins > turn.tools.now() else ""
    when = turn.phrase("phrase_order_from").format(day=told) if told else ""
    turn.say(response, name=name, reference=reference, when=when, about={"order": order_id})


def _ask(turn: Turn, proposal: Proposal, begins: datetime) -> None:
    turn.remember(turn.recall(Selection).model_copy(update={"terms": _told(turn, proposal, begins)}))
    turn.remember(turn.recall(Wish).model_copy(update={"action": proposal.begin}))
    proposal.ask(begins)


def _told(turn: Turn, proposal: Proposal, begins: datetime) -> str:
    """What a yes is a yes to."""
    item = proposal.item
    return f"{item.action} {item.offering_id} {item.product_id} {proposal.terms} {day(turn, begins)}"


def _refused(turn: Turn, proposal: Proposal, why: str) -> None:
    offer_person(turn, f"utter_order_refused_{why}", category=proposal.category, name=proposal.item.name)


def ask_a_person(turn: Turn, category: str) -> None:
    """Whether it is ordered is not certain: a colleague looks."""
    wish = turn.recall(Wish)
    turn.forget(Selection, Wish)
    turn.remember(turn.recall(Question).model_copy(update={"problem": wish.question or turn.text}))
    turn.say("utter_order_unsure")
    hand_over(turn, "article", category=category)
