"""What the reply to a question of the hand-over adds to the signals."""

from typing import Any

from actions.facts import contact_in
from actions.memory import Field, Known
from actions.mentioned import with_others
from actions.turn import Turn, plain
from knowledge.answer import Answer, Context, HandOver

SKIP = {"dont_know", "none_of_these", "deny", "cannot"}
WORDS_OF_A_SKIP = 5  # more tell something, whatever they sound like


async def understood(turn: Turn, field: Field) -> dict[str, Any] | None:
    """What the reply adds to the signals; {} when it was skipped, None when it was not understood."""
    if field == "contact":
        return _contact(turn)
    if turn.intent in SKIP and len(turn.text.split()) <= WORDS_OF_A_SKIP:
        return {}
    if field == "affected":
        return _affected(turn)
    if not any(char.isalnum() for char in turn.text):
        return None
    return {"since": turn.text[:400]} if field == "since" else await _problem(turn)


async def _problem(turn: Turn) -> dict[str, Any]:
    """The words, and the topic and department that the knowledge base reads out of them."""
    update: dict[str, Any] = {"problem": with_others(turn, turn.text, live=True)}
    decision = await turn.tools.decide(turn.text, Context(language=turn.language, channel=turn.channel))
    hints = None
    if isinstance(decision, Answer):
        hints = decision.article.hand_over
    elif isinstance(decision, HandOver):
        hints = decision.hints
    if hints is not None:
        update |= {"category": hints.category, "department": hints.department, "safety": hints.safety}
    return update


def _affected(turn: Turn) -> dict[str, Any] | None:
    """By the choice taken, or by a word of `phrase_affected_*`."""
    said = f" {plain(turn.picked or turn.text)} "
    for answer in ("many", "several", "one"):
        if any(f" {word} " in said for word in turn.phrases(f"phrase_affected_{answer}")):
            return {"affected": answer}
    return None


def _contact(turn: Turn) -> dict[str, Any] | None:
    found = contact_in(turn)
    if found:
        return {"reachable": found}
    offered = turn.caller or turn.recall(Known).phone
    if offered and turn.intent in {"affirm", "ready"}:
        return {"reachable": offered}
    if turn.intent in SKIP and not (offered and turn.intent == "deny"):
        return {}
    return None
