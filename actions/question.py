"""A support question: answer, ask back, or admit that we do not know; never guess."""

from actions import acts, duplicate, mentioned, outage, product
from actions.article import read_out, show
from actions.decision import told
from actions.handover import hand_over
from actions.memory import Guide, Question, Thread
from actions.turn import Turn, plain
from knowledge.answer import Answer, AskBack, Context, Decision, HandOver

MISSES_BEFORE_A_PERSON = 3
NOT_HELPED_BEFORE_A_PERSON = 2
WORDS_WITH_CONTENT = 5
WORDS_OF_A_COMPLAINT = 3  # "no dial tone"; fewer are a greeting, a yes or a no
SURE = 0.9
WORDS_ABOUT_THE_ARTICLE = 6  # "how do I do that" is about what was just read; more words are a question of their own
NO_CONTENT = {"affirm", "deny", "ready", "dont_know", "none_of_these", "go_back", "why", "did_that"}  # by themselves


async def action_question(turn: Turn) -> None:
    if not any(char.isalpha() for char in turn.text):
        turn.say("utter_say_in_words")
    elif turn.intent == "go_back" and turn.recall(Guide).state is not None:
        turn.then("action_flow_resume")
    elif turn.intent == "solved" and not _asks_something(turn):
        turn.then("action_solved")
    elif turn.intent in NO_CONTENT and not _asks_something(turn) and not await _is_about_something(turn):
        turn.say("utter_how_can_i_help")
    else:
        await ask_knowledge(turn, turn.text)


async def _is_about_something(turn: Turn) -> bool:
    """Whether the knowledge base knows what a bare yes, no or the like to no question of ours is: "no dial tone"."""
    if len(turn.text.split()) < WORDS_OF_A_COMPLAINT:
        return False
    return isinstance(await _decide(turn, Question(), turn.text), Answer | AskBack)


def _asks_something(turn: Turn) -> bool:
    """Whether words that were taken for a yes, a no or the like hold more: "and it is still slow"."""
    return turn.sure < SURE and len(turn.text.split()) >= WORDS_WITH_CONTENT


async def action_new_subject(turn: Turn) -> None:
    """A question in the middle of steps, whatever recognition took it for."""
    await ask_knowledge(turn, turn.text)


async def action_choose(turn: Turn) -> None:
    """The reply to a question with choices: which one, did it help, a person, anything else."""
    question = turn.recall(Question)
    if turn.intent == "solved" and question.awaiting != "helped" and not _asks_something(turn):
        turn.then("action_solved")
        return
    if turn.intent == "go_back" and turn.recall(Guide).state is not None:
        turn.then("action_flow_resume")
        return
    replies = {"helped": _helped, "which": _which, "person": _person, "other": _other, "more": _more}
    await replies[question.awaiting or "more"](turn, question)


async def _helped(turn: Turn, question: Question) -> None:
    is_short = len(turn.text.split()) <= WORDS_ABOUT_THE_ARTICLE
    if turn.intent in {"affirm", "thanks", "ready", "solved"}:
        turn.remember(question.model_copy(update={"solved": True}))
        turn.say("utter_glad", about={"article": question.article, "outcome": "confirmed_solved"})
        turn.then("action_anything_else")
    elif turn.intent == "how" and is_short:
        turn.remember(question.model_copy(update={"awaiting": "person"}))
        turn.say("utter_offer_explaining")
    elif turn.intent in {"deny", "did_that", "none_of_these"} or (turn.intent == "cannot" and is_short):
        await _not_helped(turn, question)
    elif turn.intent in NO_CONTENT:
        turn.say("utter_did_this_help")
    else:
        await ask_knowledge(turn, turn.text)


async def _not_helped(turn: Turn, question: Question) -> None:
    """The next best article once; then a person."""
    question = question.model_copy(update={"not_helped": question.not_helped + 1})
    turn.remember(question)
    turn.remember(turn.recall(Thread).without(question.article))
    turn.note(helped=False)
    if question.not_helped < NOT_HELPED_BEFORE_A_PERSON and question.problem:
        decision = await _decide(turn, question, question.problem)
        if isinstance(decision, Answer | AskBack):
            turn.say("utter_sorry_try_another")
            turn.note(decision=told(decision, turn_id=turn.turn_id, same=True))
            await _carry_out(turn, question, decision)
            return
    if article := turn.article(question.article or ""):
        turn.say("utter_article", body=article.if_not_helped, about={"article": article.id})
        hints = article.hand_over
        hand_over(turn, "not_helped", category=hints.category, hints=hints)
    else:
        hand_over(turn, "not_helped", category=question.category)


async def _which(turn: Turn, question: Question) -> None:
    picked = turn.picked
    if picked in question.labels and (article := turn.article(question.labels[picked])):
        turn.note(picked=article.id)
        await show(turn, question, article, confidence=1.0)
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


async def _other(turn: Turn, question: Question) -> None:
    """Whether to look at the other problem that the customer mentioned before."""
    turn.remember(question.model_copy(update={"awaiting": None}))
    agrees = turn.intent in {"affirm", "ready"} or plain(turn.text).split()[:1] == [turn.phrase("phrase_yes")]
    if agrees:
        await ask_knowledge(turn, mentioned.take(turn))
    elif turn.intent in NO_CONTENT | {"thanks"}:
        mentioned.take(turn)
        turn.then("action_anything_else")
    else:
        await ask_knowledge(turn, turn.text)


async def _more(turn: Turn, question: Question) -> None:
    """After "anything else?"."""
    turn.remember(question.model_copy(update={"awaiting": None}))
    if turn.intent == "thanks" or (turn.intent in {"deny", "none_of_these"} and not _asks_something(turn)):
        turn.then("action_goodbye")
    elif turn.intent in NO_CONTENT and not _asks_something(turn):
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
    mentioned.settle(turn, text)
    again = question.misses > 0 or question.awaiting == "which"
    if not again:
        question = Question(offered=question.offered, not_helped=question.not_helped, upsets=question.upsets)
    question = question.model_copy(update={"problem": text})
    decision = await _decide(turn, question, text, None if again else product.meant(turn, text))
    mentioned.keep(turn, decision.others)
    acts.note(turn, acts.said(turn, text))
    product.answered(turn, None)
    words = text if text != turn.text else ""
    turn.note(decision=told(decision, turn_id=turn.turn_id, words=words, again=again))
    await _carry_out(turn, question, decision)


async def _decide(turn: Turn, question: Question, text: str, about: str | None = None) -> Decision:
    """`about`: the product that the words can only mean."""
    offered = frozenset((*question.offered, *turn.recall(Thread).unhelpful))
    context = Context(language=turn.language, channel=turn.channel, offered=offered, product=about)
    return await turn.tools.decide(text, context)


async def _carry_out(turn: Turn, question: Question, decision: Decision) -> None:
    if isinstance(decision, Answer):
        await show(turn, question, decision.article, decision.confidence)
    elif isinstance(decision, AskBack):
        labels = {choice.label: choice.article_id for choice in decision.choices}
        turn.remember(question)
        if await outage.explains_all(turn, [turn.tools.article(name, turn.language) for name in labels.values()]):
            return
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
            product.answered(turn, decision.article.topic)
            if await outage.comes_first(turn, decision.article) or await duplicate.comes_first(turn, decision.article):
                return
            read_out(turn, decision.article, decision.confidence)
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
