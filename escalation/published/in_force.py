"""The policy in force: what is installed, and before it what was published; running programs take it as a whole."""

import asyncio
import hashlib
import logging
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.office import Office
from escalation.policy import PolicyError, Source, assembled
from escalation.policy.reading import Texts
from escalation.published.policy_records import PolicyVersionRecord

log = logging.getLogger(__name__)

LOOK_S = 1.0
_NEWEST = select(func.coalesce(func.max(PolicyVersionRecord.id), 0))
_IN_FORCE = (
    select(PolicyVersionRecord.id, PolicyVersionRecord.file, PolicyVersionRecord.text)
    .ext(distinct_on(PolicyVersionRecord.file))
    .order_by(PolicyVersionRecord.file, PolicyVersionRecord.number.desc())
)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def source(session: AsyncSession, installed: Texts) -> Source:
    """One query, so that it is all of one moment."""
    rows = (await session.execute(_IN_FORCE)).all()
    published = {row.file: row.text for row in rows}
    return Source(installed=installed, published=published, serial=max((row.id for row in rows), default=0))


class InForce:
    """An office whose policy keeps up with what is published while its program runs.

    A policy is read, checked and put in place as a whole; one that is wrong leaves the one before in force.
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self._refused: int | None = None
        self._looking = asyncio.Lock()  # so that an older look never ends after a newer one

    @property
    def is_known(self) -> bool:
        """Whether it has been looked for: before that only what is installed is known."""
        return self.office.policy.source.serial is not None

    @property
    def is_behind(self) -> bool:
        """Whether the newest that was published is refused, so that an earlier one goes on."""
        return self._refused is not None and self._refused > (self.office.policy.source.serial or 0)

    async def look(self) -> Office:
        """The same office while nothing new is published. Raises PolicyError when there is none to go on with."""
        async with self._looking:
            return await self._look()

    async def _look(self) -> Office:
        known = self.office.policy.source
        async with self.office.sessions() as session:
            if await session.scalar(_NEWEST) in (known.serial, self._refused):
                return self.office
            found = await source(session, known.installed)
        try:
            policy = await asyncio.to_thread(assembled, found)
        except PolicyError as error:
            if not self.is_known:
                raise
            self._refused = found.serial
            log.error("the published policy is not taken, the one before stays in force: %s", error)
            return self.office
        self.office = replace(self.office, policy=policy)
        log.info("policy %s is in force", policy.version)
        return self.office
