"""A figure in words: with its unit, and beside its target."""

from typing import Literal

from escalation.indicators.figures import Figure

Tone = Literal["good", "bad", "plain"]


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
