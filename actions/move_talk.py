"""What every question of a move shares: going on, asking again, giving up, and what people are told of it."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

from actions.account import done
from actions.amount import day
from actions.memory import Moving, Wish
from actions.selection import NOT_NOW, TRIES, offer_person
from actions.turn import Turn

CATEGORY = "move"

Ask = Callable[[Turn, Moving], None]  # asks a question of the move, once more


def go_on(turn: Turn, action: str) -> None:
    turn.remember(turn.recall(Wish).model_copy(update={"confirm": action}))
    turn.go("account")
    turn.then(action)


def no_answer(turn: Turn, moving: Moving, ask: Ask) -> None:
    """Enough of it, another subject, or words that were not understood. A number in them is one of a house or a day."""
    if turn.intent in NOT_NOW:
        turn.forget(Moving)
        turn.go(None)
        turn.say("utter_nothing_changed")
        done(turn)
    elif turn.asks_something_else and not any(char.isdigit() for char in turn.text):
        turn.forget(Moving, Wish)
        turn.go(None)
        turn.then("action_question")
    else:
        ask_again(turn, moving, "utter_not_understood", ask)


def ask_again(turn: Turn, moving: Moving, why: str, ask: Ask, **values: Any) -> None:
    moving = moving.model_copy(update={"misses": moving.misses + 1})
    if moving.misses >= TRIES:
        turn.forget(Moving)
        offer_person(turn, "utter_offer_person", category=CATEGORY)
        return
    turn.remember(moving)
    turn.say(why, **values)
    ask(turn, moving)


def add_to_problem(turn: Turn, words: str) -> None:
    """So that whoever takes over knows it, however it goes on."""
    wish = turn.recall(Wish)
    turn.remember(wish.model_copy(update={"question": f"{wish.question.rstrip('.')}. {words}"}))


def named(turn: Turn, on: date) -> str:
    return day(turn, datetime.combine(on, time(12), turn.tools.timezone))


def together(names: Iterable[str]) -> str:
    return ", ".join(names)
