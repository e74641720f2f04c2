"""The SLA clock: when a ticket must be answered or solved, and whether it is late."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from escalation.calendar import Calendar


@dataclass(frozen=True, slots=True)
class SlaClock:
    """Runs in working time while the ticket waits on us; stands still while it waits on the customer.

    The target comes from data/operator/sla.yml and is frozen when the ticket opens.
    """

    target: timedelta  # working time
    since: datetime | None  # when it last started, UTC; None while it stands still
    left: timedelta  # working time left at `since`, or now while it stands still; negative when late
    due_at: datetime | None  # None while it stands still

    @classmethod
    def start(cls, now: datetime, target: timedelta, calendar: Calendar) -> "SlaClock":
        return cls(target=target, since=None, left=target, due_at=None).resume(now, calendar)

    def pause(self, now: datetime, calendar: Calendar) -> "SlaClock":
        """Stand still and keep the working time that is left."""
        if self.since is None:
            return self
        return replace(self, since=None, left=self.left_at(now, calendar), due_at=None)

    def resume(self, now: datetime, calendar: Calendar) -> "SlaClock":
        """Start again: the working time that was left, counted from now on this target's calendar.

        A clock that was late is due at once.
        """
        if self.since is not None:
            return self
        return replace(self, since=now, due_at=calendar.add(now, max(self.left, timedelta())))

    def retarget(self, now: datetime, target: timedelta, *, before: Calendar, calendar: Calendar) -> "SlaClock":
        """Another target: the working time that was used, on the calendar it ran on, counts against the new one.

        From now on it runs on the new target's `calendar`; it stands still if it did.
        """
        used = self.target - self.left_at(now, before)
        stopped = replace(self, target=target, since=None, left=target - used, due_at=None)
        return stopped if self.since is None else stopped.resume(now, calendar)

    def on(self, calendar: Calendar) -> "SlaClock":
        """The same clock on a calendar that differs only in time to come: another deadline."""
        if self.since is None:
            return self
        return replace(self, due_at=calendar.add(self.since, max(self.left, timedelta())))

    def left_at(self, now: datetime, calendar: Calendar) -> timedelta:
        """Working time left; negative by the working time that has passed since the deadline."""
        return self.left if self.since is None else self.left - calendar.between(self.since, now)

    def share_used(self, now: datetime, calendar: Calendar) -> float:
        """0 when it starts, 1 at the deadline, more when late."""
        return 1 - self.left_at(now, calendar) / self.target

    def is_late(self, now: datetime) -> bool:
        return self.due_at is not None and now >= self.due_at

    def reaches(self, share_pct: int, calendar: Calendar) -> datetime | None:
        """When this share of the target is used up, over 100 beyond the deadline; None while it stands still.

        A share that was used up before the clock last started is reached at that start.
        """
        if self.since is None:
            return None
        share_left = self.target * (100 - share_pct) / 100
        return calendar.add(self.since, max(self.left - share_left, timedelta()))
