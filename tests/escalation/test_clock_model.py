"""Any life of a ticket: its clocks do what a model does that looks at every minute.

`CLOCK_MODEL_CASES=10000 python -m pytest tests/escalation/test_clock_model.py` tries as many lives.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.calendar import Calendar
from escalation.excluded import Window
from escalation.policy import FrozenPolicy
from escalation.priority import Priority
from escalation.targets import ClockStep, Target
from escalation.terms import Terms
from escalation.ticket_clocks import TicketClocks
from tests.escalation.minute_model import MINUTES, NAMES, MinuteModel, know

CASES = int(os.environ.get("CLOCK_MODEL_CASES", "150"))
MINUTE = timedelta(minutes=1)
ENOUGH_S = 0.001  # a share of a target may end between two microseconds
DAYS_OF_WEEK = range(7)
SOURCES = ["FL-10000001", "FL-10000002"]  # the maintenance that a window is of

CALENDARS = {
    calendar.name: calendar
    for calendar in (
        Calendar("always", always=True),
        Calendar(
            "office",
            zone="Europe/London",
            week=dict.fromkeys(range(5), ((time(9), time(17, 30)),)),
            country="GB",
            subdivision="ENG",
        ),
        Calendar(
            "split",
            zone="Europe/Berlin",
            week=dict.fromkeys(range(6), ((time(8), time(12)), (time(13), time()))),
            country="DE",
            closed=frozenset({date(2028, 2, 29), date(2026, 12, 24)}),
        ),
        Calendar(
            "turning",
            zone="Europe/London",
            week=dict.fromkeys(DAYS_OF_WEEK, ((time(0, 10), time(1, 15)), (time(1, 40), time(5)))),
        ),
        Calendar(
            "half",
            zone="Australia/Lord_Howe",
            week=dict.fromkeys(DAYS_OF_WEEK, ((time(1, 50), time(2, 20)), (time(2, 25), time(9)))),
        ),
        Calendar(
            "nights",
            zone="America/Havana",
            week=dict.fromkeys(DAYS_OF_WEEK, ((time(0), time(0, 30)), (time(0, 45), time(6)))),
        ),
        Calendar("weekend", zone="America/New_York", week=dict.fromkeys((5, 6), ((time(0), time()),)), country="US"),
    )
}
know(CALENDARS)

# Beginnings from which the clocks change, a year ends, or a leap day comes.
STARTS = [
    datetime(2026, 3, 20, tzinfo=UTC),
    datetime(2026, 10, 17, tzinfo=UTC),
    datetime(2026, 12, 18, tzinfo=UTC),
    datetime(2028, 2, 22, tzinfo=UTC),
    datetime(2027, 3, 5, tzinfo=UTC),
    datetime(2026, 3, 28, tzinfo=UTC),
]
STEPS = {
    "acknowledge": (100,),
    "respond": (50, 75, 100, 150),
    "update": (75, 100),
    "resolve": (50, 75, 100, 150),
    "tier": (80, 100),
}

targets = st.builds(
    lambda minutes, calendar, excludes: Target(
        within=minutes * MINUTE, calendar=calendar, exclude=("maintenance",) if excludes else ()
    ),
    st.integers(1, 2400),
    st.sampled_from(sorted(CALENDARS)),
    st.booleans(),
)
promises = st.fixed_dictionaries({name: targets for name in NAMES if name != "tier"})
policies = st.builds(
    lambda choices, keeps: FrozenPolicy(
        "v1",
        choices[Priority.P3],
        {name: tuple(ClockStep(at_pct=pct, do="warn") for pct in shares) for name, shares in STEPS.items()},
        CALENDARS,
        Priority.P3,
        choices,
        keeps,
    ),
    st.fixed_dictionaries(dict.fromkeys((Priority.P1, Priority.P3), promises)),
    st.fixed_dictionaries(dict.fromkeys((1, 2, 3, 4), st.integers(1, 20).map(lambda n: n * 5))),
)
terms = st.builds(  # an agreement may be silent about a priority
    lambda agreed: Terms("ola", 1, agreed, CALENDARS),
    st.dictionaries(st.sampled_from([Priority.P1, Priority.P3]), targets),
)
events = st.one_of(
    st.tuples(st.sampled_from(["pause", "pause", "resume", "resolve", "reopen", "told", "heard", "accept", "policy"])),
    st.tuples(st.just("tier"), st.integers(1, 4), st.none() | terms),
    st.tuples(st.just("priority"), st.sampled_from([Priority.P1, Priority.P3])),
    st.tuples(
        st.just("exclude"),
        st.integers(-600, 3000),
        st.integers(1, 3000),
        st.sampled_from(["maintenance", "other"]),
        st.sampled_from(SOURCES),
    ),
    st.tuples(st.just("readmit"), st.sampled_from(SOURCES)),
)
lives = st.lists(st.tuples(st.integers(0, 2 * 1440), events), max_size=9)


class Life:
    """One ticket, kept by the rules and by the model; `fired` is what the rules would have made the watch do."""

    def __init__(self, policy: FrozenPolicy, start: datetime, *, has_customer: bool) -> None:
        self.start, self.resolved = start, False
        self.model = MinuteModel(policy, start, Priority.P3, 1, has_customer)
        self.clocks = TicketClocks.open(policy, Priority.P3, 1, start, has_customer=has_customer)
        self.fired: dict[tuple[str, int, int], float] = {}

    def watch(self, to: int) -> None:
        """The watch fires what is due by then, and the model counts the minutes."""
        now = self.start + to * MINUTE
        for step in self.clocks.steps():
            key = (step.clock, step.round, step.at_pct)
            if step.due_at is not None and step.due_at <= now and key not in self.fired:
                self.fired[key] = (step.due_at - self.start).total_seconds()
        self.model.advance(to)

    def happens(self, event: tuple[Any, ...]) -> None:
        """What the moves of a ticket allow: the others are no event."""
        name, *given = event
        model, clocks, now = self.model, self.clocks, self.start + self.model.at * MINUTE
        is_open = not self.resolved
        if name == "pause" and is_open and not model.paused:
            model.pause()
            self.clocks = clocks.pause(now)
        elif name == "resume" and model.paused:
            model.resume()
            self.clocks = clocks.resume(now)
        elif name == "resolve" and is_open and not model.paused:
            model.done()
            self.clocks, self.resolved = clocks.done(now), True
        elif name == "reopen" and self.resolved:
            model.reopen()
            self.clocks, self.resolved = clocks.reopen(now), False
        elif name == "told":
            model.told()
            self.clocks = clocks.told(now)
        elif name in {"heard", "accept"}:
            clock = {"heard": "acknowledge", "accept": "respond"}[name]
            model.done(clock)
            self.clocks = clocks.done(now, clock)
        elif name == "policy":  # an edited policy is read again; the ticket keeps what was frozen
            kept = FrozenPolicy.from_json(clocks.policy.to_json())
            self.clocks = TicketClocks(kept, clocks.priority, clocks.tier, clocks.windows, clocks.kept)
        elif name == "tier" and is_open:
            model.reach(*given)
            self.clocks = clocks.reach(given[0], now, given[1])
        elif name == "priority" and is_open:
            model.retarget(given[0])
            self.clocks = clocks.retarget(given[0], now)
        elif name == "exclude":
            begins, ends, kind, source = model.at + given[0], model.at + given[0] + given[1], given[2], given[3]
            model.exclude(kind, begins, ends, source)
            window = Window(self.start + begins * MINUTE, self.start + ends * MINUTE, kind, source)
            self.clocks = clocks.exclude(window, now)
        elif name == "readmit":
            model.readmit(given[0])
            self.clocks = clocks.readmit(given[0], now)

    def agrees(self) -> None:
        assert self.clocks.kept.keys() == self.model.tallies.keys()
        now = self.start + self.model.at * MINUTE
        for name, tally in self.model.tallies.items():
            kept = self.clocks.kept[name]
            left = kept.clock.left_at(now, self.clocks.calendar(name, kept.calendar)).total_seconds()
            assert left == pytest.approx(tally.target_s - tally.used_s, abs=ENOUGH_S), name
            assert (kept.round, kept.done_at is not None, kept.late) == (tally.round, tally.done, tally.late), name
            assert (kept.clock.since is None) == (self.model.paused or tally.done), name
        assert self.fired == pytest.approx(self.model.fired, abs=ENOUGH_S)


@settings(max_examples=CASES)
@given(policies, st.sampled_from(STARTS), lives, st.booleans())
def test_any_life_of_a_ticket_goes_as_the_model_counts_it(
    policy: FrozenPolicy, start: datetime, life: list[tuple[int, tuple[Any, ...]]], has_customer: bool
) -> None:
    ticket = Life(policy, start, has_customer=has_customer)
    ticket.agrees()
    for gap, event in life:
        ticket.watch(ticket.model.at + gap)
        ticket.agrees()
        ticket.happens(event)
        ticket.agrees()
    ticket.watch(MINUTES)
    ticket.agrees()
