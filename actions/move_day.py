"""From which day, and what to do where nothing can be had: a person with address and day, or the contract's end."""

from datetime import timedelta

from actions.day_said import day_said, is_soonest
from actions.handover import hand_over
from actions.memory import Moving, Question, Wish
from actions.move_talk import CATEGORY, add_to_problem, ask_again, go_on, named, no_answer, together
from actions.selection import NOT_NOW
from actions.turn import Turn

OTHER_DAYS = (timedelta(days=7), timedelta(days=14))  # offered beside the earliest


def ask_day(turn: Turn, moving: Moving) -> None:
    address = moving.house.label if moving.house else ""
    turn.go("moving")
    if moving.earliest is None:
        turn.say("utter_move_none_when", name=together(moving.missing), address=address)
        return
    days = [named(turn, one) for one in moving.days]
    turn.say("utter_move_when", address=address, day=named(turn, moving.earliest), choices=days)


def day_reply(turn: Turn, moving: Moving) -> None:
    """The operator's earliest for "as soon as possible"; one that is sooner or too far away is asked for again."""
    today = turn.tools.now().astimezone(turn.tools.timezone).date()
    picked = next((one for one in moving.days if named(turn, one) == turn.picked), None)
    said = picked or (moving.earliest if is_soonest(turn) else day_said(turn, today))
    first, last = (
        moving.earliest or today,
        today + timedelta(days=turn.tools.subscriber.ordering_policy.move_days_ahead),
    )
    if said is None and moving.earliest is None and turn.intent in NOT_NOW:
        offer_instead(turn, moving)
    elif said is None:
        no_answer(turn, moving, ask_day)
    elif said > last:
        ask_again(turn, moving, "utter_move_too_far", ask_day, day=named(turn, last))
    elif said < first:
        ask_again(turn, moving, "utter_move_too_soon", ask_day, day=named(turn, first))
    else:
        add_to_problem(turn, turn.phrase("phrase_move_day").format(day=named(turn, said)))
        moving = moving.model_copy(update={"day": said, "key": turn.turn_id, "misses": 0})
        turn.remember(moving)
        if moving.earliest is None:
            offer_instead(turn, moving)
        else:
            go_on(turn, "action_move_terms")


def offer_instead(turn: Turn, moving: Moving) -> None:
    """Who asks for a person in other words than these is passed on with the same."""
    question = {"problem": turn.recall(Wish).question, "category": CATEGORY}
    turn.remember(moving.model_copy(update={"asking": "instead"}), turn.recall(Question).model_copy(update=question))
    turn.go("moving")
    turn.say("utter_move_instead")


def instead_reply(turn: Turn, moving: Moving) -> None:
    wish = turn.recall(Wish)
    if turn.intent in {"affirm", "ready"}:
        turn.forget(Moving, Wish)
        turn.remember(turn.recall(Question).model_copy(update={"problem": wish.question or turn.text}))
        hand_over(turn, "article", category=CATEGORY)
    elif turn.intent == "end_contract":
        turn.forget(Moving)
        turn.remember(wish.model_copy(update={"action": "action_cancel_service", "confirm": ""}))
        turn.go(None)
        turn.then("action_cancel_service")
    else:
        no_answer(turn, moving, offer_instead)
