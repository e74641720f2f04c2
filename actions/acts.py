"""What the customer did already, in these steps or before they wrote: it is not asked for again.

An act is a name that steps of several flows share. `phrase_act_*` says that it was done; `phrase_tried_*` are the
customer's ways of saying so.
"""

from collections.abc import Iterable

from actions.memory import Thread
from actions.turn import Turn, plain

KNOWN = ("restart-router", "restart-phone", "reseat-sim", "restart-tv-box")


def note(turn: Turn, acts: Iterable[str]) -> None:
    thread = turn.recall(Thread)
    if new := [act for act in acts if act and act not in thread.acts]:
        turn.remember(thread.model_copy(update={"acts": (*thread.acts, *new)}))


def said(turn: Turn, text: str) -> tuple[str, ...]:
    """The acts that these words say were done: "I already rebooted the router"."""
    words = f" {plain(text)} "
    return tuple(act for act in KNOWN if any(f" {way} " in words for way in _ways(turn, act)))


def in_words(turn: Turn, act: str) -> str:
    """ "restarted the router", after "you have already"."""
    return turn.phrase(f"phrase_act_{act.replace('-', '_')}")


def _ways(turn: Turn, act: str) -> list[str]:
    return turn.phrase(f"phrase_tried_{act.replace('-', '_')}").split(", ")
