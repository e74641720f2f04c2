"""Times and reference numbers in the words a customer reads or hears."""

from datetime import datetime, timedelta

from actions.turn import Turn


def by_when(turn: Turn, at: datetime) -> str:
    """ "18:30 today", "09:00 tomorrow", "09:00 on Monday 30 November": in the operator's time zone."""
    local = at.astimezone(turn.tools.timezone)
    today = turn.tools.now().astimezone(turn.tools.timezone).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return turn.phrase("phrase_today").format(time=clock)
    if local.date() == today + timedelta(days=1):
        return turn.phrase("phrase_tomorrow").format(time=clock)
    weekday = turn.phrases("phrase_weekdays")[local.weekday()]
    month = turn.phrases("phrase_months")[local.month - 1]
    return turn.phrase("phrase_on_day").format(time=clock, weekday=weekday, day=local.day, month=month)


def spelled(reference: str) -> str:
    """ "FL-48317264" as "F L, 4 8 3 1, 7 2 6 4": letter by letter, digit by digit, four at a time."""
    letters = " ".join(char for char in reference if char.isalpha())
    digits = [char for char in reference if char.isdigit()]
    fours = [" ".join(digits[start : start + 4]) for start in range(0, len(digits), 4)]
    return ", ".join(part for part in (letters, *fours) if part)


def window(turn: Turn, begins: datetime, ends: datetime) -> str:
    """ "Monday 30 November, 08:00 to 13:00", in the operator's time zone, whose clock may change in between."""
    local, until = begins.astimezone(turn.tools.timezone), ends.astimezone(turn.tools.timezone)
    return turn.phrase("phrase_window").format(
        weekday=turn.phrases("phrase_weekdays")[local.weekday()],
        day=local.day,
        month=turn.phrases("phrase_months")[local.month - 1],
        begins=f"{local:%H:%M}",
        ends=f"{until:%H:%M}",
    )


def tail(turn: Turn, number: str) -> str:
    """What names a number without telling it: its last three digits, one by one for the ear."""
    return " ".join(number[-3:]) if turn.medium == "ear" else number[-3:]
