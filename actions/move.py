"""Moving house: where to, from which day, told what can be had there, and ordered after a yes."""

from collections.abc import Sequence

from actions.account import tell
from actions.agreement import say_order
from actions.day_said import count_said
from actions.memory import House, Known, Moving
from actions.move_day import OTHER_DAYS, ask_day, day_reply, instead_reply
from actions.move_talk import CATEGORY, add_to_problem, ask_again, go_on, no_answer, together
from actions.move_terms import moved, order, possible, refused, tell_terms
from actions.selection import TRIES, offer_person
from actions.turn import Turn, plain
from subscriber.client import NotMoved

WORDS_AT_MOST = 200  # letters of an address that is not on the operator's list
ON_SCREEN, FOR_THE_EAR = 5, 3  # houses offered at once; of more the number is asked for


async def action_move_house(turn: Turn) -> None:
    await tell(turn, "action_move_house", _begin)


async def action_move_find(turn: Turn) -> None:
    """A postcode was said."""
    await tell(turn, "action_move_find", _find)


async def action_move_there(turn: Turn) -> None:
    """It is known where to: the operator's earliest day, or that it cannot be had."""
    await tell(turn, "action_move_there", _there)


async def action_move_terms(turn: Turn) -> None:
    await tell(turn, "action_move_terms", tell_terms)


async def action_move_agreed(turn: Turn) -> None:
    await tell(turn, "action_move_agreed", order)


async def action_move_reply(turn: Turn) -> None:
    """The address, the day, or what to do where nothing can be had."""
    moving = turn.recall(Moving)
    if moving.asking == "instead":
        instead_reply(turn, moving)
    elif moving.asking == "day":
        day_reply(turn, moving)
    elif house := _house_said(turn, moving.houses):
        _go_there(turn, moving, house)
    elif postcode := turn.tools.subscriber.postcode_in(turn.text):
        turn.remember(moving.model_copy(update={"postcode": postcode}))
        go_on(turn, "action_move_find")
    elif moving.houses and turn.intent == "none_of_these":
        _unknown(turn, moving)
    else:
        no_answer(turn, moving, _ask_where)


async def _begin(turn: Turn, customer_id: str) -> None:
    turn.forget(Moving)
    for placed in await turn.tools.subscriber.moving.of_customer(customer_id):
        if placed.is_open:
            say_order(turn, "utter_move_under_way", turn.phrase("phrase_move"), placed.order_id, placed.expected_at)
            return
    known, products = turn.recall(Known), await moved(turn, customer_id)
    kinds = [one.plan.kind for one in products]
    if known.segment == "corporate" or known.vulnerable or len(set(kinds)) < len(kinds):
        offer_person(turn, "utter_move_person", category=CATEGORY)
    elif not products:
        turn.say("utter_move_mobile")
    else:
        turn.remember(Moving())
        turn.go("moving")
        turn.say("utter_move_where", name=together(one.plan.name for one in products))


async def _find(turn: Turn, _: str) -> None:
    moving = turn.recall(Moving)
    found = await turn.tools.subscriber.addresses.at(moving.postcode)
    houses = tuple(House(label=one.label, address_id=one.address_id) for one in found)
    moving = moving.model_copy(update={"houses": houses})
    chosen = houses[0] if len(houses) == 1 else _house_said(turn, houses)
    if not houses:
        _unknown(turn, moving)
    elif chosen is not None:
        _go_there(turn, moving, chosen)
    else:
        moving = moving.model_copy(update={"misses": 0})
        turn.remember(moving)
        _ask_where(turn, moving)


def _unknown(turn: Turn, moving: Moving) -> None:
    """Whoever is asked in the end reads the address in the customer's words."""
    if moving.misses + 1 >= TRIES:
        add_to_problem(turn, turn.phrase("phrase_move_address").format(address=turn.text[:WORDS_AT_MOST]))
    ask_again(turn, moving.model_copy(update={"houses": ()}), "utter_move_unknown", _ask_where)


def _ask_where(turn: Turn, moving: Moving) -> None:
    most = FOR_THE_EAR if turn.medium == "ear" else ON_SCREEN
    turn.go("moving")
    if not moving.houses:
        turn.say("utter_move_postcode")
    elif len(moving.houses) > most:
        turn.say("utter_move_number", expects="digits")
    else:
        turn.say("utter_move_which", choices=[one.label for one in moving.houses])


def _house_said(turn: Turn, houses: Sequence[House]) -> House | None:
    """One that was picked, or the one whose number or name was said as no other one's was. On the phone a key is that
    of a choice; on the screen a number is rather that of a house."""
    names = [set(plain(one.label).split()) for one in houses]
    shared = set.intersection(*names) if len(names) > 1 else set()
    said = {*plain(turn.text).split(), str(count_said(turn) or "")}
    hits = [len((name - shared) & said) for name in names]
    best = max(hits, default=0)
    meant = houses[hits.index(best)] if best and hits.count(best) == 1 else None
    picked = next((one for one in houses if one.label == turn.picked), None)
    is_key = turn.medium == "ear" or not plain(turn.text).isdecimal()
    return (picked or meant) if is_key else (meant or picked)


def _go_there(turn: Turn, moving: Moving, house: House) -> None:
    turn.remember(moving.model_copy(update={"house": house, "misses": 0}))
    add_to_problem(turn, turn.phrase("phrase_move_address").format(address=f"{house.label}, {moving.postcode}"))
    go_on(turn, "action_move_there")


async def _there(turn: Turn, customer_id: str) -> None:
    products = await moved(turn, customer_id)
    moving, found = turn.recall(Moving), await possible(turn, customer_id, products)
    if isinstance(found, NotMoved) and found.why != "not_there":
        refused(turn, found)
        return
    if isinstance(found, NotMoved):
        missing = tuple(one.plan.name for one in products if one.product_id in found.product_ids)
        moving = moving.model_copy(update={"asking": "day", "missing": missing, "earliest": None, "days": ()})
    else:
        first = found.begins.astimezone(turn.tools.timezone).date()
        days = (first, *(first + later for later in OTHER_DAYS))
        moving = moving.model_copy(update={"asking": "day", "earliest": first, "days": days})
    turn.remember(moving)
    ask_day(turn, moving)
