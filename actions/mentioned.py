"""The other problems of a message with several: the first is taken, and the others come back when it is done."""

from collections.abc import Iterable

from actions.memory import Guide, Question, Thread
from actions.turn import Turn, plain

OTHERS_AT_MOST = 4
PROBLEM_CHARS = 1900  # of each part, so that both fit into a ticket


def keep(turn: Turn, others: Iterable[str]) -> None:
    """Remember what is new of them, without the "and also" before it."""
    thread = turn.recall(Thread)
    bare = [_without_joints(turn, other) for other in others]
    if new := [other for other in bare if not any(is_about(other, kept) for kept in thread.others)]:
        turn.remember(thread.model_copy(update={"others": (*thread.others, *new)[:OTHERS_AT_MOST]}))


def settle(turn: Turn, text: str) -> None:
    """The customer comes to it by themselves: what these words are about waits no longer."""
    thread = turn.recall(Thread)
    left = tuple(other for other in thread.others if not is_about(text, other))
    if left != thread.others:
        turn.remember(thread.model_copy(update={"others": left}))


def _without_joints(turn: Turn, other: str) -> str:
    joints, words = turn.phrases("phrase_joints"), other.split()
    while len(words) > 1 and plain(words[0]) in joints:
        words.pop(0)
    return " ".join(words)


def is_about(text: str, other: str) -> bool:
    """Whether all words of the one are in the other."""
    said, mentioned = set(plain(text).split()), set(plain(other).split())
    return bool(said) and bool(mentioned) and (said <= mentioned or mentioned <= said)


def with_others(turn: Turn, problem: str, *, live: bool) -> str:
    """The problem as a ticket tells it, with what else the customer mentioned; for a person who joins also what the
    steps that wait are about."""
    waiting = turn.recall(Guide).problems() if live else ()
    said = plain(problem)
    others = [other for other in (*turn.recall(Thread).others, *waiting) if plain(other) and plain(other) not in said]
    if not problem or not others:
        return problem
    quoted = "; ".join(dict.fromkeys(others))
    return turn.phrase("phrase_with_others").format(problem=problem[:PROBLEM_CHARS], others=quoted[:PROBLEM_CHARS])


async def action_offer_other(turn: Turn) -> None:
    """The next of the others, when the problem before it is done."""
    question = turn.recall(Question)
    turn.remember(Question(awaiting="other", solved=question.solved, upsets=question.upsets))
    turn.go("choosing")
    turn.say("utter_offer_other", other=turn.recall(Thread).others[0])


def take(turn: Turn) -> str:
    """The other that was offered, which then waits no longer."""
    thread = turn.recall(Thread)
    turn.remember(thread.model_copy(update={"others": thread.others[1:]}))
    return thread.others[0]
