"""What our people are doing: ready, talking, wrapping up, away or on a break. Every change is kept, none is changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from escalation.office import Office
from escalation.records import Record, TicketRecord
from escalation.sight import one_of_us
from escalation.store import Case
from escalation.wire import AgentState

LOOKED_BACK = 40  # changes of state; nobody talks in twenty chats at once


class AgentStateRecord(Record):
    """Only ever added to. A person is in the state of the newest one of theirs."""

    __tablename__ = "agent_states"
    __table_args__ = (Index("agent_states_of", "username", "at"), Index("agent_states_at", "at"))

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    username: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str]
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))  # what is talked about, or wrapped up


async def enter(office: Office, username: str, state: AgentState) -> None:
    """A person says so. Raises NotAllowed for somebody who is not one of ours."""
    one_of_us(office.policy.people, username)
    async with office.change() as session:
        session.add(AgentStateRecord(username=username, at=office.now(), state=state))


async def state_of(office: Office, username: str) -> AgentState | None:
    """None: has not said anything yet."""
    async with office.sessions() as session:
        found: AgentState | None = await session.scalar(
            select(AgentStateRecord.state)
            .where(AgentStateRecord.username == username)
            .order_by(AgentStateRecord.at.desc(), AgentStateRecord.id.desc())
            .limit(1)
        )
    return found


async def lost_chats(office: Office, username: str) -> list[str]:
    """References of the chats that went back to the queue because this person's console had gone.

    Until they say anew what they are doing.
    """
    async with office.sessions() as session:
        found = await session.execute(
            select(AgentStateRecord.state, TicketRecord.reference)
            .outerjoin(TicketRecord, TicketRecord.id == AgentStateRecord.ticket_id)
            .where(AgentStateRecord.username == username)
            .order_by(AgentStateRecord.at.desc(), AgentStateRecord.id.desc())
            .limit(LOOKED_BACK)
        )
    lost = []
    for state, reference in found:
        if state == "talking" or reference is None:
            break
        if state == "away":
            lost.append(reference)
    return lost


def talks(case: Case, now: datetime) -> None:
    """The person who has accepted the ticket begins to talk with its customer."""
    _keep(case, "talking", now)


def hangs_up(case: Case, now: datetime) -> None:
    """The conversation with the customer is over, if there was one: what is left is the wrap-up."""
    if case.ticket.live:
        _keep(case, "wrap_up", now)


def drops_out(case: Case, username: str, now: datetime) -> None:
    """Their console has gone in the middle of this ticket's chat: they are away until they say otherwise."""
    case.session.add(AgentStateRecord(username=username, at=now, state="away", ticket_id=case.ticket.id))


def _keep(case: Case, state: AgentState, now: datetime) -> None:
    who = case.ticket.assignee
    if who is not None:
        case.session.add(AgentStateRecord(username=who, at=now, state=state, ticket_id=case.ticket.id))
