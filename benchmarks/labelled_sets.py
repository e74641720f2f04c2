"""The engine beside common baselines on sets of labelled texts that nobody of us wrote.

    .venv/bin/python -m benchmarks.labelled_sets DATA [--only clinc150|clinc150_small|hint3] [--quick] [--write]

DATA holds `clinc150/` (Larson et al. 2019) and `hint3_curekart/` (Arora et al. 2020) as lines of {"text", "label"},
label null = out of scope. What is absent is said and left out. `--quick` takes a few labels: to see that it works.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from benchmarks import machine
from benchmarks.baselines import BASELINES, Known, Score, nearest
from benchmarks.labelled_texts import FILES, LabelledSet, read_sets
from knowledge.calibrate import EXPECTED_OUT_OF_SCOPE, HeldOut, answer_threshold
from knowledge.encoder import FullModel, Model
from knowledge.labelled import Engine, Text, learn
from knowledge.lexicon import Numbers
from knowledge.teaching import FOLDS, Lessons, fold
from knowledge.tuning import Course
from settings import ROOT

RESULT = ROOT / "benchmarks" / "results" / "labelled.md"
TARGETS = (0.95, 0.90)
_TIMED = 300  # texts

Chances = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """How one method judges the test texts, and the texts its threshold comes from."""

    name: str
    right: NDArray[np.bool_]
    sure: Chances
    scope: Chances  # how much speaks for being in scope
    seen: HeldOut
    ms: tuple[float, float]  # p50, p95 of one text
    train_s: float


def measure(labelled: LabelledSet, expected: float, served: Model, model: FullModel) -> Iterator[Outcome]:
    began = time.perf_counter()
    known = _known(labelled, labelled.examples, model)
    embedding_s = time.perf_counter() - began
    asked = _known(labelled, labelled.test, model)
    validation = _known(labelled, labelled.validation, model)
    for name, fit in BASELINES.items():
        began = time.perf_counter()
        score = fit(known)
        train_s = time.perf_counter() - began + (embedding_s if "MiniLM" in name else 0)
        if labelled.validation:
            seen = _seen(score(validation.texts, validation.vectors), validation.label, expected)
        else:
            seen = _seen_by_folds(fit, known, expected)
        scores = score(asked.texts, asked.vectors)
        ms = _latency(asked.texts, served if "MiniLM" in name else None, score)
        sure = scores.max(axis=1).astype(float)
        yield Outcome(name, scores.argmax(axis=1) == asked.label, sure, sure, seen, ms, train_s)
    for name, teaching in (("ours, model as it comes", False), ("ours, model taught", True)):
        engine = learn(
            labelled.examples, labelled.validation, expected_out_of_scope=expected, teaching=teaching, say=print
        )
        with tempfile.TemporaryDirectory() as folder:
            light = engine.model.light(Path(folder))
            if teaching and labelled.validation:
                yield _taught_alone(labelled, engine, light, expected)
            yield _ours(name, asked, engine, light)


def _taught_alone(labelled: LabelledSet, engine: Engine, light: Model, expected: float) -> Outcome:
    """What the taught model is worth without the rest of the engine: the label of the nearest example."""
    score = nearest(_known(labelled, labelled.examples, engine.model))
    seen, asked = (_known(labelled, texts, engine.model) for texts in (labelled.validation, labelled.test))
    scores = score(asked.texts, asked.vectors)
    sure = scores.max(axis=1).astype(float)
    return Outcome(
        "nearest example, MiniLM taught by contrast",
        scores.argmax(axis=1) == asked.label,
        sure,
        sure,
        _seen(score(seen.texts, seen.vectors), seen.label, expected),
        _latency(asked.texts, light, score),
        engine.train_s,
    )


def _ours(name: str, asked: Known, engine: Engine, light: Model) -> Outcome:
    judged = list(engine.judge_all(asked.texts))
    first = np.asarray([ranking.places[0] for ranking in judged])
    ms = _times(asked.texts, light, engine.rank)
    return Outcome(
        name,
        first == asked.label,
        np.asarray([ranking.sure for ranking in judged]),
        np.asarray([ranking.in_scope for ranking in judged]),
        engine.held_out,
        ms,
        engine.train_s,
    )


def _known(labelled: LabelledSet, texts: Sequence[Text], model: FullModel) -> Known:
    place = {label: number for number, label in enumerate(labelled.labels)}
    said = [text.text for text in texts]
    return Known(said, model.encode(said), np.asarray([place.get(text.label or "", -1) for text in texts]), len(place))


def _seen(
    scores: Numbers, label: NDArray[np.int64], expected: float, groups: NDArray[np.int64] | None = None
) -> HeldOut:
    """Weighed as if that share of what customers ask were out of scope."""
    out = label < 0
    both = 0 < out.sum() < len(out)
    weight = np.where(out, expected / max(out.sum(), 1), (1 - expected) / max((~out).sum(), 1)) if both else ~out * 1.0
    sure = scores.max(axis=1).astype(float)
    return HeldOut(
        rank=(scores.argmax(axis=1) != label).astype(np.int64),
        sure=sure,
        close=sure,
        weight=(weight * len(label)).astype(np.float32),
        groups=np.arange(len(label)) if groups is None else groups,
        with_article=~out,
        off_topic=out,
    )


def _seen_by_folds(fit: Callable[[Known], Score], known: Known, expected: float) -> HeldOut:
    """Each example judged by what the others taught, some labels unknown: theirs are out of scope then.

    The same examples and labels are held back as from the engine.
    """
    rows = np.arange(len(known.texts))
    lessons = Lessons(known.texts, known.label.astype(np.int32), (), rows)
    scores, labels, groups = [], [], []
    for number in range(FOLDS):
        held = np.isin(rows, fold(lessons, number, Course().seed))
        taught = Known(_some(known.texts, ~held), known.vectors[~held], known.label[~held], known.labels)
        scores.append(fit(taught)(_some(known.texts, held), known.vectors[held]))
        labels.append(np.where(np.isin(known.label, taught.label), known.label, -1)[held])
        groups.append(np.flatnonzero(held))
    return _seen(np.concatenate(scores), np.concatenate(labels), expected, np.concatenate(groups))


def _some(texts: Sequence[str], chosen: NDArray[np.bool_]) -> list[str]:
    return [text for text, is_chosen in zip(texts, chosen, strict=True) if is_chosen]


def _latency(texts: Sequence[str], served: Model | None, score: Score) -> tuple[float, float]:
    return _times(texts, served, lambda text, vector: score([text], vector[None]))


def _times(texts: Sequence[str], served: Model | None, judge: Callable[[str, Numbers], object]) -> tuple[float, float]:
    """Of one text after another, on one core as it is served; without a model none of its time is counted."""
    taken = []
    with threadpool_limits(limits=1, user_api="blas"):
        for text in (*texts[:10], *texts[:_TIMED]):
            began = time.perf_counter()
            judge(text, served.encode([text])[0] if served else np.zeros(1, dtype=np.float32))
            taken.append((time.perf_counter() - began) * 1000)
    return float(np.percentile(taken[10:], 50)), float(np.percentile(taken[10:], 95))


def line(outcome: Outcome, in_scope: NDArray[np.bool_]) -> str:
    cells = [
        outcome.name,
        f"{outcome.right[in_scope].mean():.1%}",
        f"{roc_auc_score(in_scope, outcome.scope):.3f}",
    ]
    for target in TARGETS:
        answered = outcome.sure >= answer_threshold(outcome.seen, target)[0]
        reached = f"{outcome.right[answered].mean():.1%}" if answered.any() else "none given"
        cells += [f"{answered.mean():.1%}", reached]
    cells += [f"{best_share(outcome, TARGETS[0]):.1%}", f"{outcome.ms[0]:.1f} / {outcome.ms[1]:.1f}"]
    return f"| {' | '.join([*cells, f'{outcome.train_s:.0f}'])} |"


def best_share(outcome: Outcome, target: float) -> float:
    """The largest share that any threshold answers with that precision: known only to who has seen the answers."""
    order = np.argsort(-outcome.sure, kind="stable")
    precision = outcome.right[order].cumsum() / np.arange(1, len(order) + 1)
    last = np.diff(outcome.sure[order], append=-np.inf) < 0  # those equally sure are answered together
    enough = np.flatnonzero(last & (precision >= target))
    return float((enough[-1] + 1) / len(order)) if enough.size else 0.0


def table(labelled: LabelledSet, expected: float, served: Model, model: FullModel) -> Iterator[str]:
    in_scope = np.asarray([text.label is not None for text in labelled.test])
    threshold_from = f"{len(labelled.validation):,} validation texts" if labelled.validation else "the examples alone"
    yield (
        f"\n## {labelled.name}\n\n{len(labelled.examples):,} examples, {len(labelled.labels)} labels; "
        f"{len(labelled.test):,} test texts, {(~in_scope).mean():.0%} of them out of scope; thresholds from "
        f"{threshold_from}.\n"
    )
    columns = [f"{what} {target:.0%}" for target in TARGETS for what in ("answered at", "precision reached at")]
    yield (
        f"| | accuracy in scope | AUROC out of scope | {' | '.join(columns)} | best possible at {TARGETS[0]:.0%} "
        "| ms p50 / p95 | training s |"
    )
    yield "|---" * (len(columns) + 6) + "|"
    for outcome in measure(labelled, expected, served, model):
        yield line(outcome, in_scope)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--only", choices=list(FILES), default="")
    parser.add_argument("--expected-out-of-scope", type=float, default=EXPECTED_OUT_OF_SCOPE, metavar="SHARE")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/labelled.md")
    options = parser.parse_args()
    expected = options.expected_out_of_scope
    lines = [
        f"{machine.description()}, load average {os.getloadavg()[0]:.1f}.",
        f"Command: `python -m benchmarks.labelled_sets DATA{' --quick' if options.quick else ''}`.",
        "",
        "Every method has the same rule for its threshold: answers are right often enough with 90 % confidence on "
        f"texts it was not taught, weighed as if {expected:.0%} of what is asked were out of scope. Without validation "
        "texts these are the examples, held back in turn, with a part of the labels left out altogether. Answered: of "
        "all test texts. Best possible: the threshold is chosen on the test texts themselves, which nobody can.",
    ]
    with tempfile.TemporaryDirectory() as folder:
        model = FullModel()
        served = model.light(Path(folder))
        for labelled in read_sets(options.data, options.only):
            for part in table(labelled.cut() if options.quick else labelled, expected, served, model):
                print(part, flush=True)
                lines.append(part)
    if options.write:
        RESULT.write_text("\n".join(["# Labelled sets nobody of us wrote", "", *lines]) + "\n")


if __name__ == "__main__":
    main()
