"""How the console words the board's figures beside the window before."""

from escalation.client import Figure, Period, Tone, amount, standing, target

__all__ = [
    "BEFORE",
    "CHANNELS",
    "GROUPS",
    "SPANS",
    "WINDOWS",
    "Tone",
    "amount",
    "compared",
    "made_of",
    "standing",
    "target",
]

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
