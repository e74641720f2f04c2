"""How many reports of a fault are normal at a place in an hour of the week. Pure.

A place is a postcode district and a service. Its own reports of eight weeks say little about one hour, so they are
shrunk: the place's level towards the mean of all places, its hour of the week towards that level times the rhythm of
all places. What is left uncertain widens the test (escalation/outages/surge.py).
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

HOURS_A_WEEK = 168
ASSUMED_PER_HOUR = 0.05  # of a place, before there is any history
ASSUMED_PLACE_HOURS = 1000.0  # how much that assumption weighs
LEVEL_PRIOR_H = 168.0  # how much the mean of all places weighs against a place's own: a week of it
HOUR_PRIOR_H = 24.0  # how much level and rhythm weigh against the place's own reports of one hour of the week
RHYTHM_PRIOR = 20.0  # reports; with fewer the week is taken to be flat


@dataclass(frozen=True, slots=True)
class Everywhere:
    """What was reported in all places over `weeks`: in all, and in this hour of the week."""

    reports: int
    this_hour: int
    places: int
    weeks: float

    @property
    def per_place_hour(self) -> float:
        place_hours = self.places * self.weeks * HOURS_A_WEEK
        return (self.reports + ASSUMED_PER_HOUR * ASSUMED_PLACE_HOURS) / (place_hours + ASSUMED_PLACE_HOURS)

    @property
    def rhythm(self) -> float:
        """This hour of the week against the mean hour."""
        return (self.this_hour + RHYTHM_PRIOR) / (self.reports / HOURS_A_WEEK + RHYTHM_PRIOR)

    @property
    def per_year(self) -> float:
        return self.per_place_hour * max(self.places, 1) * HOURS_A_WEEK * 52.18


@dataclass(frozen=True, slots=True)
class Normal:
    """The reports per hour as a Gamma distribution: `shape` reports seen in `hours`."""

    shape: float
    hours: float

    @property
    def per_hour(self) -> float:
        return self.shape / self.hours


def normal_of(everywhere: Everywhere, *, reports: int, this_hour: int) -> Normal:
    """`reports` and `this_hour` are the place's own over the same weeks."""
    hours = everywhere.weeks * HOURS_A_WEEK
    level = (reports + LEVEL_PRIOR_H * everywhere.per_place_hour) / (hours + LEVEL_PRIOR_H)
    expected = level * everywhere.rhythm
    return Normal(shape=this_hour + HOUR_PRIOR_H * expected, hours=everywhere.weeks + HOUR_PRIOR_H)


def hour_of_week(at: datetime, zone: ZoneInfo) -> int:
    """0 is Monday from 0:00 to 1:00, as people there live."""
    local = at.astimezone(zone)
    return local.weekday() * 24 + local.hour
