"""Verification: two facts that match one account, before anything of a customer is used or shown."""

from actions.facts import account_in
from actions.memory import Guide, Known, Proof, Question
from actions.turn import Turn
from subscriber.client import Customer, SubscriberUnavailable

TRIES = 3
GIVE_UP = {"dont_know", "none_of_these", "deny", "cannot"}
GOES_ON = {
    "flow": "action_flow_check",
    "status": "action_ticket_status_verified",
    "account": "action_account_verified",
}
CAME_FROM = {"flow": "action_flow_resume", "account": "action_account_offer"}
WITHOUT = {"flow": "action_flow_unchecked", "account": "action_account_general"}


async def action_verify(turn: Turn) -> None:
    """Ask for the account number, or go straight on when the customer is verified already."""
    proof = turn.recall(Proof)
    turn.go("verify")
    if turn.recall(Known).customer_id:
        turn.then(GOES_ON[proof.purpose])
    elif proof.account is None:
        turn.say("utter_ask_account", expects="fact")
    else:
        turn.say("utter_ask_second_fact", expects="fact")


async def action_verify_reply(turn: Turn) -> None:
    proof = turn.recall(Proof)
    number, rest = account_in(turn)
    is_words = not any(char.isdigit() for char in turn.text)
    if is_words and turn.intent in {"why", "how"}:
        if turn.intent == "why":
            turn.say("utter_why_verify")
        turn.then("action_verify")
    elif is_words and turn.intent == "go_back":
        _back(turn, proof)
    elif number is None and turn.intent in GIVE_UP:
        turn.say("utter_without_verification")
        turn.then(_without(proof))
    elif number is None and turn.asks_something_else and "".join(turn.text.split()).isalpha():
        turn.forget(Proof)
        turn.go(None)
        turn.then("action_question")
    elif proof.account is not None:
        await _check(turn, proof, turn.text)
    elif number is None:
        await _failed(turn, proof, "utter_account_not_understood")
    elif rest and any(char.isdigit() for char in rest):
        await _check(turn, proof.model_copy(update={"account": number}), rest)
    else:
        turn.remember(proof.model_copy(update={"account": number}))
        turn.say("utter_ask_second_fact", expects="fact")


def _back(turn: Turn, proof: Proof) -> None:
    """To the account number, and from there to what the facts were wanted for."""
    if proof.account is not None:
        turn.remember(proof.model_copy(update={"account": None}))
        turn.then("action_verify")
        return
    turn.forget(Proof)
    if proof.purpose == "flow":
        turn.remember(turn.recall(Guide).model_copy(update={"awaiting_check": True}))
    turn.then(CAME_FROM.get(proof.purpose, "action_anything_else"))


async def _check(turn: Turn, proof: Proof, second_fact: str) -> None:
    try:
        customer = await turn.tools.subscriber.verify(proof.account or "", second_fact)
    except SubscriberUnavailable:
        turn.say("utter_verification_unavailable")
        turn.then(_without(proof))
        return
    if customer is None:
        await _failed(turn, proof, "utter_facts_do_not_match")
        return
    turn.remember(known(turn, customer))
    turn.say("utter_verified")
    turn.then(GOES_ON[proof.purpose])


async def _failed(turn: Turn, proof: Proof, response: str) -> None:
    """Both facts again; after three failures a person is offered."""
    tries = proof.tries + 1
    if tries < TRIES:
        turn.remember(Proof(purpose=proof.purpose, tries=tries))
        turn.say(response)
        turn.say("utter_ask_account", expects="fact")
        return
    turn.forget(Proof)
    turn.remember(turn.recall(Question).model_copy(update={"awaiting": "person"}))
    turn.go("choosing")
    turn.say("utter_verification_failed")


def _without(proof: Proof) -> str:
    return WITHOUT.get(proof.purpose, "action_anything_else")


def known(turn: Turn, customer: Customer) -> Known:
    return Known(
        customer_id=customer.customer_id,
        segment=customer.segment,
        phone=customer.phone,
        district=turn.tools.subscriber.district(customer.postcode),
        barred=customer.barred,
        vulnerable=customer.vulnerable,
    )
