"""Looks for places with too many reports, and opens the ticket of a suspected major incident, once."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import opening
from escalation.filed import Filing
from escalation.form import filled
from escalation.kind import Kind
from escalation.office import Office
from escalation.outages.normal import Everywhere, Normal, hour_of_week, normal_of
from escalation.outages.outage_records import FaultReportRecord, OutageRecord
from escalation.outages.reports import maintenance_at
from escalation.outages.running import end_those_solved, lock_place, running_at
from escalation.outages.surge import Report, Suspicion, suspect
from escalation.signals import Signals

CATEGORY = "outage"
_R = FaultReportRecord
_UNEXPLAINED = (_R.outage_id.is_(None), _R.explained_by.is_(None))


async def find_surges(office: Office) -> None:
    """Every place that has the least number of reports is tested; by several watches at once, too."""
    rules = office.policy.outages.rules
    recent = _R.at > office.now() - rules.longest
    busy = (
        select(_R.area, _R.service)
        .where(recent, *_UNEXPLAINED)
        .group_by(_R.area, _R.service)
        .having(func.count(_R.reporter.distinct()) >= rules.least_customers)
    )
    async with office.sessions() as session:
        places = (await session.execute(busy)).all()
    for area, service in places:
        if await maintenance_at(office, area, service) is None:
            await _test(office, area, service)


async def _test(office: Office, area: str, service: str) -> None:
    async with office.change() as session:
        await lock_place(session, area, service)
        await end_those_solved(session)
        if await running_at(session, area, service) is not None:
            return
        recent = await _recent(office, session, area, service)
        normal, everywhere = await _normal(office, session, area, service)
        rules = office.policy.outages.rules
        suspicion = suspect(recent, normal, rules, chance=rules.chance(everywhere))
        if suspicion is not None:
            await _open(office, session, area, service, suspicion)


async def _recent(office: Office, session: AsyncSession, area: str, service: str) -> tuple[Report, ...]:
    """One report a customer. What was reported before the last outage there ended, or was dismissed, is settled."""
    ended = await session.scalar(
        select(func.max(OutageRecord.ended_at)).where(OutageRecord.area == area, OutageRecord.service == service)
    )
    since = office.now() - office.policy.outages.rules.longest
    query = (
        select(_R.reporter, func.max(_R.at).label("last"))
        .where(_R.area == area, _R.service == service, _R.at > max(since, ended or since), *_UNEXPLAINED)
        .group_by(_R.reporter)
        .order_by("last")
    )
    return tuple(Report(at, reporter) for reporter, at in (await session.execute(query)).all())


async def _normal(office: Office, session: AsyncSession, area: str, service: str) -> tuple[Normal, Everywhere]:
    now, outages, zone = office.now(), office.policy.outages, office.policy.messages.zone
    until = now - outages.rules.longest
    local = func.timezone(zone, _R.at)
    hour = (func.extract("isodow", local) - 1) * 24 + func.extract("hour", local)
    this_hour = hour == hour_of_week(now, ZoneInfo(zone))
    here = (_R.area == area) & (_R.service == service)
    count = func.count()
    query = select(
        count,
        count.filter(this_hour),
        func.count(func.concat(_R.area, " ", _R.service).distinct()),
        func.min(_R.at),
        count.filter(here),
        count.filter(here & this_hour),
    ).where(_R.at > now - outages.history, _R.at <= until, *_UNEXPLAINED)
    reports, in_hour, places, first, own, own_in_hour = (await session.execute(query)).one()
    weeks = (until - first) / timedelta(weeks=1) if first is not None else 0.0
    everywhere = Everywhere(reports, in_hour, places, weeks)
    return normal_of(everywhere, reports=own, this_hour=own_in_hour), everywhere


async def _open(office: Office, session: AsyncSession, area: str, service: str, found: Suspicion) -> None:
    """The ticket for the people of the network, with the evidence; the reports become the outage's."""
    problem = office.policy.messages.write(
        "staff_outage_suspected",
        "",
        by=found.began_at,
        area=area,
        service=service,
        count=str(found.customers),
        expected=f"{found.expected:.1f}",
    )
    signals = Signals(category=CATEGORY, reason="filed", problem=problem, affected="many", service="down")
    form = filled(Kind.INCIDENT, {"area": area, "began_at": found.began_at.isoformat()})
    case = await opening.open_ticket(office, session, None, signals, who="watch", filing=Filing(Kind.INCIDENT, form))
    outage = OutageRecord(
        id=uuid4(),
        ticket_id=case.ticket.id,
        area=area,
        service=service,
        state="suspected",
        began_at=found.began_at,
        suspected_at=office.now(),
        customers=found.customers,
        expected=found.expected,
        chance=found.chance,
        expected_end=None,
        cause="",
        ended_at=None,
    )
    session.add(outage)
    await session.flush()
    await session.execute(
        update(_R)
        .where(_R.area == area, _R.service == service, _R.at >= found.began_at, *_UNEXPLAINED)
        .values(outage_id=outage.id)
    )
