"""Which action a message belongs to, where recognition may have taken it for less than it is."""

from actions.memory import Episode
from actions.question import WORDS_OF_A_COMPLAINT
from actions.selection import names_one
from actions.troubleshoot import is_an_answer
from actions.turn import Turn
from knowledge.answer import Context, HandOver, is_urgent

# Which action takes the reply while a topic waits for one.
REPLY = {
    "choosing": "action_choose",
    "flow": "action_flow_reply",
    "verify": "action_verify_reply",
    "handover": "action_hand_over_reply",
    "status": "action_ticket_status_reply",
    "account": "action_account_reply",
    "visit": "action_visit_reply",
    "selection": "action_selection_reply",
    "topup": "action_topup_reply",
    "leaving": "action_cancel_reply",
    "moving": "action_move_reply",
}
FACT_STAGES = {"verify", "handover", "status", "account", "selection", "topup", "moving"}
# What may be said at any time, and how sure recognition must be to take it for more than a reply.
COMMANDS = {
    "greet",
    "goodbye",
    "thanks",
    "repeat",
    "start_over",
    "bot_challenge",
    "frustration",
    "wait",
    "ticket_status",
}
SURE_OF_A_COMMAND = 0.7
QUESTION, PERSON = "action_question", "action_person"
NOTHING_FOUND = {"off_topic", "no_answer"}


async def rightful(name: str, turn: Turn) -> str:
    """A choice on offer, an answer to a step, or a fact asked for is never a command; a danger is always heard."""
    name = _asked_for(name, turn)
    return QUESTION if await _is_a_question(name, turn) else name


def _asked_for(name: str, turn: Turn) -> str:
    if turn.picked is not None and turn.intent == "person":
        return PERSON
    reply = REPLY.get(turn.stage or "")
    if turn.of_account and turn.sure < SURE_OF_A_COMMAND:
        return reply or QUESTION
    if turn.stage == "flow" and is_an_answer(turn):
        return "action_flow_reply"
    if reply is None or turn.intent == "person":
        return name
    if turn.intent in COMMANDS and (turn.sure < SURE_OF_A_COMMAND or names_one(turn)):
        return reply
    is_fact = turn.stage in FACT_STAGES and (any(char.isdigit() for char in turn.text) or "@" in turn.text)
    return reply if turn.picked is not None or is_fact else name


async def _is_a_question(name: str, turn: Turn) -> bool:
    """Whether words taken for a command, or for a question about the account, are for the knowledge base after all.

    A danger or a legal threat always is. Recognition that is not sure of a command stands only when the knowledge base
    finds nothing in the words.
    """
    is_command = turn.intent in COMMANDS
    is_taken = (is_command or turn.of_account) and name not in {*REPLY.values(), PERSON, QUESTION}
    is_short = len(turn.text.split()) < WORDS_OF_A_COMPLAINT
    if not is_taken or is_short or turn.picked is not None or turn.recall(Episode).signals is not None:
        return False
    if is_urgent(turn.text, turn.language):
        return True
    if is_command and turn.sure >= SURE_OF_A_COMMAND:
        return False
    found = await turn.tools.decide(turn.text, Context(language=turn.language, channel=turn.channel))
    if turn.of_account:
        return isinstance(found, HandOver) and found.reason == "safety"
    return not (isinstance(found, HandOver) and found.reason in NOTHING_FOUND)
