"""How a ticket is doing: by its reference, told only to who opened it or can prove that it is theirs."""

from actions.facts import contact_in, reference_in
from actions.memory import Known, Question, Status, Ticket
from actions.turn import Turn
from actions.when import by_when, spelled
from escalation.client import EscalationUnavailable, TicketView

TRIES = 3
SKIP = {"dont_know", "none_of_these", "deny", "cannot", "go_back"}
OPEN = {"acknowledged", "inProgress", "held", "pending"}


async def action_ticket_status(turn: Turn) -> None:
    reference = reference_in(turn) or turn.recall(Ticket).reference
    turn.go("status")
    if not reference:
        turn.remember(Status())
        turn.say("utter_ask_reference", expects="digits")
        return
    await _look_up(turn, Status(reference=reference))


async def action_ticket_status_reply(turn: Turn) -> None:
    """The reference, or the proof that was asked for."""
    asked = turn.recall(Status)
    if turn.intent in {"why", "how"} and not any(char.isdigit() for char in turn.text):
        turn.say("utter_why_proof")
        _ask(turn, asked)
    elif turn.intent in SKIP and reference_in(turn) is None:
        turn.forget(Status)
        turn.then("action_anything_else")
    elif turn.asks_something_else and reference_in(turn) is None and contact_in(turn) is None:
        turn.forget(Status)
        turn.go(None)
        turn.then("action_question")
    elif asked.reference is None or not asked.proof_wanted:
        reference = reference_in(turn)
        if reference:
            await _look_up(turn, asked.model_copy(update={"reference": reference}))
        else:
            await _again(turn, asked, "utter_reference_not_understood")
    elif contact := contact_in(turn):
        await _look_up(turn, asked, contact)
    else:
        await _again(turn, asked, "utter_not_understood")


async def action_ticket_status_verified(turn: Turn) -> None:
    """Goes on after the verification that the proof needed."""
    turn.go("status")
    await _look_up(turn, turn.recall(Status))


async def _look_up(turn: Turn, asked: Status, proof: str | None = None) -> None:
    proof = proof or turn.recall(Known).customer_id
    try:
        ticket = await turn.tools.escalation.ticket_status(
            asked.reference or "", contact_id=turn.contact_id, proof=proof
        )
    except EscalationUnavailable:
        turn.forget(Status)
        turn.say("utter_ticket_unavailable")
        turn.then("action_anything_else")
        return
    if ticket is not None:
        turn.forget(Status)
        _tell(turn, ticket)
        turn.then("action_anything_else")
    elif proof is None:
        turn.remember(asked := asked.model_copy(update={"proof_wanted": True}))
        _ask(turn, asked)
    else:
        await _again(turn, asked, "utter_ticket_not_found")


def _ask(turn: Turn, asked: Status) -> None:
    if asked.proof_wanted:
        turn.say("utter_ask_proof", expects="fact")
    else:
        turn.say("utter_ask_reference", expects="digits")


async def _again(turn: Turn, asked: Status, response: str) -> None:
    """Ask for the reference again; after three failures a person is offered."""
    tries = asked.tries + 1
    turn.say(response)
    if tries < TRIES:
        turn.remember(Status(tries=tries))
        turn.say("utter_ask_reference", expects="digits")
        return
    turn.forget(Status)
    turn.remember(turn.recall(Question).model_copy(update={"awaiting": "person"}))
    turn.go("choosing")
    turn.say("utter_offer_person")


def _tell(turn: Turn, ticket: TicketView) -> None:
    reference = spelled(ticket.reference) if turn.medium == "ear" else ticket.reference
    about = {"reference": ticket.reference}
    turn.say(f"utter_status_{ticket.status}", reference=reference, about=about)
    if ticket.agent_name and ticket.status in OPEN:
        turn.say("utter_status_agent", agent=ticket.agent_name, about=about)
    if ticket.resolve_by and ticket.status in OPEN:
        turn.say("utter_status_by", by=by_when(turn, ticket.resolve_by), about=about)
    if ticket.last_public_note:
        turn.say("utter_status_note", note=ticket.last_public_note, about=about)
