"""Loyalty points: how many, which end next, and one reward taken for them after a yes."""

from actions.account import confirm, tell
from actions.amount import day
from actions.memory import Option, Selection
from actions.selection import offer, offer_person
from actions.turn import Turn
from subscriber.client import Points, Reward, RewardRefused, SubscriberUnavailable, affordable

CATEGORY = "loyalty"


async def action_loyalty_points(turn: Turn) -> None:
    await tell(turn, "action_loyalty_points", _points)


async def action_loyalty_redeem(turn: Turn) -> None:
    await tell(turn, "action_loyalty_redeem", _offer)


async def action_loyalty_terms(turn: Turn) -> None:
    """A reward was chosen: what it takes, before a yes."""
    await tell(turn, "action_loyalty_terms", _terms)


async def action_loyalty_agreed(turn: Turn) -> None:
    await tell(turn, "action_loyalty_agreed", _redeem)


async def _points(turn: Turn, customer_id: str) -> None:
    points = await turn.tools.subscriber.loyalty.points(customer_id)
    if points is None:
        turn.say("utter_loyalty_none")
        return
    turn.say("utter_loyalty_points", points=_number(turn, points.balance))
    if points.lots:
        first = points.lots[0]
        turn.say("utter_loyalty_ends", points=_number(turn, first.points), day=day(turn, first.ends_at))


async def _offer(turn: Turn, customer_id: str) -> None:
    loyalty = turn.tools.subscriber.loyalty
    points, rewards = await loyalty.points(customer_id), await loyalty.rewards()
    if points is None:
        turn.say("utter_loyalty_none")
    elif found := affordable(rewards, points.balance):
        turn.say("utter_loyalty_points", points=_number(turn, points.balance))
        options = [
            Option(label=_priced(turn, one), product_id=points.account_id, offering_id=one.reward_id) for one in found
        ]
        offer(turn, "utter_loyalty_choose", options, then="action_loyalty_terms")
    elif rewards:
        cheapest = min(one.points for one in rewards)
        turn.say("utter_loyalty_too_few", points=_number(turn, points.balance), least=_number(turn, cheapest))
    else:
        turn.say("utter_loyalty_points", points=_number(turn, points.balance))
        turn.say("utter_loyalty_no_rewards")


async def _terms(turn: Turn, customer_id: str) -> None:
    found = await _chosen(turn, customer_id)
    if found is None:
        offer_person(turn, "utter_loyalty_gone", category=CATEGORY)
        return
    points, reward = found
    confirm(
        turn,
        "action_loyalty_agreed",
        "utter_loyalty_confirm",
        name=reward.name,
        points=_number(turn, reward.points),
        left=_number(turn, points.balance - reward.points),
    )
    turn.remember(turn.recall(Selection).model_copy(update={"terms": str(reward.points)}))


async def _redeem(turn: Turn, customer_id: str) -> None:
    """Looked up anew; one that costs something else by now is told again before it is taken."""
    found = await _chosen(turn, customer_id)
    if found is None:
        offer_person(turn, "utter_loyalty_gone", category=CATEGORY)
        return
    selection, (points, reward) = turn.recall(Selection), found
    if selection.terms != str(reward.points):
        turn.say("utter_order_other_terms")
        await _terms(turn, customer_id)
        return
    key = f"{turn.contact_id}-{selection.key}"
    try:
        await turn.tools.subscriber.loyalty.redeem(customer_id, points.account_id, reward, key=key)
    except RewardRefused:
        offer_person(turn, "utter_loyalty_gone", category=CATEGORY)
        return
    except SubscriberUnavailable:
        offer_person(turn, "utter_loyalty_unsure", category=CATEGORY)
        return
    turn.forget(Selection)
    turn.say("utter_loyalty_redeemed", name=reward.name)
    await _say_left(turn, customer_id)


async def _say_left(turn: Turn, customer_id: str) -> None:
    """It is redeemed whether or not the balance can be read now."""
    try:
        points = await turn.tools.subscriber.loyalty.points(customer_id)
    except SubscriberUnavailable:
        return
    if points is not None:
        turn.say("utter_loyalty_points", points=_number(turn, points.balance))


async def _chosen(turn: Turn, customer_id: str) -> tuple[Points, Reward] | None:
    """The reward as it is now, while the points are enough for it."""
    chosen, loyalty = turn.recall(Selection).chosen, turn.tools.subscriber.loyalty
    points, rewards = await loyalty.points(customer_id), await loyalty.rewards()
    reward = next((one for one in rewards if chosen and one.reward_id == chosen.offering_id), None)
    if points is None or reward is None or reward.points > points.balance:
        return None
    return points, reward


def _priced(turn: Turn, reward: Reward) -> str:
    return turn.phrase("phrase_loyalty_reward").format(name=reward.name, points=_number(turn, reward.points))


def _number(turn: Turn, number: int) -> str:
    return str(number) if turn.medium == "ear" else f"{number:,}"
