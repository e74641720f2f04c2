"""What a new ticket depends on and only the database knows, asked at once: each question alone is a round trip."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.maintenance.known import IS_RUNNING
from escalation.outages.outage_records import FaultReportRecord
from escalation.records import ContactRecord, TicketRecord
from escalation.reference import new_reference

CANDIDATES = 4  # with a million tickets each is taken one time in nine

_AREA = (
    select(FaultReportRecord.area)
    .where(FaultReportRecord.contact_id == bindparam("contact_id"))
    .order_by(FaultReportRecord.at.desc())
    .limit(1)
)
_candidate = func.unnest(bindparam("references", type_=ARRAY(Text))).column_valued("candidate")
_FREE = select(_candidate).where(~exists().where(TicketRecord.reference == _candidate)).limit(1)
_ASKED = select(
    _FREE.scalar_subquery().label("reference"),
    _AREA.scalar_subquery().label("area"),
    exists().where(IS_RUNNING).label("is_worked"),
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    reference: str  # that no other ticket has
    area: str | None  # where the contact reported a fault last
    is_worked: bool  # whether any maintenance window runs now


async def circumstances(session: AsyncSession, contact: ContactRecord | None, now: datetime) -> Circumstances:
    contact_id = contact.id if contact is not None else None
    while True:
        references = [new_reference() for _ in range(CANDIDATES)]
        asked = {"references": references, "contact_id": contact_id, "now": now}
        found = (await session.execute(_ASKED, asked)).one()
        if found.reference is not None:
            return Circumstances(found.reference, found.area, found.is_worked)
