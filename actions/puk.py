"""The PUK of a locked SIM: sent past the conversation, to another address of the customer's that the operator holds."""

from actions.account import tell
from actions.handover import hand_over
from actions.memory import Option, Question, Selection, Wish
from actions.selection import offer
from actions.turn import Turn
from actions.when import tail
from outbound.client import OutboundUnavailable
from subscriber.client import Sim


async def action_puk(turn: Turn) -> None:
    await tell(turn, "action_puk", _puk)


async def action_puk_of(turn: Turn) -> None:
    """The customer said of which SIM."""
    await tell(turn, "action_puk_of", _chosen)


async def _puk(turn: Turn, customer_id: str) -> None:
    sims = [one for one in await turn.tools.subscriber.sims.of_customer(customer_id) if one.state == "active"]
    if not sims:
        turn.say("utter_no_sim")
        turn.then("action_account_general")
    elif len(sims) == 1:
        await _send(turn, customer_id, sims[0])
    else:
        options = [Option(label=called(turn, one), product_id=one.sim_id) for one in sims]
        offer(turn, "utter_puk_which", options, then="action_puk_of")


async def _chosen(turn: Turn, customer_id: str) -> None:
    chosen = turn.recall(Selection).chosen
    sims = await turn.tools.subscriber.sims.of_customer(customer_id)
    sim = next((one for one in sims if chosen and one.sim_id == chosen.product_id), None)
    if sim is None:
        await _puk(turn, customer_id)
    else:
        await _send(turn, customer_id, sim)


async def _send(turn: Turn, customer_id: str, sim: Sim) -> None:
    """The code passes through here and is neither said nor remembered."""
    to = await turn.tools.subscriber.reached_besides(customer_id, sim.number)
    puk = await turn.tools.subscriber.sims.puk(customer_id, sim.sim_id) if to else None
    if to is None or puk is None:
        _ask_a_person(turn, "utter_puk_person")
        return
    text = turn.phrase("phrase_puk_text").format(operator=turn.tools.operator, ending=sim.number[-3:], puk=puk.digits)
    try:
        await turn.tools.messages.send(to=to, text=text, key=f"puk-{turn.contact_id}-{turn.turn_id}", kind="code")
    except OutboundUnavailable:
        _ask_a_person(turn, "utter_puk_unsent")
        return
    sim_ending = tail(turn, sim.number)
    if "@" in to:
        turn.say("utter_puk_mailed", ending=sim_ending)
    else:
        turn.say("utter_puk_texted", ending=sim_ending, to=tail(turn, to))
    turn.say("utter_puk_how")


def called(turn: Turn, sim: Sim) -> str:
    """What names a SIM to its owner."""
    return turn.phrase("phrase_sim").format(name=sim.name, ending=tail(turn, sim.number))


def _ask_a_person(turn: Turn, response: str) -> None:
    wish = turn.recall(Wish)
    turn.forget(Wish)
    turn.remember(turn.recall(Question).model_copy(update={"problem": wish.question or turn.text}))
    turn.say(response)
    hand_over(turn, "article", category="sim")
