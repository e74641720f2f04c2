"""What the live knowledge base finds, answers and leaves, and how long a decision takes.

    .venv/bin/python -m benchmarks.knowledge_eval [--write]

Needs an index: `python -m knowledge.build`.
"""

import argparse
import asyncio
import json
import os
import time
from typing import Any

import numpy as np

import settings as all_settings
from benchmarks import machine
from knowledge.decision import Context
from knowledge.evaluate import OFF_TOPIC, QUESTIONS, by_article, decide_all, lines_of
from knowledge.shelf import Shelf

RESULT = all_settings.ROOT / "benchmarks" / "results" / "knowledge.md"

CAVEAT = (
    "The questions in other words were written with the articles' titles at hand and watched while features were "
    "chosen: read that column as an upper bound. The held-back column is clean but for the threshold, chosen on it."
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/knowledge.md")
    options = parser.parse_args()
    shelf = Shelf(all_settings.load())
    cases = asyncio.run(decide_all(shelf, lines_of(QUESTIONS)))
    off_topic = asyncio.run(decide_all(shelf, lines_of(OFF_TOPIC)))
    measured = json.loads((shelf.folder / shelf.live.name / "measured.json").read_text())
    times = asyncio.run(_times(shelf))
    shelf.close()
    text = _text(shelf, by_article(shelf, cases), measured, times, [case.answered for case in off_topic])
    print(text)
    if options.write:
        RESULT.write_text(text + "\n")


async def _times(shelf: Shelf) -> dict[str, list[float]]:
    """Milliseconds of wall clock and of processor for each question, none of them asked before."""
    wall, processor = [], []
    for line in lines_of(QUESTIONS):
        begun, used = time.perf_counter(), time.process_time()
        await shelf.decide(f"{line['text']} please", Context())
        wall.append((time.perf_counter() - begun) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return {"wall clock": wall, "processor": processor}


def _text(
    shelf: Shelf,
    figures: dict[str, Any],
    measured: dict[str, Any],
    times: dict[str, list[float]],
    off_topic_answered: list[bool],
) -> str:
    found, person, none = figures["with_article"], figures["for_a_person"], figures["no_article"]
    index = shelf.live.index
    rows = [
        ("right article first", measured["first"], found["first"]),
        ("right article among the first three", measured["first_three"], found["first_three"]),
        ("answered at once", measured["answered"], found["answered"]),
        ("answers that are right", measured["precision"], found["answered_right"]),
        ("asked back", measured["asked_back"], found["asked_back"]),
        ("right article among the choices", measured["among_choices"], found["among_choices"]),
    ]
    latency = "\n".join(
        f"| {name} | {np.percentile(values, 50):.1f} | {np.percentile(values, 95):.1f} |"
        for name, values in times.items()
    )
    load = f"{os.getloadavg()[0]:.1f}"
    return "\n".join(
        [
            "# The knowledge base",
            "",
            f"{machine.description()}, load average {load}. Command: `python -m benchmarks.knowledge_eval`.",
            f"{len(index.articles)} articles, {len(index.wordings.owner)} wordings. Model: {shelf.live.model}.",
            "",
            f"| | {measured['questions']} example questions, held back | {found['count']} questions "
            "in other words (`data/eval/questions.jsonl`) |",
            "|---|---|---|",
            *(f"| {name} | {held_back:.1%} | {asked:.1%} |" for name, held_back, asked in rows),
            "",
            CAVEAT,
            "",
            f"Off-topic texts answered: {sum(off_topic_answered)} of {len(off_topic_answered)}. "
            f"Telecom questions without an article answered: {none['answered']:.1%} of {none['count']}. "
            f"Texts for a person handed over at once: {person['handed_over']:.1%} of {person['count']}. "
            f"Calibration error: {figures['calibration_error']:.3f}.",
            "",
            "| one decision, model included | p50 ms | p95 ms |",
            "|---|---|---|",
            latency,
        ]
    )


if __name__ == "__main__":
    main()
