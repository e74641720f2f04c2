"""Which product a follow-up is about: "and it is still slow" after an answer about broadband."""

from actions.memory import Thread
from actions.turn import Turn, plain
from knowledge.answer import product_of

WORDS_OF_A_FOLLOW_UP = 8


def answered(turn: Turn, topic: str | None) -> None:
    """An answer of this topic was given; None: one of no product, or none at all."""
    product = product_of(topic) if topic else None
    thread = turn.recall(Thread)
    if thread.product != product:
        turn.remember(thread.model_copy(update={"product": product}))


def meant(turn: Turn, text: str) -> str | None:
    """The product of the last answer, when a few words point back to it and name nothing of any product."""
    product = turn.recall(Thread).product
    words = plain(text.replace("'", " ").replace("’", " ").replace("-", " ")).split()
    if product is None or len(words) > WORDS_OF_A_FOLLOW_UP:
        return None
    points_back = _words(turn, "phrase_follow_up").intersection(words)
    names_one = _words(turn, "phrase_of_products").intersection(words)
    return product if points_back and not names_one else None


def _words(turn: Turn, phrase: str) -> set[str]:
    return set(turn.phrase(phrase).split(", "))
