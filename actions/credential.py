"""A new password or account PIN: made and sent by the operator's system after a yes; it never passes through here."""

from datetime import timedelta

from actions.account import confirm, tell
from actions.handover import hand_over
from actions.memory import Found, Question, Wish
from actions.selection import offer_person
from actions.turn import Turn
from escalation.client import Check
from subscriber.client import Credential, Delivery, NotSent, Sent, SubscriberUnavailable

CATEGORY = "account-access"
# What only people can put right, who hear of it without being asked for.
FOR_PEOPLE: frozenset[NotSent] = frozenset({"contact_changed", "no_contact", "locked"})
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def action_password_reset(turn: Turn) -> None:
    await tell(turn, "action_password_reset", _ask_password)


async def action_password_agreed(turn: Turn) -> None:
    await tell(turn, "action_password_agreed", _renew_password)


async def action_pin_reset(turn: Turn) -> None:
    await tell(turn, "action_pin_reset", _ask_pin)


async def action_pin_agreed(turn: Turn) -> None:
    await tell(turn, "action_pin_agreed", _renew_pin)


async def _ask_password(turn: Turn, customer_id: str) -> None:
    await _ask(turn, customer_id, "password", "action_password_agreed")


async def _ask_pin(turn: Turn, customer_id: str) -> None:
    await _ask(turn, customer_id, "pin", "action_pin_agreed")


async def _renew_password(turn: Turn, customer_id: str) -> None:
    await _renew(turn, customer_id, "password")


async def _renew_pin(turn: Turn, customer_id: str) -> None:
    await _renew(turn, customer_id, "pin")


async def _ask(turn: Turn, customer_id: str, credential: Credential, agreed: str) -> None:
    """Where it would go is told before the yes: who no longer reads that address says no."""
    found = await turn.tools.subscriber.credentials.possible(customer_id, credential)
    if isinstance(found, Delivery):
        confirm(turn, agreed, f"utter_credential_confirm_{found.form}", where=_where(turn, found))
    else:
        _refused(turn, found, credential)


async def _renew(turn: Turn, customer_id: str, credential: Credential) -> None:
    """Once for the turn of the yes, however often that turn comes."""
    key = f"{credential}-{turn.contact_id}-{turn.turn_id}"
    try:
        sent = await turn.tools.subscriber.credentials.renew(customer_id, credential, key=key)
    except SubscriberUnavailable:
        _ask_a_person(turn, "utter_credential_unsure", credential, "no clear answer")
        return
    if isinstance(sent, Sent):
        _say_sent(turn, sent)
    else:
        _refused(turn, sent, credential)


def _refused(turn: Turn, why: NotSent, credential: Credential) -> None:
    if why in FOR_PEOPLE:
        _ask_a_person(turn, f"utter_credential_{why}", credential, f"refused: {why}")
    else:
        offer_person(turn, f"utter_credential_{why}", category=CATEGORY)


def _say_sent(turn: Turn, sent: Sent) -> None:
    turn.say(f"utter_credential_sent_{sent.delivery.form}", where=_where(turn, sent.delivery))
    if sent.lasts is not None:
        turn.say("utter_credential_lasts", time=_lasting(turn, sent.lasts))


def _where(turn: Turn, delivery: Delivery) -> str:
    """ "by text message to your number ending in 101": enough to know it by, and no more."""
    to = " ".join(delivery.to) if turn.medium == "ear" and delivery.channel == "sms" else delivery.to
    first, _, domain = delivery.to.partition("…@")
    return turn.phrase(f"phrase_credential_{delivery.channel}").format(to=to, first=first, domain=domain)


def _lasting(turn: Turn, lasts: timedelta) -> str:
    """In the largest unit that is whole twice or more, rounded down: nobody comes too late by it."""
    for unit, name in ((DAY, "days"), (HOUR, "hours")):
        if lasts >= 2 * unit:
            return turn.phrase(f"phrase_credential_{name}").format(count=lasts // unit)
    return turn.phrase("phrase_credential_minutes").format(count=max(1, lasts // timedelta(minutes=1)))


def _ask_a_person(turn: Turn, response: str, credential: Credential, why: str) -> None:
    wish, found = turn.recall(Wish), turn.recall(Found)
    check = Check(name=f"{credential}_reset", result=why, at=turn.tools.now())
    turn.forget(Wish)
    turn.remember(
        turn.recall(Question).model_copy(update={"problem": wish.question or turn.text}),
        found.model_copy(update={"checks": (*found.checks, check)}),
    )
    turn.say(response)
    hand_over(turn, "article", category=CATEGORY)
