"""The line of a trend: numbers into the points of an SVG drawing, and into a sentence that says the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

MARGIN = 4.0  # so that neither line nor dot is cut off


@dataclass(frozen=True, slots=True)
class Plot:
    """In the units of a `width` x `height` view box; y grows downwards."""

    width: int
    height: int
    lines: tuple[str, ...]  # points of the polylines; a day without a figure is a gap
    dots: tuple[tuple[float, float], ...]  # days with a figure between two without
    last: tuple[float, float] | None
    target_y: float | None


def plot(values: Sequence[float | None], *, target: float | None, width: int = 240, height: int = 52) -> Plot:
    """The target belongs to the scale, so that its distance is seen."""
    known = [value for value in values if value is not None]
    bounds = known + ([target] if target is not None else [])
    low, high = min(bounds, default=0.0), max(bounds, default=0.0)
    step = (width - 2 * MARGIN) / max(len(values) - 1, 1)

    def y_of(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(height - MARGIN - share * (height - 2 * MARGIN), 1)

    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((round(MARGIN + place * step, 1), y_of(value)))
    points = [point for run in runs for point in run]
    return Plot(
        width=width,
        height=height,
        lines=tuple(" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1),
        dots=tuple(run[0] for run in runs if len(run) == 1),
        last=points[-1] if points and values[-1] is not None else None,
        target_y=y_of(target) if target is not None and known else None,
    )


def sentence(values: Sequence[float | None], wording: Callable[[float], str], *, unit: str = "days") -> str:
    """What the drawing shows, for who does not see it."""
    known = [value for value in values if value is not None]
    if not known:
        return f"Trend over {len(values)} {unit}: no figures."
    low, high = wording(min(known)), wording(max(known))
    return (
        f"Trend over {len(values)} {unit}: from {wording(known[0])} to {wording(known[-1])}, "
        f"lowest {low}, highest {high}, {len(known)} {unit} with figures."
    )
