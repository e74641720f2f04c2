"""One look at all offers: what is over is ended, what waits is put before somebody; each once, however many look."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from escalation import floor, left_behind, offering
from escalation.floor import Sought, regular
from escalation.offer import COULD_NOT_ANSWER, Floor, choose, over_for
from escalation.office import Office
from escalation.records import TicketRecord
from escalation.relation import FOLLOWS
from escalation.relation_record import RelationRecord
from escalation.roster import stand_in
from escalation.roster_records import OfferRecord
from escalation.store import lock_case
from escalation.ticket import OPEN

LISTED = 2000  # tickets looked at in one round, the most urgent first
_Followed = aliased(TicketRecord)


async def advance(office: Office) -> int:
    """How many tickets changed. One that somebody is changing at this moment is left for the next round."""
    changed = await left_behind.offer_on(office)
    async with office.sessions() as session:
        now_at = await floor.read(office, session)
        ids = [*await _over(session, now_at), *await _unoffered(office, session, now_at)]
    return changed + sum([await _go_on(office, ticket_id) for ticket_id in ids])


async def _go_on(office: Office, ticket_id: UUID) -> bool:
    async with office.change() as session:
        case = await lock_case(session, TicketRecord.id == ticket_id, skip_locked=True)
        if case is not None:
            await offering.go_on(office, case)
        return case is not None


async def _over(session: AsyncSession, now_at: Floor) -> list[UUID]:
    found = await session.execute(
        select(OfferRecord, TicketRecord)
        .join(TicketRecord, TicketRecord.id == OfferRecord.ticket_id)
        .where(OfferRecord.outcome.is_(None), TicketRecord.deleted_at.is_(None))
    )
    return [
        ticket.id
        for offer, ticket in found
        if offering.settled(ticket, offer) or over_for(now_at, offer.username, offer.due_at)
    ]


async def _unoffered(office: Office, session: AsyncSession, now_at: Floor) -> list[UUID]:
    """Tickets before nobody: new in their round, of a responsible person who has gone, or that somebody could take."""
    workers = now_at.workers
    absent = [name for name in workers if workers[name].is_absent(now_at.at) and stand_in(name, workers, now_at.at)]
    is_due = or_(
        TicketRecord.asked_out_round.is_distinct_from(TicketRecord.offer_round),
        TicketRecord.asked.in_(absent) & TicketRecord.live.is_(False),
    )
    follows = (
        select(RelationRecord.ticket_id)
        .join(_Followed, _Followed.id == RelationRecord.to_id)
        .where(
            RelationRecord.ticket_id == TicketRecord.id,
            RelationRecord.relation.in_([str(relation) for relation in FOLLOWS]),
            _Followed.status.in_([str(status) for status in OPEN]),
            _Followed.deleted_at.is_(None),
        )
    )
    on_offer = select(OfferRecord.id).where(OfferRecord.ticket_id == TicketRecord.id, OfferRecord.outcome.is_(None))
    someone_is_free = any(now_at.presence(name).state == "ready" for name in workers)
    found = await session.execute(
        select(
            TicketRecord.id,
            TicketRecord.tier,
            TicketRecord.department,
            TicketRecord.system,
            TicketRecord.category,
            TicketRecord.signals["segment"].astext,
            is_due.label("is_due"),
        )
        .where(
            *floor.IS_OPEN,
            TicketRecord.assignee.is_(None),
            TicketRecord.status.in_([str(status) for status in offering.WAITS_IN]),
            ~on_offer.exists(),
            ~follows.exists(),
            or_(is_due, literal(someone_is_free)),
        )
        .order_by(TicketRecord.priority, TicketRecord.created_at)
        .limit(LISTED)
    )
    rows = [(Sought(*columns), due) for *columns, due in found]
    asked = await _asked(session, [ticket.id for ticket, _ in rows])
    return list(_takeable(office, now_at, rows, asked))


def _takeable(
    office: Office, now_at: Floor, rows: Sequence[tuple[Sought, bool]], asked: Mapping[UUID, set[str]]
) -> Iterator[UUID]:
    """Thousands may wait, and few of them differ in what decides whether somebody could take them."""
    known: dict[Hashable, bool] = {}
    for ticket, is_due in rows:
        skill, already = office.policy.skill(ticket.category), frozenset(asked[ticket.id])
        alike = (ticket.tier, ticket.department, ticket.system, ticket.segment, skill, already)
        if not is_due and alike not in known:
            known[alike] = choose(now_at, regular(office.policy, ticket), skill, already) is not None
        if is_due or known[alike]:
            yield ticket.id


async def _asked(session: AsyncSession, ids: Sequence[UUID]) -> Mapping[UUID, set[str]]:
    """By ticket: who has answered, or had the time to, in its present round."""
    found = await session.execute(
        select(OfferRecord.ticket_id, OfferRecord.username)
        .join(TicketRecord, TicketRecord.id == OfferRecord.ticket_id)
        .where(
            OfferRecord.ticket_id.in_(ids),
            OfferRecord.round == TicketRecord.offer_round,
            OfferRecord.outcome.not_in([str(outcome) for outcome in COULD_NOT_ANSWER]),
        )
    )
    grouped: dict[UUID, set[str]] = defaultdict(set)
    for ticket_id, username in found:
        grouped[ticket_id].add(username)
    return grouped
