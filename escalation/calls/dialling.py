"""Rings customers: an attempt is written down, committed, and only then dialled, so that it never rings twice."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import delete, func, select, update

from escalation.calls import planning
from escalation.calls.call_record import OutgoingCallRecord
from escalation.calls.call_wire import CallOutcome
from escalation.calls.settling import settle
from escalation.office import Office
from escalation.records import TicketRecord
from escalation.store import lock_case
from outbound.client import OutboundUnavailable, Rung

log = logging.getLogger(__name__)

PAUSE = timedelta(seconds=30)  # nothing can be dialled now: not set up, or the network is away
NO_NEWS = timedelta(minutes=10)  # a call that the network says nothing more of has failed
FORGOTTEN_AT_ONCE = 50
_CALL = OutgoingCallRecord


class Network(Protocol):
    """The part of outbound.client that is needed here."""

    async def ring(self, *, to: str, call_id: UUID, purpose: Any, mailboxes: bool) -> Rung: ...


@dataclass(frozen=True, slots=True)
class _ToDial:
    call_id: UUID
    purpose: str
    number: str


class Dialler:
    """One for each watch. Two of them never dial the same attempt."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._paused_until: datetime | None = None

    async def look(self, office: Office) -> int:
        """Ring everybody who is due, as far as there is room; how many were dialled."""
        await close_forgotten(office)
        dialled = 0
        while self._paused_until is None or office.now() >= self._paused_until:
            to_dial = await _begin(office)
            if to_dial is None:
                break
            dialled += await self._dial(office, to_dial)
        return dialled

    async def _dial(self, office: Office, to_dial: _ToDial) -> bool:
        try:
            rung = await self._network.ring(
                to=to_dial.number,
                call_id=to_dial.call_id,
                purpose=to_dial.purpose,
                mailboxes=office.policy.calls.mailboxes,
            )
        except OutboundUnavailable:
            rung = Rung(state="later", reason="outbound does not answer")
        log.info("call %s (%s): %s %s", to_dial.call_id, to_dial.purpose, rung.state, rung.reason)
        match rung.state:
            case "dialled":
                await _keep_sid(office, to_dial.call_id, rung.call_sid)
            case "later" | "not_set_up":
                await _take_back(office, to_dial.call_id)
                self._paused_until = office.now() + PAUSE
            case "refused":
                await ended(office, to_dial.call_id, "failed")
            case "opted_out":
                await ended(office, to_dial.call_id, "opted_out")
            case "unknown":  # it may be ringing: the network's report, or the lack of one, will tell
                pass
        return rung.state == "dialled"


async def _begin(office: Office) -> _ToDial | None:
    """Committed when this returns. Callbacks were asked for: they come first."""
    async with office.change() as session:
        await planning.alone(session)
        if await planning.under_way(session) >= office.policy.calls.at_once:
            return None
        found = await planning.next_callback(office, session)
        found = found or await planning.next_confirmation(office, session)
        if found is None:
            return None
        case, call = found
        return _ToDial(call.id, call.purpose, planning.number_of(case) or "")


async def _keep_sid(office: Office, call_id: UUID, call_sid: str) -> None:
    async with office.change() as session:
        await session.execute(update(_CALL).where(_CALL.id == call_id).values(call_sid=call_sid))


async def _take_back(office: Office, call_id: UUID) -> None:
    """Nothing was dialled: it was no attempt."""
    async with office.change() as session:
        await session.execute(delete(_CALL).where(_CALL.id == call_id, _CALL.outcome.is_(None)))


async def ended(office: Office, call_id: UUID, outcome: CallOutcome, *, call_sid: str = "") -> None:
    """A call that is unknown, or has its outcome, changes nothing."""
    async with office.change() as session:
        call = await session.get(OutgoingCallRecord, call_id)
        if call is None:
            return
        case = await lock_case(session, TicketRecord.id == call.ticket_id)
        await session.refresh(call)
        call.call_sid = call.call_sid or call_sid or None
        if outcome == "no_key" and call.answered_at is None:  # our answer to it never came
            outcome = "failed"
        if case is not None:
            await settle(office, case, call, outcome)
        elif call.outcome is None:  # the ticket was deleted while it rang
            call.outcome, call.ended_at = outcome, office.now()


async def close_forgotten(office: Office) -> None:
    """Calls of which the network has said nothing for long: nobody pressed a key, or they never came about."""
    async with office.sessions() as session:
        heard_of = func.coalesce(_CALL.answered_at, _CALL.dialled_at)
        found = await session.execute(
            select(_CALL.id, _CALL.answered_at)
            .where(_CALL.outcome.is_(None), heard_of < office.now() - NO_NEWS)
            .limit(FORGOTTEN_AT_ONCE)
        )
        forgotten = found.all()
    for call_id, answered_at in forgotten:
        await ended(office, call_id, "no_key" if answered_at else "failed")
