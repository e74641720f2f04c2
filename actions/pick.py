"""One of a few things, chosen by its words, its number, or what only it is called."""

from collections.abc import Mapping, Sequence

from actions.account import done
from actions.memory import Option, Pick, Question, Wish
from actions.turn import Turn, plain

TRIES = 3
NOT_NOW = {"deny", "none_of_these", "dont_know", "cannot", "go_back"}


def ask_which(
    turn: Turn, action: str, response: str, options: Sequence[Option], values: Mapping[str, str] | None = None
) -> None:
    """Ask with `response`, which `values` fill; `action` goes on with what was chosen."""
    turn.remember(
        Pick(action=action, response=response, options=tuple(options), values=dict(values or {})),
        turn.recall(Wish).model_copy(update={"confirm": action}),
    )
    turn.go("pick")
    _ask(turn, turn.recall(Pick))


def chosen(turn: Turn) -> str:
    """The id of what was chosen; "" when nothing was."""
    return turn.recall(Pick).chosen


async def action_pick_reply(turn: Turn) -> None:
    pick = turn.recall(Pick)
    found = _found(turn, pick)
    if not pick.options:
        turn.go(None)
        turn.then("action_question")
    elif found is not None:
        turn.remember(pick.model_copy(update={"chosen": found.id}))
        turn.then(pick.action)
    elif turn.intent in NOT_NOW:
        turn.forget(Pick)
        turn.go(None)
        turn.say("utter_nothing_changed")
        done(turn)
    elif turn.asks_something_else:
        turn.forget(Pick, Wish)
        turn.go(None)
        turn.then("action_question")
    else:
        _again(turn, pick)


def _found(turn: Turn, pick: Pick) -> Option | None:
    exact = [one for one in pick.options if one.label == turn.picked]
    if exact:
        return exact[0]
    words = {one.id: set(plain(one.label).split()) for one in pick.options}
    said = set(plain(turn.text).split())
    fitting = [
        one
        for one in pick.options
        if said & words[one.id].difference(*(words[other.id] for other in pick.options if other is not one))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _again(turn: Turn, pick: Pick) -> None:
    pick = pick.model_copy(update={"misses": pick.misses + 1})
    if pick.misses >= TRIES:
        turn.forget(Pick)
        turn.remember(turn.recall(Question).model_copy(update={"awaiting": "person"}))
        turn.go("choosing")
        turn.say("utter_offer_person")
        return
    turn.remember(pick)
    turn.say("utter_not_understood")
    _ask(turn, pick)


def _ask(turn: Turn, pick: Pick) -> None:
    turn.say(pick.response, choices=[one.label for one in pick.options], **pick.values)
