"""How far the stated chances can be believed, as a picture."""

from collections.abc import Sequence
from pathlib import Path


def draw_reliability(bands: Sequence[tuple[float, float, int]], file: Path) -> None:
    """`bands` as `figures.reliability` gives them; a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="#9aa5b1", linestyle="--", label="as good as its word")
    stated, real, counts = zip(*bands, strict=True) if bands else ((), (), ())
    axes.plot(stated, real, color="#0b5cad", marker="o", label="measured")
    for x, y, count in zip(stated, real, counts, strict=True):
        axes.annotate(f"{count}", (x, y), textcoords="offset points", xytext=(6, -12), fontsize=8, color="#445")
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="stated chance that the right article is offered")
    axes.set_ylabel("share in which it really is")
    axes.set_title("Reliability (numbers: questions in the band)", fontsize=10)
    axes.legend(loc="upper left", frameon=False)
    figure.savefig(file, dpi=120)
