"""A new SIM that waits to be switched on: which one it is, read back, and switched on after a yes."""

from actions.account import confirm, tell
from actions.memory import Option, Selection
from actions.puk import called
from actions.selection import offer, offer_person, take
from actions.turn import Turn
from actions.when import tail
from subscriber.client import Sim, SimRefused, SubscriberUnavailable

CATEGORY = "sim"
CARD_DIGITS = 4  # of the number printed on the card, by which the customer knows it


async def action_sim_activate(turn: Turn) -> None:
    await tell(turn, "action_sim_activate", _begin)


async def action_sim_terms(turn: Turn) -> None:
    """It is known which: what happens, before a yes."""
    await tell(turn, "action_sim_terms", _terms)


async def action_sim_agreed(turn: Turn) -> None:
    await tell(turn, "action_sim_agreed", _activate)


async def _begin(turn: Turn, customer_id: str) -> None:
    sims = await turn.tools.subscriber.sims.of_customer(customer_id)
    waiting = [one for one in sims if one.state == "waiting"]
    for one in sims:
        if one.state == "activating":
            turn.say("utter_sim_under_way", name=one.name, ending=tail(turn, one.number))
    options = [Option(label=called(turn, one), product_id=one.sim_id) for one in waiting]
    if len({option.label for option in options}) < len(options):
        offer_person(turn, "utter_sim_person", category=CATEGORY)
    elif len(options) > 1:
        offer(turn, "utter_sim_which", options, then="action_sim_terms")
    elif options:
        take(turn, Selection(then="action_sim_terms", options=tuple(options)), options[0])
    elif not any(one.state == "activating" for one in sims):
        offer_person(turn, "utter_sim_none_waiting", category=CATEGORY)


async def _terms(turn: Turn, customer_id: str) -> None:
    sim = await _chosen(turn, customer_id)
    if sim is None:
        offer_person(turn, "utter_sim_person", category=CATEGORY)
        return
    card = sim.iccid[-CARD_DIGITS:]
    confirm(
        turn,
        "action_sim_agreed",
        "utter_sim_confirm",
        name=sim.name,
        ending=tail(turn, sim.number),
        card=" ".join(card) if turn.medium == "ear" else card,
    )


async def _activate(turn: Turn, customer_id: str) -> None:
    """Looked up anew: another colleague may have switched it on meanwhile. Saying it twice changes nothing."""
    sim = await _chosen(turn, customer_id)
    if sim is None:
        offer_person(turn, "utter_sim_person", category=CATEGORY)
        return
    try:
        switched = await turn.tools.subscriber.sims.activate(customer_id, sim.sim_id)
    except SimRefused:
        offer_person(turn, "utter_sim_refused", category=CATEGORY)
        return
    except SubscriberUnavailable:
        offer_person(turn, "utter_sim_unsure", category=CATEGORY)
        return
    turn.forget(Selection)
    response = "utter_sim_active" if switched.state == "active" else "utter_sim_activating"
    turn.say(response, name=switched.name, ending=tail(turn, switched.number))


async def _chosen(turn: Turn, customer_id: str) -> Sim | None:
    chosen = turn.recall(Selection).chosen
    sims = await turn.tools.subscriber.sims.of_customer(customer_id)
    return next((one for one in sims if chosen and one.sim_id == chosen.product_id and one.state == "waiting"), None)
