"""Another problem instead of an answer to a question of the hand-over: "oh and my bill is wrong too"."""

from actions.facts import contact_in
from actions.memory import Episode, Field
from actions.turn import WORDS_OF_A_QUESTION, Turn, plain
from knowledge.answer import Answer, AskBack, Context, Decision, HandOver, product_of

SURE = 0.9  # recognition below this may have taken a question for something else
MAY_BE_A_QUESTION = {"support_question", "nlu_fallback"}
ANSWERS: dict[Field, str] = {
    "since": "phrase_answers_since",
    "affected": "phrase_answers_affected",
    "contact": "phrase_answers_contact",
}
OPENING = 2  # words; an answer among them makes the whole an answer: "and since Monday it is worse"
# What a fault may have come from: "the engineer moved the box" tells since when, and is no second problem.
CAUSES = {"technician", "outage", "equipment", "planned-maintenance", "move", "order-activation", "complaint"}


async def problem_in(turn: Turn, episode: Episode) -> Decision | None:
    """What the knowledge base decides on the reply when that is another problem; None when it may be an answer.

    Words that add something ("also", "too") need only be about another subject. Without them, or with words that
    answer the question among them, the knowledge base has to be sure; without them and with those it is an answer, and
    so is whatever else is said when the problem itself was asked for.
    """
    if episode.asking is None or episode.signals is None or not _may_be_one(turn):
        return None
    is_added, answering = _sounds(turn, episode.asking)
    if any(answering if not is_added else answering[:OPENING]):
        return None
    decision = await turn.tools.decide(turn.text, Context(language=turn.language, channel=turn.channel))
    if isinstance(decision, HandOver) and decision.reason == "safety":
        return decision
    if episode.asking == "problem" and not is_added:
        return None
    if is_added and not any(answering):
        found = _categories(turn, decision)
        is_unknown = isinstance(decision, HandOver) and decision.reason == "no_answer"
    else:
        found, is_unknown = _sure_category(decision), False
    ours = {_subject(episode.signals.category)} | (CAUSES if episode.asking == "since" else set())
    is_other = is_unknown or (bool(found) and ours.isdisjoint(map(_subject, found)))
    return decision if is_other else None


def _may_be_one(turn: Turn) -> bool:
    is_long = len(turn.text.split()) >= WORDS_OF_A_QUESTION
    is_question = turn.intent in MAY_BE_A_QUESTION or turn.sure < SURE
    return is_long and is_question and turn.picked is None and contact_in(turn) is None


def _sounds(turn: Turn, asking: Field) -> tuple[bool, list[bool]]:
    """Whether it is said as an addition, and for each of its words, those that join it left out, whether it answers."""
    said = plain(turn.text)
    joints = sorted((*turn.phrases("phrase_joints"), *turn.phrases("phrase_added_before")), key=len, reverse=True)
    bare = said
    while joint := next((joint for joint in joints if bare.startswith(f"{joint} ")), None):
        bare = bare.removeprefix(f"{joint} ")
    is_added = bare != said or any(bare.endswith(f" {end}") for end in turn.phrases("phrase_added_after"))
    fitting = turn.phrases(ANSWERS[asking]) if asking in ANSWERS else ()
    return is_added, [word in fitting or any(map(str.isdigit, word)) for word in bare.split()]


def _categories(turn: Turn, decision: Decision) -> set[str]:
    """Of all that it may be about; empty when it is about nothing that is known."""
    if isinstance(decision, AskBack):
        names = [choice.article_id for choice in decision.choices]
        return {turn.tools.article(name, turn.language).hand_over.category for name in names}
    return _category(decision)


def _sure_category(decision: Decision) -> set[str]:
    if isinstance(decision, AskBack) or (isinstance(decision, HandOver) and decision.hints is None):
        return set()
    return _category(decision)


def _category(decision: Answer | HandOver) -> set[str]:
    found = decision.article.hand_over.category if isinstance(decision, Answer) else decision.category
    return {found} - {"general"}


def _subject(category: str) -> str:
    """The product where there is one: a slow line and a dead one are the same subject."""
    return product_of(category) or category
