"""Verification: the dialogue around facts and codes, which the front door has checked and the assistant never sees."""

import secrets

from actions.memory import Guide, Known, Proof, Question, Wish
from actions.turn import Turn
from outbound.client import OutboundUnavailable
from subscriber.client import Customer, Level, NoCode, Standing, SubscriberUnavailable, reaches

TRIES = 3
GIVE_UP = {"dont_know", "none_of_these", "deny", "cannot"}
GOES_ON = {
    "flow": "action_flow_check",
    "status": "action_ticket_status_verified",
    "account": "action_account_verified",
}
CAME_FROM = {"flow": "action_flow_resume", "account": "action_account_offer"}
WITHOUT = {"flow": "action_flow_unchecked", "account": "action_account_general"}
ASKED = {
    "account": "utter_ask_account",
    "fact": "utter_ask_second_fact",
    "code": "utter_ask_code",
    "which": "utter_ask_how",
}
NO_CODE: dict[NoCode, str] = {"no_number": "utter_code_no_number", "too_many": "utter_code_too_many"}


async def action_verify(turn: Turn) -> None:
    """Ask for what is missing to the level that is needed, or go straight on when nothing is."""
    proof, known = turn.recall(Proof), turn.recall(Known)
    turn.go("verify")
    if known.customer_id and reaches(known.level, proof.level):
        turn.then(GOES_ON[proof.purpose])
    elif proof.asking != "account":
        _ask(turn, proof, proof.asking)
    else:
        await _begin(turn, proof)


async def _begin(turn: Turn, proof: Proof) -> None:
    """Who is verified already proves the one more thing; who is known by number need not name an account."""
    try:
        standing = await recognised(turn)
    except SubscriberUnavailable:
        _unavailable(turn, proof)
        return
    if reaches(standing.level, "verified") and not standing.by_code:
        await _send_code(turn, proof)
    elif standing.level == "known":
        _ask(turn, proof, "which")
    else:
        _ask(turn, proof, "account")


async def recognised(turn: Turn) -> Standing:
    """Who it is so far, a caller by the number; raises SubscriberUnavailable."""
    standing = await turn.tools.identity.standing(turn.contact_id)
    if standing.level != "none" or turn.caller is None:
        return standing
    await turn.tools.identity.recognise(turn.contact_id, turn.caller)
    return await turn.tools.identity.standing(turn.contact_id)


async def action_verify_reply(turn: Turn) -> None:
    """What the front door found out, or words in place of a fact."""
    proof = _proof(turn)
    if turn.given is not None:
        await _given(turn, proof, turn.given)
    elif turn.intent in {"why", "how"}:
        if turn.intent == "why":
            turn.say("utter_why_verify")
        _ask(turn, proof, proof.asking)
    elif turn.intent == "go_back":
        await _back(turn, proof)
    elif turn.intent == "text_code":
        await _send_code(turn, proof)
    elif turn.intent == "use_account":
        await _from_account(turn, proof)
    elif turn.intent in GIVE_UP:
        await _give_up(turn, proof)
    elif turn.asks_something_else:
        turn.forget(Proof)
        turn.go(None)
        turn.then("action_question")
    else:
        await _failed(turn, proof, "utter_account_not_understood")


def _proof(turn: Turn) -> Proof:
    """An account number may come at an offer to look something up, before anything was asked for."""
    if turn.stage == "verify":
        return turn.recall(Proof)
    if turn.stage == "flow":
        turn.remember(turn.recall(Guide).model_copy(update={"awaiting_check": False}))
        return Proof(purpose="flow", level=needed(turn, GOES_ON["flow"]))
    if turn.stage == "status":
        return Proof(purpose="status", level=needed(turn, GOES_ON["status"]))
    return Proof(purpose="account", level=needed(turn, turn.recall(Wish).action))


def needed(turn: Turn, action: str) -> Level:
    return turn.tools.identity.needed(action) if action else "verified"


async def _given(turn: Turn, proof: Proof, outcome: str) -> None:
    turn.go("verify")
    match outcome:
        case "half":
            _ask(turn, proof, "fact")
        case "verified" | "strong":
            await _proved(turn, proof)
        case "unavailable":
            _unavailable(turn, proof)
        case "locked":
            turn.say("utter_verification_locked", minutes=str(turn.tools.identity.lock_minutes))
            _offer_person(turn, "utter_offer_person")
        case "over":
            turn.remember(proof.model_copy(update={"asking": "code"}))
            turn.say("utter_code_over", expects="secret")
        case "wrong_code":
            turn.say("utter_code_wrong")
            _ask(turn, proof, "code")
        case "unread":
            await _failed(turn, proof, "utter_account_not_understood")
        case _:
            await _failed(turn, proof, "utter_facts_do_not_match")


async def _proved(turn: Turn, proof: Proof) -> None:
    try:
        standing = await turn.tools.identity.standing(turn.contact_id)
    except SubscriberUnavailable:
        standing = Standing()
    if standing.customer is None:
        _unavailable(turn, proof)
        return
    turn.remember(
        known(turn, standing.customer, standing.level), proof.model_copy(update={"asking": "account", "tries": 0})
    )
    turn.say("utter_verified")
    turn.then("action_verify")


def _ask(turn: Turn, proof: Proof, asking: str) -> None:
    turn.remember(proof.model_copy(update={"asking": asking}))
    turn.say(ASKED[asking], expects="offer" if asking == "which" else "secret")


async def _send_code(turn: Turn, proof: Proof) -> None:
    """To the number on the operator's file, whatever number anybody names."""
    try:
        found = await turn.tools.identity.new_code(turn.contact_id)
    except SubscriberUnavailable:
        _unavailable(turn, proof)
        return
    if isinstance(found, str):
        await _no_code(turn, proof, NO_CODE[found])
        return
    minutes = str(found.minutes)
    if found.code:
        text = turn.phrase("phrase_code_text").format(code=found.code, operator=turn.tools.operator, minutes=minutes)
        key = f"code-{turn.contact_id}-{secrets.token_hex(8)}"
        try:
            await turn.tools.messages.send(to=found.number, text=text, key=key, kind="code")
        except OutboundUnavailable:
            await _no_code(turn, proof, "utter_code_unsent")
            return
    turn.remember(proof.model_copy(update={"asking": "code"}))
    turn.say("utter_code_sent", minutes=minutes, expects="secret")


async def _no_code(turn: Turn, proof: Proof, response: str) -> None:
    turn.say(response)
    if proof.level == "strong":
        _offer_person(turn, "utter_code_person")
    else:
        await _from_account(turn, proof)


async def _from_account(turn: Turn, proof: Proof) -> None:
    await turn.tools.identity.start_again(turn.contact_id)
    _ask(turn, proof, "account")


async def _back(turn: Turn, proof: Proof) -> None:
    """To the account number, and from there to what the facts were wanted for."""
    if proof.asking == "fact":
        await _from_account(turn, proof)
        return
    turn.forget(Proof)
    if proof.purpose == "flow":
        turn.remember(turn.recall(Guide).model_copy(update={"awaiting_check": True}))
    turn.then(CAME_FROM.get(proof.purpose, "action_anything_else"))


async def _give_up(turn: Turn, proof: Proof) -> None:
    """No code: the facts do, but not for a change. No facts: on without."""
    if proof.asking == "code" and proof.level == "strong":
        _offer_person(turn, "utter_code_person")
    elif proof.asking == "code":
        await _from_account(turn, proof)
    else:
        turn.say("utter_without_verification")
        turn.then(_without(proof))


async def _failed(turn: Turn, proof: Proof, response: str) -> None:
    """Again from the beginning; after three failures a person is offered."""
    tries = proof.tries + 1
    if tries >= TRIES:
        _offer_person(turn, "utter_verification_failed")
        return
    turn.say(response)
    proof = proof.model_copy(update={"tries": tries})
    if proof.asking == "code":
        _ask(turn, proof, "code")
    else:
        await _from_account(turn, proof)


def _offer_person(turn: Turn, response: str) -> None:
    turn.forget(Proof)
    turn.remember(turn.recall(Question).model_copy(update={"awaiting": "person"}))
    turn.go("choosing")
    turn.say(response)


def _unavailable(turn: Turn, proof: Proof) -> None:
    turn.say("utter_verification_unavailable")
    turn.then(_without(proof))


def _without(proof: Proof) -> str:
    return WITHOUT.get(proof.purpose, "action_anything_else")


def known(turn: Turn, customer: Customer, level: Level) -> Known:
    return Known(
        customer_id=customer.customer_id,
        level=level,
        segment=customer.segment,
        phone=customer.phone,
        district=turn.tools.subscriber.district(customer.postcode),
        barred=customer.barred,
        vulnerable=customer.vulnerable,
    )
