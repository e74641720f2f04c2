"""What a caller is promised, in words: the reference, who calls whom, by when, and how long a wait may be. Pure."""

from datetime import datetime, timedelta
from math import ceil

from ivr.call import Call
from ivr.words import words

MINUTES_UP_TO = 90


def reference(call: Call) -> str:
    """Empty without a ticket."""
    return words(call.language).say.reference.format(reference=call.reference) if call.reference else ""


def promise(call: Call, now: datetime) -> str:
    """The truth when we have no number."""
    say = words(call.language).say
    if call.reachable is None:
        return say.no_number
    by = say.by.format(time=time_left(call.respond_by - now, call.language)) if call.respond_by else ""
    return (say.callback_given if call.callback_number or not call.caller else say.callback_caller).format(by=by)


def place(position: int | None, wait_s: int | None, language: str) -> str:
    """Where the caller stands; nothing is said that is not known."""
    say = words(language).say
    if position is None:
        return ""
    told = say.next_in_queue if position == 1 else say.place_in_queue.format(n=position)
    if wait_s is None:
        return told
    return f"{told} {say.wait_lately.format(time=time_left(timedelta(seconds=wait_s), language))}"


def time_left(left: timedelta, language: str) -> str:
    """In the largest unit that does not promise too much: 100 minutes are "2 hours"."""
    say = words(language).say
    minutes = max(1, ceil(left / timedelta(minutes=1)))
    if minutes <= MINUTES_UP_TO:
        return say.minutes.of(minutes) if minutes != 60 else say.hours.of(1)
    hours = ceil(minutes / 60)
    return say.hours.of(hours) if hours <= 48 else say.days.of(ceil(hours / 24))
