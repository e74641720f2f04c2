"""A support question: answer, ask back, or admit that we do not know; never guess."""

from actions.handover import hand_over
from actions.memory import Found, Guide, Question
from actions.turn import Turn
from knowledge.answer import Answer, Article, AskBack, Context, Decision, HandOver

MISSES_BEFORE_A_PERSON = 3
NOT_HELPED_BEFORE_A_PERSON = 2
NO_CONTENT = {"affirm", "deny", "ready", "dont_know", "none_of_these", "go_back", "why", "did_that"}  # by themselves


async def action_question(turn: Turn) -> None:
    if not any(char.isalpha() for char in turn.text):
        turn.say("utter_say_in_words")
    elif turn.intent == "go_back" and turn.recall(Guide).state is not None:
        turn.then("action_flow_resume")
    elif turn.intent == "solved":
        turn.then("action_solved")
    elif turn.intent in NO_CONTENT:
        turn.say("utter_how_can_i_help")
    else:
        await ask_knowledge(turn, turn.text)


async def action_choose(turn: Turn) -> None:
    """The reply to a question with choices: which one, did it help, a person, anything else."""
    question = turn.recall(Question)
    if turn.intent == "solved" and question.awaiting != "helped":
        turn.then("action_solved")
        return
    replies = {"helped": _helped, "which": _which, "person": _person, "more": _more}
    await replies[question.awaiting or "more"](turn, question)


async def _helped(turn: Turn, question: Question) -> None:
    if turn.intent in {"affirm", "thanks", "ready", "solved"}:
        turn.remember(question.model_copy(update={"solved": True}))
        turn.say("utter_glad", about={"article": question.article, "outcome": "confirmed_solved"})
        turn.then("action_anything_else")
    elif turn.intent in {"deny", "did_that", "none_of_these"}:
        await _not_helped(turn, question)
    elif turn.intent in NO_CONTENT:
        turn.say("utter_did_this_help")
    else:
        await ask_knowledge(turn, turn.text)


async def _not_helped(turn: Turn, question: Question) -> None:
    """The next best article once; then a person."""
    question = question.model_copy(update={"not_helped": question.not_helped + 1})
    turn.remember(question)
    if question.not_helped < NOT_HELPED_BEFORE_A_PERSON and question.problem:
        decision = await _decide(turn, question, question.problem)
        if isinstance(decision, Answer | AskBack):
            turn.say("utter_sorry_try_another")
            await _carry_out(turn, question, decision)
            return
    if question.article:
        article = turn.tools.article(question.article, turn.language)
        turn.say("utter_article", body=article.if_not_helped, about={"article": article.id})
        hints = article.hand_over
        hand_over(turn, "not_helped", category=hints.category, hints=hints)
    else:
        hand_over(turn, "not_helped", category=question.category)


async def _which(turn: Turn, question: Question) -> None:
    picked = turn.picked
    if picked in question.labels:
        article = turn.tools.article(question.labels[picked], turn.language)
        await _show(turn, question, article, confidence=1.0)
    elif turn.intent in {"none_of_these", "deny"}:
        await _missed(turn, question, "utter_rephrase")
    elif turn.intent in NO_CONTENT:
        turn.say("utter_which", choices=tuple(question.labels))
    else:
        await ask_knowledge(turn, turn.text)


async def _person(turn: Turn, question: Question) -> None:
    """Whether the customer wants a person, after we offered one."""
    if turn.intent in {"affirm", "ready"}:
        turn.then("action_person")
    elif turn.intent in NO_CONTENT | {"thanks"}:
        turn.remember(question.model_copy(update={"awaiting": None}))
        turn.go(None)
        turn.then("action_flow_resume" if turn.recall(Guide).state is not None else "action_how_can_i_help")
    else:
        await ask_knowledge(turn, turn.text)


async def _more(turn: Turn, question: Question) -> None:
    """After "anything else?"."""
    turn.remember(question.model_copy(update={"awaiting": None}))
    if turn.intent in {"deny", "none_of_these", "thanks"}:
        turn.then("action_goodbye")
    elif turn.intent in NO_CONTENT:
        turn.go(None)
        turn.say("utter_how_can_i_help")
    else:
        turn.go(None)
        await ask_knowledge(turn, turn.text)


async def action_how_can_i_help(turn: Turn) -> None:
    turn.say("utter_how_can_i_help")


async def ask_knowledge(turn: Turn, text: str) -> None:
    """A new question, or the same one in other words when the last try found nothing."""
    question = turn.recall(Question)
    again = question.misses > 0 or question.awaiting == "which"
    if not again:
        question = Question(offered=question.offered, not_helped=question.not_helped, upsets=question.upsets)
    question = question.model_copy(update={"problem": text})
    await _carry_out(turn, question, await _decide(turn, question, text))


async def _decide(turn: Turn, question: Question, text: str) -> Decision:
    context = Context(language=turn.language, channel=turn.channel, offered=frozenset(question.offered))
    return await turn.tools.decide(text, context)


async def _carry_out(turn: Turn, question: Question, decision: Decision) -> None:
    if isinstance(decision, Answer):
        await _show(turn, question, decision.article, decision.confidence)
    elif isinstance(decision, AskBack):
        labels = {choice.label: choice.article_id for choice in decision.choices}
        turn.remember(question.model_copy(update={"labels": labels, "awaiting": "which"}))
        turn.go("choosing")
        turn.say("utter_which", choices=tuple(labels), about={"confidence": decision.confidence})
    else:
        await _no_answer(turn, question, decision)


async def _no_answer(turn: Turn, question: Question, decision: HandOver) -> None:
    turn.remember(question.model_copy(update={"category": decision.category}))
    if decision.reason == "off_topic":
        turn.remember(question.model_copy(update={"problem": ""}))
        await _missed(turn, turn.recall(Question), "utter_off_topic")
    elif decision.reason == "person":
        turn.then("action_person")
    else:
        if decision.article is not None:
            _read_out(turn, decision.article, decision.confidence)
        elif decision.reason == "no_answer":
            turn.say("utter_no_answer")
        hand_over(turn, decision.reason, category=decision.category, hints=decision.hints)


async def _missed(turn: Turn, question: Question, response: str) -> None:
    """Nothing suitable: say so, then offer a person, then pass the customer on."""
    question = question.model_copy(update={"misses": question.misses + 1, "awaiting": None, "labels": {}})
    turn.remember(question)
    if question.misses >= MISSES_BEFORE_A_PERSON:
        turn.say("utter_no_answer")
        hand_over(turn, "no_answer", category=question.category)
    elif question.misses == 1:
        turn.go(None)
        turn.say(response)
    else:
        turn.remember(question.model_copy(update={"awaiting": "person"}))
        turn.go("choosing")
        turn.say("utter_offer_person")


async def _show(turn: Turn, question: Question, article: Article, confidence: float) -> None:
    """The article, then whether it helped; or its guided steps; or, where only people can help, the hand-over."""
    question = question.model_copy(
        update={
            "article": article.id,
            "category": article.hand_over.category,
            "offered": (*question.offered, article.id),
            "misses": 0,
            "labels": {},
            "awaiting": "helped",
        }
    )
    turn.remember(question)
    if article.hand_over.safety or article.hand_over.when == "always":
        _read_out(turn, article, confidence)
        reason = "safety" if article.hand_over.safety else "article"
        hand_over(turn, reason, category=article.hand_over.category, hints=article.hand_over)
    elif article.flow is not None and not _already_walked(turn, article.flow):
        turn.remember(Guide(state={"flow": article.flow, "step": "", "done": []}))
        turn.then("action_flow_start")
    else:
        _read_out(turn, article, confidence)
        turn.go("choosing")
        turn.say("utter_did_this_help", about={"article": article.id})


def _already_walked(turn: Turn, flow_id: str) -> bool:
    state = turn.recall(Guide).state
    walked = {step.flow for step in turn.recall(Found).steps}
    return flow_id in walked or (state is not None and state["flow"] == flow_id)


def _read_out(turn: Turn, article: Article, confidence: float) -> None:
    about = {"article": article.id, "title": article.title, "confidence": round(confidence, 3)}
    turn.say("utter_article", body=article.ear if turn.medium == "ear" else article.screen, about=about)


async def action_show_article(turn: Turn) -> None:
    """The article that guided steps ended at."""
    question = turn.recall(Question)
    article = turn.tools.article(question.article or "", turn.language)
    await _show(turn, question, article, confidence=1.0)
