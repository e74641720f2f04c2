"""Choosing one of the operator's offers: by its words, its number, or what only it is called."""

from collections.abc import Sequence
from typing import Any

from actions.account import done
from actions.memory import Option, Question, Selection, Wish
from actions.turn import Turn, plain

TRIES = 3
TELLING = 4  # letters of a word that is more than "a" or "of"
NOT_NOW = {"deny", "none_of_these", "dont_know", "cannot", "go_back"}


def offer(turn: Turn, response: str, options: Sequence[Option], *, then: str) -> None:
    """`then` is the action that goes on with the one that is chosen."""
    turn.remember(Selection(asked=response, then=then, options=tuple(options)))
    turn.go("selection")
    turn.say(response, choices=[one.label for one in options])


def take(turn: Turn, selection: Selection, option: Option) -> None:
    turn.remember(selection.model_copy(update={"chosen": option, "key": turn.turn_id}))
    turn.remember(turn.recall(Wish).model_copy(update={"confirm": selection.then}))
    turn.go("account")
    turn.then(selection.then)


async def action_selection_reply(turn: Turn) -> None:
    selection = turn.recall(Selection)
    chosen = _chosen(turn, selection.options)
    if not selection.options:
        turn.go(None)
        turn.then("action_question")
    elif chosen is not None:
        take(turn, selection, chosen)
    elif turn.intent in NOT_NOW:
        turn.forget(Selection)
        turn.go(None)
        turn.say("utter_nothing_changed")
        done(turn)
    elif turn.asks_something_else:
        turn.forget(Selection, Wish)
        turn.go(None)
        turn.then("action_question")
    else:
        _again(turn, selection)


def offer_person(turn: Turn, response: str, *, category: str, **values: Any) -> None:
    """Say why it cannot be done here, and ask whether a person shall look at it."""
    wish = turn.recall(Wish)
    turn.forget(Selection, Wish)
    asked = {"awaiting": "person", "category": category, "problem": wish.question or turn.text}
    turn.remember(turn.recall(Question).model_copy(update=asked))
    turn.go("choosing")
    turn.say(response, **values)


def names_one(turn: Turn) -> bool:
    """Whether the words name one of what is on offer: "the cinema ticket" asks for no ticket of ours."""
    if turn.stage != "selection":
        return False
    chosen, said = _chosen(turn, turn.recall(Selection).options), plain(turn.text).split()
    return chosen is not None and any(len(word) >= TELLING and word in plain(chosen.label).split() for word in said)


def _chosen(turn: Turn, options: Sequence[Option]) -> Option | None:
    """The one that was picked, agreed to as the only one, or called by words that no other one has as many of."""
    exact = [one for one in options if one.label == turn.picked]
    if exact or (len(options) == 1 and turn.intent in {"affirm", "ready"}):
        return (exact or list(options))[0]
    if turn.picked is not None:
        return None
    names = [set(plain(one.label).split()) for one in options]
    shared = set.intersection(*names) if names else set()
    said = set(plain(turn.text).split())
    hits = [len((name - shared) & said) for name in names]
    best = max(hits, default=0)
    return options[hits.index(best)] if best and hits.count(best) == 1 else None


def _again(turn: Turn, selection: Selection) -> None:
    selection = selection.model_copy(update={"misses": selection.misses + 1})
    if selection.misses >= TRIES:
        offer_person(turn, "utter_offer_person", category=turn.recall(Question).category)
        return
    turn.remember(selection)
    turn.say("utter_not_understood")
    turn.say(selection.asked, choices=[one.label for one in selection.options])
