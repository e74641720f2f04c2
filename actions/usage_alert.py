"""Text messages about usage: at which share of an allowance one is sent, changed and stopped."""

from collections.abc import Iterable

from actions.account import confirm, tell
from actions.memory import Option, Selection, Wish
from actions.selection import offer, offer_person
from actions.turn import Turn, plain
from subscriber.client import SubscriberUnavailable, has_limits

CATEGORY = "usage-cap"


async def action_usage_alert_state(turn: Turn) -> None:
    await tell(turn, "action_usage_alert_state", _state)


async def action_usage_alert_set(turn: Turn) -> None:
    await tell(turn, "action_usage_alert_set", _set)


async def action_usage_alert_off(turn: Turn) -> None:
    await tell(turn, "action_usage_alert_off", _off)


async def action_usage_alert_chosen(turn: Turn) -> None:
    """The customer chose one, or said yes to the one they had named."""
    await tell(turn, "action_usage_alert_chosen", _chosen)


async def _state(turn: Turn, customer_id: str) -> None:
    shares = await turn.tools.subscriber.usage_alerts.of_customer(customer_id)
    _say(turn, "utter_usage_alert_at", "utter_usage_alert_none", shares)


async def _set(turn: Turn, customer_id: str) -> None:
    """What the words name is asked about; otherwise the customer chooses."""
    if not has_limits(await turn.tools.subscriber.accounts.allowances(customer_id)):
        turn.say("utter_usage_alert_no_limits")
        return
    present = await turn.tools.subscriber.usage_alerts.of_customer(customer_id)
    possible = turn.tools.subscriber.ordering_policy.alert_shares_pct
    said = set(plain(turn.recall(Wish).question).split())
    named = [share for share in possible if str(share) in said]
    if named:
        _ask(turn, "utter_usage_alert_confirm", named)
        return
    _say(turn, "utter_usage_alert_at", "utter_usage_alert_none", present)
    everything = "phrase_usage_alert_both" if len(possible) == 2 else "phrase_usage_alert_all"
    options = [_option(_at(turn, [share]), [share]) for share in possible]
    if len(possible) > 1:
        options.append(_option(turn.phrase(everything), possible))
    options.append(_option(turn.phrase("phrase_usage_alert_never"), []))
    offer(turn, "utter_usage_alert_choose", options, then="action_usage_alert_chosen")


async def _off(turn: Turn, customer_id: str) -> None:
    if not await turn.tools.subscriber.usage_alerts.of_customer(customer_id):
        turn.say("utter_usage_alert_none")
        return
    _ask(turn, "utter_usage_alert_confirm_off", [])


async def _chosen(turn: Turn, customer_id: str) -> None:
    chosen = turn.recall(Selection).chosen
    if chosen is None:
        await _set(turn, customer_id)
        return
    shares = [int(share) for share in chosen.offering_id.split()]
    try:
        await turn.tools.subscriber.usage_alerts.set(customer_id, shares)
    except SubscriberUnavailable:
        offer_person(turn, "utter_usage_alert_unsure", category=CATEGORY)
        return
    turn.forget(Selection)
    _say(turn, "utter_usage_alert_set", "utter_usage_alert_stopped", shares)


def _ask(turn: Turn, response: str, shares: Iterable[int]) -> None:
    option = _option(_at(turn, shares), shares)
    turn.remember(Selection(then="action_usage_alert_chosen", options=(option,), chosen=option, key=turn.turn_id))
    confirm(turn, "action_usage_alert_chosen", response, at=option.label)


def _say(turn: Turn, some: str, none: str, shares: Iterable[int]) -> None:
    if at := _at(turn, shares):
        turn.say(some, at=at)
    else:
        turn.say(none)


def _at(turn: Turn, shares: Iterable[int]) -> str:
    """ "80 % and 100 %"; "" for none."""
    return turn.phrase("phrase_usage_alert_and").join(
        turn.phrase("phrase_usage_alert_share").format(share=share) for share in shares
    )


def _option(label: str, shares: Iterable[int]) -> Option:
    return Option(label=label, product_id="", offering_id=" ".join(map(str, shares)))
