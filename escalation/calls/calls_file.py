"""The shape of data/operator/calls.yml: when customers are rung, how often, and about what."""

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number
from pydantic import Field, field_validator

from escalation.calendar import Calendar
from escalation.kind import Kind
from escalation.policy_files import Duration, Entry, Zone
from escalation.week import WEEKDAYS, Week, check_week
from escalation.wire import Channel

Attempts = Annotated[int, Field(ge=0, le=10)]  # none: nobody is rung about this


class Repeated(Entry):
    """`again_after`: the wait after each attempt; the last one also holds for those that come after it."""

    attempts: Attempts
    again_after: tuple[Duration, ...] = Field(min_length=1, max_length=9)

    def wait_after(self, made: int) -> timedelta:
        """Until the next attempt, once `made` of them (at least one) have been."""
        return self.again_after[min(made, len(self.again_after)) - 1]


class CallbackRules(Repeated):
    before_promise: Duration


class ConfirmationRules(Repeated):
    after: Duration
    kinds: frozenset[Kind]
    channels: frozenset[Channel]


class CallsFile(Entry):
    hours: Week
    zone: Zone
    at_once: int = Field(ge=1, le=1000)
    mailboxes: bool = True
    rating_by_text: bool = True
    callback: CallbackRules
    confirmation: ConfirmationRules

    @field_validator("hours")
    @classmethod
    def _in_order(cls, week: Week) -> Week:
        check_week(week)
        return week

    def may_ring(self, number: str, now: datetime) -> bool:
        """Whether it is a time to ring at the customer's place. `number`: E.164, or national of the `zone`'s country.

        A number of a country with several zones may be in any of them: it is rung only when all of them allow it.
        """
        return all(self._calendar(zone).is_open(now) for zone in zones_of(number) or (self.zone,))

    def _calendar(self, zone: str) -> Calendar:
        week = {WEEKDAYS.index(day): blocks for day, blocks in self.hours.items()}
        return Calendar(name="calls", zone=zone, week=week)


def zones_of(number: str) -> tuple[str, ...]:
    """Time zones a number may be in; none when it does not tell its country, or is not bound to a place."""
    try:
        found = time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ()
    return tuple(zone for zone in found if zone != UNKNOWN_TIMEZONE and _is_known(zone))


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True
