"""What a customer answers by text message: a solution is confirmed or refused, a call is rated, anything else is a note
from them.
"""

from sqlalchemy.dialects.postgresql import insert

from escalation import desk, rating
from escalation.office import Office
from escalation.reception import heard
from escalation.records import NoteRecord, TicketRecord
from escalation.store import Case, lock_case
from escalation.text_records import TextReplyRecord, last_told
from escalation.text_wire import TextAnswer, TextReply
from escalation.ticket import FINAL, Move, Status
from escalation.visits import failed

WHO = "customer"


async def answer(office: Office, reply: TextReply) -> TextAnswer:
    """Once a message, however often it comes. It concerns the ticket this number was last told of, and no other."""
    async with office.change() as session:
        first = await session.scalar(
            insert(TextReplyRecord)
            .values(message_sid=reply.message_sid, at=office.now(), answer="")
            .on_conflict_do_nothing()  # waits for another that is answering it at this moment
            .returning(TextReplyRecord.message_sid)
        )
        kept = await session.get_one(TextReplyRecord, reply.message_sid)
        if first is None:
            return TextAnswer.model_validate({"became": kept.answer})
        told = await last_told(session, reply.number)
        if told is not None and told.message == rating.ASKED:
            if await rating.take(session, told, reply.text):
                kept.answer = "rated"
                return TextAnswer(became="rated")
            told = await last_told(session, reply.number, of_ticket=True)
        case = await lock_case(session, TicketRecord.id == told.ticket_id) if told is not None else None
        found = TextAnswer(became="no_ticket")
        if told is not None and case is not None and case.status not in FINAL:
            found = await _take(office, case, reply, asked_to_confirm=told.message == "customer_confirm")
        kept.answer = found.became
        return found


async def _take(office: Office, case: Case, reply: TextReply, *, asked_to_confirm: bool) -> TextAnswer:
    if asked_to_confirm and case.status is Status.RESOLVED and reply.meaning == "no":
        desk.make(office, case, desk.Deed(Move.REOPEN, desk.Actor(WHO), why="answered by text message: not solved"))
        case.ticket.unread += 1
        await failed.if_visited(office, case, WHO)
        return TextAnswer(became="reopened")
    if asked_to_confirm and case.status is Status.RESOLVED and reply.meaning == "yes" and desk.may_close(office, case):
        desk.make(office, case, desk.Deed(Move.CLOSE, desk.Actor(WHO), why="answered by text message: solved"))
        return TextAnswer(became="closed")
    _note(office, case, reply.text)
    return TextAnswer(became="noted")


def _note(office: Office, case: Case, text: str) -> None:
    now = office.now()
    case.session.add(NoteRecord(ticket_id=case.ticket.id, author=WHO, at=now, text=text, public=True))
    case.ticket.version += 1
    case.ticket.updated_at = now
    heard(office, case, 1)
    case.audit(now, WHO, "texted")
