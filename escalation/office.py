"""What every change of a ticket needs: the database, the policy, the time, and somebody to wake for the events."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from escalation import notification, outbox
from escalation.database import Sessions
from escalation.origin import Origin
from escalation.policy import Policy


def utc_now() -> datetime:
    return datetime.now(UTC)


def _nobody() -> None: ...


@dataclass(frozen=True, slots=True)
class Office:
    sessions: Sessions
    policy: Policy
    operator_name: str
    now: Callable[[], datetime] = utc_now
    public_url: str = ""  # in the links of a ticket, without a trailing slash
    origin: Origin = field(default_factory=Origin)  # of the request that it works for
    wake: Callable[[], None] = _nobody  # called after each commit that left events for a stream

    @asynccontextmanager
    async def change(self) -> AsyncIterator[AsyncSession]:
        """One transaction: what changes and the events that tell of it commit together."""
        async with self.sessions.begin() as session:
            yield session
            await notification.write(session, self.policy, base_url=self.public_url, now=self.now())
        if outbox.is_for_a_stream(session):
            self.wake()
