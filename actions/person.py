"""A person, please: at once when asked, and offered when the customer is upset."""

from actions.handover import hand_over
from actions.memory import Episode, Question
from actions.turn import Turn
from knowledge.answer import Answer, Context, HandOver

WORDS_THAT_TELL = 5  # a request for a person this long usually says what it is about


async def action_person(turn: Turn) -> None:
    """Asked once: what is missing is collected. Asked again meanwhile: nothing more is asked."""
    episode = turn.recall(Episode)
    if episode.signals is not None:
        if episode.asking == "problem" and len(turn.text.split()) >= WORDS_THAT_TELL:
            turn.then("action_hand_over_reply")
        else:
            turn.then("action_hand_over_now")
        return
    question = turn.recall(Question)
    if not question.problem:
        question = await _what_about(turn, question)
        turn.remember(question)
    hand_over(turn, "wants_person", category=question.category)


async def action_frustration(turn: Turn) -> None:
    """Acknowledge and offer a person; the second time pass the customer on without asking."""
    if turn.recall(Episode).signals is not None:
        turn.then("action_hand_over_reply")
        return
    question = turn.recall(Question)
    question = question.model_copy(update={"upsets": question.upsets + 1, "awaiting": "person"})
    turn.remember(question)
    if question.upsets >= 2:
        turn.say("utter_sorry_passing_on")
        hand_over(turn, "wants_person", category=question.category)
        return
    turn.go("choosing")
    turn.say("utter_sorry_offer_person")


async def _what_about(turn: Turn, question: Question) -> Question:
    """The topic, when the request names one: "I need somebody to look at my bill"."""
    if turn.intent != "person" or len(turn.text.split()) < WORDS_THAT_TELL:
        return question
    decision = await turn.tools.decide(turn.text, Context(language=turn.language, channel=turn.channel))
    if isinstance(decision, Answer):
        category = decision.article.hand_over.category
    elif isinstance(decision, HandOver) and decision.reason in {"article", "safety"}:
        category = decision.category
    else:
        return question
    return question.model_copy(update={"problem": turn.text, "category": category})
