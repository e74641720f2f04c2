"""How the console words the board's figures: with their units, beside the target and the window before."""

from typing import Literal

from escalation.client import Figure, Period

Tone = Literal["good", "bad", "plain"]

GROUPS = {
    "service level": "Service level",
    "efficiency": "Efficiency",
    "quality": "Quality",
    "self-service": "Self-service",
}
WINDOWS: dict[Period, str] = {"day": "Day", "week": "Week", "month": "Month"}
BEFORE: dict[Period, str] = {"day": "the day before", "week": "the week before", "month": "the month before"}
SPANS: dict[Period, str] = {"day": "the last 24 hours", "week": "the last 7 days", "month": "the last 30 days"}
CHANNELS = {"chat": "Chat", "voice": "Phone"}
AGENT_STATES = {"ready": "Ready", "talking": "Talking", "wrap_up": "Wrapping up", "away": "Away", "break": "On a break"}


def amount(unit: str, value: float) -> str:
    """82 %, 25 s, 4 min 10 s, 2 d 3 h, 1.5, 1,204, 4.2 of 5."""
    match unit:
        case "percent":
            return f"{_short(value)} %"
        case "seconds":
            return _duration(value)
        case "score":
            return f"{value:.1f} of 5"
        case "count":
            return f"{round(value):,}"
    return f"{value:.1f}" if value < 100 else f"{round(value):,}"


def target(figure: Figure) -> str:
    """ "" without one."""
    if figure.target is None:
        return ""
    if figure.target == 0 and figure.better == "lower":
        return "Target: none"
    return f"Target: at {'least' if figure.better == 'higher' else 'most'} {amount(figure.unit, figure.target)}"


def standing(figure: Figure) -> tuple[str, Tone]:
    """Never the colour alone."""
    if figure.is_met is None:
        return "", "plain"
    return ("On target", "good") if figure.is_met else ("Off target", "bad")


def compared(figure: Figure, window: Period) -> tuple[str, Tone]:
    if figure.before is None:
        return f"No figure for {BEFORE[window]}", "plain"
    before = f"{amount(figure.unit, figure.before)} {BEFORE[window]}"
    is_seen = figure.value is not None and amount(figure.unit, figure.value) != amount(figure.unit, figure.before)
    match figure.compared if is_seen else "same":
        case "better":
            return f"Better than {before}", "good"
        case "worse":
            return f"Worse than {before}", "bad"
    return f"As good as {before}", "plain"


def made_of(figure: Figure) -> str:
    """How much the figure stands on."""
    return f"{'of' if figure.unit == 'percent' else 'from'} {figure.count:,}"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    for size, unit, part, smaller in ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            rest = whole % size // part
            return f"{whole // size} {unit} {rest} {smaller}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"
