"""A day in a customer's words: "12 December", "the 12th", "next Friday", "12/12", "in two weeks"."""

import re
from datetime import date, timedelta
from itertools import pairwise

from actions.turn import Turn, plain

MONTH_FIRST = frozenset({"US"})  # everybody else writes the day first
LETTERS = 3  # of a month's or weekday's name, that tell it from the others
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?\b")
_DAY_OF_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
_YEAR = re.compile(r"\b(20\d\d)\b")


def day_said(turn: Turn, today: date) -> date | None:
    """The one day that is meant, the next one where no year or month is said; None when it is none, or not clear."""
    said = turn.text.casefold()
    return _in_figures(said, turn.tools.country, today) or _in_words(turn, plain(said), today)


def is_soonest(turn: Turn) -> bool:
    """ "As soon as possible": whatever day is the operator's earliest."""
    said = f" {plain(turn.text)} "
    return any(f" {word} " in said for word in turn.phrases("phrase_day_soonest"))


def count_said(turn: Turn) -> int | None:
    """The number up to thirty one that is spoken as words, where none stands in figures."""
    said = f" {plain(turn.text)} "
    if any(char.isdigit() for char in said):
        return None
    counts = enumerate(turn.phrases("phrase_day_counts"), start=1)
    return max((place for place, word in counts if f" {plain(word)} " in said), default=None)


def _in_figures(said: str, country: str, today: date) -> date | None:
    if found := _ISO.search(said):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.search(said):
        day, month = (2, 1) if country in MONTH_FIRST else (1, 2)
        year = int(found[3]) % 100 + 2000 if found[3] else None
        return _next(int(found[month]), int(found[day]), year, today)
    return None


def _in_words(turn: Turn, said: str, today: date) -> date | None:
    words = said.split()
    months = [name.casefold()[:LETTERS] for name in turn.phrases("phrase_months")]
    month = next((months.index(word[:LETTERS]) + 1 for word in words if _is_name(turn, word, "phrase_months")), None)
    day = _day_of_month(turn, said, with_month=month is not None)
    if month is not None:
        year = _YEAR.search(said)
        return _next(month, day, int(year[1]) if year else None, today) if day else None
    if day is not None:
        return _next_of_month(day, today)
    return _counted(turn, words, today) or _weekday(turn, words, today)


def _is_name(turn: Turn, word: str, phrase: str) -> bool:
    """ "dec", "sept" and "december" are a month; "mary" and "decide" are none."""
    names = [name.casefold() for name in turn.phrases(phrase)]
    return len(word) >= LETTERS and any(name.startswith(word) for name in names)


def _day_of_month(turn: Turn, said: str, *, with_month: bool) -> int | None:
    """Beside a month any number of it will do; alone it has to say that it counts: "the 12th", "the twelfth"."""
    ordinals = {plain(word): place for place, word in enumerate(turn.phrases("phrase_day_ordinals"), start=1)}
    spoken = [place for word, place in ordinals.items() if f" {word} " in f" {said} "]
    if spoken:
        return max(spoken)  # "twenty first" holds "first"
    if found := _DAY_OF_MONTH.search(said):
        return int(found[1])
    if not with_month:
        return None
    numbers = [int(word) for word in said.split() if word.isdecimal() and len(word) <= 2]
    return next(iter(numbers), count_said(turn))


def _counted(turn: Turn, words: list[str], today: date) -> date | None:
    """ "tomorrow", "in 10 days", "in two weeks"."""
    if set(words) & set(turn.phrases("phrase_day_tomorrow")):
        return today + timedelta(days=1)
    counts = {word: place for place, word in enumerate(turn.phrases("phrase_day_counts"), start=1)}
    days, weeks = turn.phrases("phrase_day_days"), turn.phrases("phrase_day_weeks")
    for number, unit in pairwise(words):
        count = int(number) if number.isdecimal() and len(number) <= 3 else counts.get(number)
        if count and unit in (*days, *weeks):
            return today + timedelta(days=count if unit in days else 7 * count)
    return None


def _weekday(turn: Turn, words: list[str], today: date) -> date | None:
    """The next one after today."""
    names = [name.casefold()[:LETTERS] for name in turn.phrases("phrase_weekdays")]
    found = {names.index(word[:LETTERS]) for word in words if _is_name(turn, word, "phrase_weekdays")}
    if len(found) != 1:
        return None
    return today + timedelta(days=(found.pop() - today.weekday() - 1) % 7 + 1)


def _next(month: int, day: int, year: int | None, today: date) -> date | None:
    found = _made(year or today.year, month, day)
    return _made(today.year + 1, month, day) if found and year is None and found < today else found


def _next_of_month(day: int, today: date) -> date | None:
    month = date(today.year, today.month, 1)
    for _ in range(3):
        found = _made(month.year, month.month, day)
        if found and found >= today:
            return found
        month = (month + timedelta(days=32)).replace(day=1)
    return None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
