"""A known outage at a verified customer's place comes first: told instead of the article, and their report is added."""

from collections.abc import Sequence

from actions import checks, incident
from actions.checks import kind_of
from actions.handover import hand_over
from actions.memory import Known, Thread
from actions.turn import Turn
from actions.when import by_when
from knowledge.answer import Article, HandOverHints
from subscriber.client import Kind, Outage, SubscriberUnavailable

FAULTS = ("broadband-", "mobile-")
FAULT_TOPICS = {"wifi", "tv", "landline"}


async def comes_first(turn: Turn, article: Article) -> bool:
    """Whether the turn is over with this: an outage explains the fault that the article is about.

    Told once. Who asks again hears that it is still there, and then the article.
    """
    if not _is_fault(article):
        return False
    outage = await known_outage(turn, kind_of(article.topic))
    if outage is None:
        return False
    if turn.recall(Thread).outage == outage.problem_id:
        turn.say("utter_outage_still", place=outage.place)
        return False
    turn.say("utter_planned_work" if outage.planned else "utter_outage", place=outage.place)
    tell_more(turn, outage)
    report(turn, outage, category=article.hand_over.category, hints=article.hand_over)
    return True


async def explains_all(turn: Turn, articles: Sequence[Article]) -> bool:
    """The same before the customer is asked which of several faults of one service they mean."""
    is_one_service = len({kind_of(article.topic) for article in articles}) == 1
    if turn.recall(Thread).outage or not is_one_service or not all(map(_is_fault, articles)):
        return False
    return await comes_first(turn, articles[0])


async def known_outage(turn: Turn, kind: Kind) -> Outage | None:
    """What explains a fault, which is reported with the question: of the operator's systems, which tell only of a
    verified customer's place, else a major incident or maintenance of ours."""
    customer_id = turn.recall(Known).customer_id
    known = None
    if customer_id is not None:
        try:
            known = await turn.tools.subscriber.outage_for(customer_id, kind)
        except SubscriberUnavailable:
            known = None
    return await incident.reported(turn, kind, known)


def tell_more(turn: Turn, outage: Outage) -> None:
    """What it is, and when it should be over; a time that is past is not told."""
    if outage.expected_end and outage.expected_end > turn.tools.now():
        turn.say("utter_outage_by", what=outage.summary, by=by_when(turn, outage.expected_end))
    else:
        turn.say("utter_outage_what", what=outage.summary)


def report(turn: Turn, outage: Outage | None, *, category: str, hints: HandOverHints) -> None:
    """A ticket that nobody has to be asked anything for."""
    if outage:
        checks.note(turn, "outage", f"fault: {outage.problem_id}, {outage.place}", kind_of(category))
        turn.remember(turn.recall(Thread).model_copy(update={"outage": outage.problem_id}))
    hand_over(turn, "outage", category=category, hints=hints)


def _is_fault(article: Article) -> bool:
    """How to change a Wi-Fi password is asked in an outage too."""
    is_fault_topic = article.topic.startswith(FAULTS) or article.topic in FAULT_TOPICS
    return is_fault_topic and article.hand_over.service != "ok" and not article.hand_over.safety
