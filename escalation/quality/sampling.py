"""When a week is over: the draw of its conversations, once, whoever runs the watch."""

import secrets
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.forgetting import ERASED
from escalation.office import Office
from escalation.policy import Policy
from escalation.quality.draw import bounds, draw, weeks_to_draw
from escalation.quality.quality_file import BOT
from escalation.quality.quality_records import DrawRecord, ReviewRecord
from escalation.records import AuditRecord, ContactRecord, TicketRecord, TurnRecord
from escalation.sight import role_of
from escalation.ticket import Move

_SPOKE = [str(move) for move in (Move.REPLY, Move.ASK_CUSTOMER, Move.RESOLVE)]  # the customer reads or hears of these


async def draw_due(office: Office) -> int:
    """How many conversations were drawn now. A week that ends without any is drawn as well, and recorded."""
    zone = office.policy.quality.zone
    async with office.sessions() as session:
        newest = await session.scalar(select(func.max(DrawRecord.week)))
    return sum([await _draw(office, week) for week in weeks_to_draw(office.now(), zone, newest)])


async def _draw(office: Office, week: date) -> int:
    """The week's row is its lock: a second watch finds it drawn."""
    seed = secrets.token_hex(16)
    async with office.sessions.begin() as session:
        row = insert(DrawRecord).values(week=week, seed=seed, drawn_at=office.now(), population=[])
        drawn = await session.execute(row.on_conflict_do_nothing().returning(DrawRecord.week))
        if drawn.scalar_one_or_none() is None:
            return 0
        candidates = await _candidates(session, office.policy, week)
        record = await session.get_one(DrawRecord, week)
        record.population = [[subject, len(contacts)] for subject, contacts in sorted(candidates.items())]
        chosen = [
            ReviewRecord(week=week, subject=subject, contact_id=contact_id, comment="")
            for subject, contacts in sorted(candidates.items())
            for contact_id in draw(seed, subject, contacts, office.policy.quality.drawn(subject))
        ]
        session.add_all(chosen)
        return len(chosen)


async def _candidates(session: AsyncSession, policy: Policy, week: date) -> Mapping[str, set[UUID]]:
    """By subject, the conversations that ended in the week and tell of something that is still kept."""
    begins, ends = bounds(week, policy.quality.zone)
    ended = (ContactRecord.ended_at >= begins, ContactRecord.ended_at < ends)
    by_bot = (
        select(ContactRecord.id)
        .join(TurnRecord, TurnRecord.contact_id == ContactRecord.id)
        .where(*ended, TurnRecord.author == "bot", TurnRecord.text != ERASED)
        .distinct()
    )
    by_agent = (
        select(AuditRecord.who, ContactRecord.id)
        .join(TicketRecord, TicketRecord.contact_id == ContactRecord.id)
        .join(AuditRecord, AuditRecord.ticket_id == TicketRecord.id)
        .where(*ended, AuditRecord.what.in_(_SPOKE), TicketRecord.deleted_at.is_(None))
        .where(TicketRecord.erased_at.is_(None))
        .distinct()
    )
    found: defaultdict[str, set[UUID]] = defaultdict(set)
    found[BOT] = set(await session.scalars(by_bot))
    for who, contact_id in await session.execute(by_agent):
        if who in policy.people and Move.REPLY in role_of(policy.people[who]).moves:
            found[who].add(contact_id)
    return found
