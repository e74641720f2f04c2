"""An article, shown: its text and whether it helped, its guided steps, or the hand-over where only people can help."""

from actions import duplicate, outage, product
from actions.handover import hand_over
from actions.memory import Found, Guide, Question, Thread
from actions.turn import Turn
from knowledge.answer import Article


async def show(turn: Turn, question: Question, article: Article, confidence: float) -> None:
    """The article, then whether it helped; or its guided steps; or, where only people can help, the hand-over; before
    all of them a known outage that explains it."""
    about = {"category": article.hand_over.category, "misses": 0, "labels": {}, "awaiting": None}
    turn.remember(question := question.model_copy(update=about))
    product.answered(turn, article.topic)
    if await outage.comes_first(turn, article) or await duplicate.comes_first(turn, article):
        return
    shown = {"article": article.id, "offered": (*question.offered, article.id), "awaiting": "helped"}
    turn.remember(question := question.model_copy(update=shown))
    if article.hand_over.safety or article.hand_over.when == "always":
        read_out(turn, article, confidence)
        reason = "safety" if article.hand_over.safety else "article"
        hand_over(turn, reason, category=article.hand_over.category, hints=article.hand_over)
    elif article.flow is not None and not _already_walked(turn, article.flow):
        waiting = turn.recall(Guide)
        before = waiting.model_dump(mode="json") if waiting.state is not None else None
        turn.remember(Guide(state={"flow": article.flow, "step": "", "done": []}, asked=question, before=before))
        turn.then("action_flow_start")
    else:
        read_out(turn, article, confidence)
        turn.go("choosing")
        turn.say("utter_did_this_help", about={"article": article.id})


def _already_walked(turn: Turn, flow_id: str) -> bool:
    state = turn.recall(Guide).state
    walked = {step.flow for step in turn.recall(Found).steps}
    return flow_id in walked or (state is not None and state["flow"] == flow_id)


def read_out(turn: Turn, article: Article, confidence: float) -> None:
    about = {"article": article.id, "title": article.title, "confidence": round(confidence, 3)}
    turn.say("utter_article", body=article.ear if turn.medium == "ear" else article.screen, about=about)


async def action_show_article(turn: Turn) -> None:
    """The article that guided steps ended at; one that did not help before is for a person to go on from."""
    question = turn.recall(Question)
    article = turn.article(question.article or "")
    if article is None:
        hand_over(turn, "not_helped", category=question.category)
    elif article.id in turn.recall(Thread).unhelpful:
        hand_over(turn, "not_helped", category=article.hand_over.category, hints=article.hand_over)
    else:
        await show(turn, question, article, confidence=1.0)
