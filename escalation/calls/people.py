"""Who is free to talk to a customer that is called back, and not kept for another one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import floor
from escalation.calls.call_record import OutgoingCallRecord
from escalation.floor import Sought, regular
from escalation.offer import Floor
from escalation.office import Office
from escalation.records import TicketRecord
from escalation.waiting import is_answered_now


@dataclass(frozen=True, slots=True)
class People:
    """At one moment. `kept_for`: customers who are being called back now, by tier."""

    office: Office
    seen: Floor
    kept_for: Mapping[int, int]

    @classmethod
    async def read(cls, office: Office, session: AsyncSession) -> Self:
        call = OutgoingCallRecord
        under_way = await session.execute(
            select(TicketRecord.tier, func.count())
            .join(call, call.ticket_id == TicketRecord.id)
            .where(call.outcome.is_(None), call.purpose == "callback")
            .group_by(TicketRecord.tier)
        )
        return cls(
            office, await floor.read(office, session), Counter({int(tier): int(count) for tier, count in under_way})
        )

    def has_one_for(self, ticket: TicketRecord) -> bool:
        """The tier answers now, and somebody who may have the ticket is ready."""
        tier = self.office.policy.tiers.tiers[ticket.tier]
        if tier.dial is None or not is_answered_now(self.office, ticket.tier):
            return False
        return self._ready(ticket) > self.kept_for[ticket.tier]

    def _ready(self, ticket: TicketRecord) -> int:
        """Where none of those on duty says what they do, the line decides: 1."""
        seen = self.seen
        names = [name for name in regular(self.office.policy, Sought.of(ticket)) if name in seen.workers]
        if not any(seen.presence(name).state for name in names if seen.workers[name].is_on_duty(seen.at)):
            return 1
        skill = self.office.policy.skill(ticket.category)
        return sum(seen.is_available(name, skill) for name in names)
