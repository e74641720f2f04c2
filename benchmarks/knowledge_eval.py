"""What the live knowledge base finds, answers and leaves, how noise changes that, and how long a decision takes.

    .venv/bin/python -m benchmarks.knowledge_eval [--write]

Needs an index: `python -m knowledge.build`, with `--train` for a taught model. With `--write` also the picture in
docs/screens.
"""

import argparse
import json
import os
from collections.abc import Callable, Collection
from typing import Any

import settings as all_settings
from benchmarks import machine
from knowledge import figures
from knowledge.cases import QUESTIONS, Case, decide_all, lines_of
from knowledge.evaluate import known_to, of_build, topics_of
from knowledge.figures import Figures
from knowledge.noise import misheard, mistyped
from knowledge.opened import Opened
from knowledge.picture import draw_reliability
from knowledge.shelf import Shelf
from knowledge.store import Store

RESULTS = all_settings.ROOT / "benchmarks" / "results"
PICTURES = all_settings.ROOT / "docs" / "screens"

CAVEAT = (
    "How far to trust it: the fresh questions were written by somebody who had not read the articles and labelled by a "
    "second person who had; the held-back ones are in the words of the articles' own authors."
)
NOISE: dict[str, Callable[[str], str]] = {
    "10 % of the letters mistyped": lambda text: mistyped(text, 0.10),
    "15 % of the words misheard": lambda text: misheard(text, 0.15),
    "30 % of the words misheard": lambda text: misheard(text, 0.30),
}
_BOTH = (
    ("right article first", "first", "first"),
    ("right article among the first three", "first_three", "first_three"),
    ("answered at once", "answered", "answered"),
    ("answers that are right", "precision", "answered_right"),
    ("asked back", "asked_back", "asked_back"),
    ("right article among the choices", "among_choices", "among_choices"),
)
_FOUND = ("first", "first_three", "answered", "answered_right")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results")
    options = parser.parse_args()
    store = Store(Shelf.folder_of(all_settings.load()))
    lines = lines_of(QUESTIONS)
    known = _known(store, lines)
    opened = Opened.load(store)
    try:
        fresh = [line for line in lines if line["text"] not in known]
        clean, cases = of_build(opened, fresh)
        noisy = {name: _noisy(opened, fresh, change) for name, change in NOISE.items()}
        measured = json.loads((store.folder / opened.build.name / "measured.json").read_text())
        text = "\n".join(_text(opened, clean, noisy, measured, left_out=len(known)))
    finally:
        opened.close()
    print(text)
    if options.write:
        (RESULTS / f"knowledge{_ending(opened)}.md").write_text(text + "\n")
        PICTURES.mkdir(parents=True, exist_ok=True)
        draw_reliability(figures.reliability(_about_articles(cases)), PICTURES / f"reliability{_ending(opened)}.png")


def _known(store: Store, lines: list[dict[str, Any]]) -> Collection[str]:
    """Texts that an article has; found by an encoder of their own, so that none is remembered when it is decided."""
    opened = Opened.load(store)
    try:
        return known_to(opened, store, lines).texts
    finally:
        opened.close()


def _ending(opened: Opened) -> str:
    """Of the files: a taught model has its own."""
    return "_taught" if "+" in opened.build.model else ""


def _noisy(opened: Opened, lines: list[dict[str, Any]], change: Callable[[str], str]) -> Figures:
    """The same questions with errors in them."""
    changed = [{**line, "text": change(line["text"])} for line in lines]
    return figures.by_article(decide_all(opened, changed), topics_of(opened))


def _about_articles(cases: list[Case]) -> list[Case]:
    """Those that the calibration error is about: a question for a person is right without an article."""
    return [case for case in cases if case.right or case.action != "person"]


def _text(
    opened: Opened, clean: Figures, noisy: dict[str, Figures], measured: dict[str, Any], *, left_out: int
) -> list[str]:
    found, index = clean["with_article"], opened.build.index
    return [
        "# The knowledge base",
        "",
        f"{machine.description()}, load average {os.getloadavg()[0]:.1f}. "
        "Command: `python -m benchmarks.knowledge_eval`.",
        f"{index.count} articles, {len(index.wordings.owner):,} wordings. Model: {opened.build.model}.",
        "",
        f"| | {measured['questions']:,} example questions, held back | {found['count']} fresh questions "
        "(`data/eval/questions.jsonl`) |",
        "|---|---|---|",
        *(f"| {name} | {measured[before]:.1%} | {found[fresh]:.1%} |" for name, before, fresh in _BOTH),
        "",
        f"{CAVEAT} {left_out} more are left out, because an article has them among its own wordings, or nearly.",
        "",
        *_beside(clean),
        "",
        "| fresh questions, with their loss against clean in points | first | among the first three | answered "
        "| answers that are right |",
        "|---|---|---|---|---|",
        f"| clean | {' | '.join(f'{found[name]:.1%}' for name in _FOUND)} |",
        *(f"| {name} | {' | '.join(_losses(found, shown['with_article']))} |" for name, shown in noisy.items()),
        "",
        f"![Reliability](../../docs/screens/reliability{_ending(opened)}.png)",
        "",
        "| one decision, model included | p50 ms | p95 ms |",
        "|---|---|---|",
        f"| a fresh question | {clean['latency_ms']['p50']:.1f} | {clean['latency_ms']['p95']:.1f} |",
        "",
        "| topic | questions | first | among the first three | answered | answers that are right |",
        "|---|---|---|---|---|---|",
        *(_topic(topic, shown) for topic, shown in clean["topics"].items()),
        "",
        "Confused most often (right, then ranked first):",
        "",
        *(f"- {confused}" for confused in clean["confused"]),
    ]


def _beside(clean: Figures) -> list[str]:
    """The texts for which no article is the answer."""
    off_topic, person, none = clean["off_topic"], clean["for_a_person"], clean["no_article"]
    return [
        "| texts no article is the answer to | count | answered | asked back | handed to a person |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {shown['count']} | {shown['answered']:.1%} | {shown['asked_back']:.1%} "
            f"| {shown['handed_over']:.1%} |"
            for name, shown in (("about something else", off_topic), ("about us, but without an article", none))
        ),
        f"| for a person | {person['count']} | | | {person['handed_over']:.1%}, at once |",
        "",
        f"Calibration error: {clean['calibration_error']:.3f}. Of the texts for a person, by kind: "
        + ", ".join(f"{kind} {share:.0%}" for kind, share in person.items() if kind not in {"count", "handed_over"})
        + ".",
    ]


def _losses(clean: Figures, noisy: Figures) -> list[str]:
    return [f"{noisy[name]:.1%} ({(noisy[name] - clean[name]) * 100:+.1f})" for name in _FOUND]


def _topic(topic: str, shown: Figures) -> str:
    right = f"{shown['answered_right']:.0%}" if shown["answered"] else ""
    shares = " | ".join(f"{shown[name]:.0%}" for name in _FOUND[:3])
    return f"| {topic} | {shown['count']} | {shares} | {right} |"


if __name__ == "__main__":
    main()
