"""The clocks of one ticket, and what each event of its life does to them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from escalation.calendar import Calendar
from escalation.excluded import Window
from escalation.policy import FrozenPolicy
from escalation.policy_files import StepName
from escalation.priority import Priority
from escalation.sla import SlaClock
from escalation.targets import TIER, Target, tier_target
from escalation.terms import Terms

UPDATE, RESOLVE = "update", "resolve"


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at a share of a target; `due_at` is None while the clock stands still."""

    clock: str
    round: int
    at_pct: int
    do: StepName
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """One clock. `round` counts how often it has begun; `late` says that this round's deadline has passed.

    `terms`: the agreement that binds who holds the ticket, for the tier's clock alone.
    """

    clock: SlaClock
    calendar: str
    done_at: datetime | None = None
    late: bool = False
    round: int = 1
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class TicketClocks:
    """Every method gives the clocks as they are after an event at `now`; what is done is not touched but by reopening.

    A ticket has the clocks it opened with: one that knows no tier clock gets none.
    """

    policy: FrozenPolicy
    priority: Priority
    tier: int
    windows: tuple[Window, ...]
    kept: Mapping[str, Kept]

    @classmethod
    def open(
        cls,
        policy: FrozenPolicy,
        priority: Priority,
        tier: int,
        now: datetime,
        *,
        windows: Sequence[Window] = (),
        terms: Terms | None = None,
        has_customer: bool = True,
    ) -> "TicketClocks":
        """`terms`: the agreement that binds who holds it first. Where there is no customer nobody is owed an update."""
        to_come = tuple(left for window in windows if (left := window.from_on(now)) is not None)
        begun = cls(policy, priority, tier, to_come, {})
        for name in policy.targets_of(priority):
            if name == UPDATE and not has_customer:
                continue
            begun = begun._with(name, begun._started(name, now))
        return begun._with(TIER, begun._started(TIER, now, terms)) if tier in policy.tier_keeps_pct else begun

    def pause(self, now: datetime) -> "TicketClocks":
        """The customer must answer. A clock that reaches its deadline just then was late."""
        paused = self
        for name, kept in self._unfinished():
            clock = kept.clock.pause(now, self.calendar(name, kept.calendar))
            late = kept.late or clock.left <= timedelta()
            paused = paused._with(name, replace(kept, clock=clock, late=late))
        return paused

    def resume(self, now: datetime) -> "TicketClocks":
        resumed = self
        for name, kept in self._unfinished():
            clock = kept.clock.resume(now, self.calendar(name, kept.calendar))
            resumed = resumed._with(name, replace(kept, clock=clock))
        return resumed

    def done(self, now: datetime, *names: str) -> "TicketClocks":
        """Stops for good, unless it is reopened; without names all of them. Late if the deadline had passed."""
        finished = self
        for name, kept in self._unfinished():
            if not names or name in names:
                clock = kept.clock.pause(now, self.calendar(name, kept.calendar))
                late = kept.late or clock.left < timedelta()
                finished = finished._with(name, replace(kept, clock=clock, done_at=now, late=late))
        return finished

    def reopen(self, now: datetime) -> "TicketClocks":
        """The solution was refused: the same clocks go on where they stood; the customer is owed an update anew."""
        reopened = self
        for name in ("resolve", UPDATE, TIER):
            if name in self.kept:
                reopened = reopened._with(name, replace(self.kept[name], done_at=None))
        return reopened.resume(now)._begin_anew(UPDATE, now)

    def told(self, now: datetime) -> "TicketClocks":
        """The customer got a message of ours: the time to the next one begins anew."""
        return self._begin_anew(UPDATE, now)

    def reach(self, tier: int, now: datetime, terms: Terms | None = None) -> "TicketClocks":
        """Another tier has the ticket: its own clock begins, under the agreement that binds it, if there is one.

        The same tier again changes nothing.
        """
        return self if tier == self.tier else replace(self, tier=tier)._begin_anew(TIER, now, terms)

    def retarget(self, priority: Priority, now: datetime) -> "TicketClocks":
        """Another priority: what was used, on the calendar it was used on, counts against its targets.

        A deadline that was missed stays missed.
        """
        moved = replace(self, priority=priority)
        for name, kept in sorted(self._unfinished(), key=lambda one: one[0] == TIER):  # the tier's is bounded by others
            before, target = self.calendar(name, kept.calendar), moved.target(name)
            calendar = moved.calendar(name, target.calendar)
            left = kept.clock.left_at(now, before)
            late = kept.late or left <= timedelta()
            within = target.within
            if moved._terms(name, kept.terms) is not None:
                within = moved._bounded(within, calendar, now, used=kept.clock.target - left)
            clock = kept.clock.retarget(now, within, before=before, calendar=calendar)
            moved = moved._with(name, replace(kept, clock=clock, calendar=target.calendar, late=late))
        return moved

    def exclude(self, window: Window, now: datetime) -> "TicketClocks":
        """What is still to come of the window does not count against the targets that exclude its kind."""
        to_come = window.from_on(now)
        if to_come is None:
            return self
        return self._without((*self.windows, to_come))

    def readmit(self, source: str, now: datetime) -> "TicketClocks":
        """What is still to come of the windows of this maintenance counts again."""
        kept = [window if window.of != source else window.until(now) for window in self.windows]
        return self._without(tuple(window for window in kept if window is not None))

    def steps(self) -> Iterator[Step]:
        for name, kept in self.kept.items():
            calendar = self.calendar(name, kept.calendar)
            for step in self.policy.steps.get(name, ()):
                yield Step(name, kept.round, step.at_pct, step.do, kept.clock.reaches(step.at_pct, calendar))

    def share_used(self, name: str, now: datetime) -> float:
        """Of this clock's target: 0 when it begins, 1 at the deadline, more when late."""
        kept = self.kept[name]
        return kept.clock.share_used(now, self.calendar(name, kept.calendar))

    def used(self, name: str, now: datetime) -> timedelta:
        """Working time that this round of the clock has run."""
        kept = self.kept[name]
        return kept.clock.target - kept.clock.left_at(now, self.calendar(name, kept.calendar))

    def target(self, name: str) -> Target:
        """The whole target; a tier's under an agreement may be cut short by what is left of the customer's."""
        return self._target(name, self.kept[name].terms if name in self.kept else None)

    def calendar(self, name: str, calendar: str) -> Calendar:
        """On which this clock runs: less the windows that its target excludes."""
        return self._calendar(name, calendar, self.kept[name].terms if name in self.kept else None)

    def _terms(self, name: str, terms: Terms | None) -> Terms | None:
        """Those that hold for this clock at the ticket's priority."""
        return terms if name == TIER and terms is not None and self.priority in terms.targets else None

    def _target(self, name: str, terms: Terms | None) -> Target:
        targets = self.policy.targets_of(self.priority)
        if name != TIER:
            return targets[name]
        if (agreed := self._terms(name, terms)) is not None:
            return agreed.targets[self.priority]
        return tier_target(targets[RESOLVE], self.policy.tier_keeps_pct[self.tier])

    def _calendar(self, name: str, calendar: str, terms: Terms | None) -> Calendar:
        agreed, kinds = self._terms(name, terms), self._target(name, terms).exclude
        away = [(window.begins, window.ends) for window in self.windows if window.kind in kinds]
        whole = (self.policy if agreed is None else agreed).calendars[calendar]
        return whole.without(away) if away else whole

    def _started(self, name: str, now: datetime, terms: Terms | None = None, number: int = 1) -> Kept:
        target = self._target(name, terms)
        calendar, within = self._calendar(name, target.calendar, terms), target.within
        if self._terms(name, terms) is not None:
            within = self._bounded(within, calendar, now)
        return Kept(SlaClock.start(now, within, calendar), target.calendar, round=number, terms=terms)

    def _bounded(
        self, within: timedelta, calendar: Calendar, now: datetime, *, used: timedelta = timedelta()
    ) -> timedelta:
        """No more than fits, on the agreement's calendar, before the customer's problem must be solved.

        When nothing fits any more, because that deadline has passed or the calendar is closed until then, the
        agreement's own time holds: the customer's clock warns by itself.
        """
        resolve = self.kept[RESOLVE]
        until = resolve.clock.due_at
        if until is None:  # it stands still: as if it went on now
            until = self.calendar(RESOLVE, resolve.calendar).add(now, max(resolve.clock.left, timedelta()))
        room = calendar.between(now, until)
        return min(within, used + room) if room > timedelta() else within

    def _begin_anew(self, name: str, now: datetime, terms: Terms | None = None) -> "TicketClocks":
        """The whole target again; it stands still if it did."""
        kept = self.kept.get(name)
        if kept is None or kept.done_at is not None:
            return self
        begun = self._started(name, now, terms, kept.round + 1)
        if kept.clock.since is None:
            calendar = self._calendar(name, begun.calendar, terms)
            begun = replace(begun, clock=begun.clock.pause(now, calendar))
        return self._with(name, begun)

    def _without(self, windows: tuple[Window, ...]) -> "TicketClocks":
        """Other windows, which differ from those before only in time to come."""
        other = replace(self, windows=windows)
        for name, kept in self._unfinished():
            clock = kept.clock.on(other.calendar(name, kept.calendar))
            other = other._with(name, replace(kept, clock=clock))
        return other

    def _unfinished(self) -> list[tuple[str, Kept]]:
        return [(name, kept) for name, kept in self.kept.items() if kept.done_at is None]

    def _with(self, name: str, kept: Kept) -> "TicketClocks":
        return replace(self, kept={**self.kept, name: kept})
