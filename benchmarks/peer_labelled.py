"""The engine beside stock Rasa (`benchmarks.stock_rasa`) on labelled texts that nobody of us wrote, asked in turn.

    .venv/bin/python -m benchmarks.peer_labelled DATA [--questions 10] [--texts 2000] [--write]

DATA holds `clinc150/` (Larson et al. 2019). Both learn the same examples: only `--questions` of each label, for with
all of the small set stock Rasa is not trained after half an hour on two cores, the most it is given. Firstline's engine
is asked alone, without the product around it; the peer through its own channel, as nobody could ask it otherwise.
"""

import argparse
import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import numpy as np

from benchmarks import machine, stock_rasa
from benchmarks.labelled_texts import LabelledSet, read_sets
from benchmarks.peer import TRAINING_AT_MOST_S
from benchmarks.stock_rasa import Peer
from knowledge.calibrate import EXPECTED_OUT_OF_SCOPE, answer_threshold
from knowledge.encoder import Model
from knowledge.labelled import Engine, Text, learn
from settings import ROOT

RESULT = ROOT / "benchmarks" / "results" / "peer_labelled.md"
SET = "clinc150_small"
_PRECISION = 0.95
_WARM = 10  # texts

Answered = str | None  # the label whose answer is given; None: no answer


@dataclass
class Side:
    name: str
    train_s: float
    ms: list[float] = field(default_factory=list)
    said: list[Answered] = field(default_factory=list)

    def took(self, said: Answered, begun: float) -> None:
        self.ms.append((time.perf_counter() - begun) * 1000)
        self.said.append(said)


@dataclass(frozen=True)
class Ours:
    """Answers where it is sure enough that so many of its answers are right."""

    engine: Engine
    model: Model
    threshold: float

    @classmethod
    def of(cls, engine: Engine, folder: Path) -> "Ours":
        return cls(engine, engine.model.light(folder), answer_threshold(engine.held_out, _PRECISION)[0])

    def answer(self, text: str) -> Answered:
        ranking = self.engine.rank(text, self.model.encode([text])[0])
        return self.engine.labels[ranking.places[0]] if ranking.sure >= self.threshold else None


def some_of_each(texts: Sequence[Text], count: int) -> list[Text]:
    """The first of each label."""
    by_label: dict[str, list[Text]] = defaultdict(list)
    for text in texts:
        if text.label is not None:
            by_label[text.label].append(text)
    return [text for label in sorted(by_label) for text in by_label[label][:count]]


def by_name(examples: Sequence[Text]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        names[str(example.label)].append(example.text)
    return names


async def ask(sides: tuple[Side, Side, Side], same: Ours, whole: Ours, peer: Peer, texts: Sequence[Text]) -> None:
    async with httpx.AsyncClient(timeout=60) as http:
        for text in texts[:_WARM]:
            same.answer(text.text)
            whole.answer(text.text)
            await peer.found(http, str(uuid4()), text.text)
        for number, text in enumerate(texts):
            for side, engine in ((sides[0], same), (sides[1], whole)):
                begun = time.perf_counter()
                side.took(engine.answer(text.text), begun)
            begun = time.perf_counter()
            sides[2].took(await peer.found(http, str(uuid4()), text.text), begun)
            if number % 500 == 499:
                print(f"{number + 1} of {len(texts)} texts")


def table(sides: Sequence[Side], texts: Sequence[Text]) -> Iterator[str]:
    in_scope = np.asarray([text.label is not None for text in texts])
    yield "| | in scope: answered right | **answered wrong** | no answer | out of scope: **answered all the same** " \
        "| answers that are right | ms p50 / p95 | training s |"  # fmt: skip
    yield "|---|---|---|---|---|---|---|---|"
    for side in sides:
        answered = np.asarray([said is not None for said in side.said])
        right = np.asarray([said == text.label for said, text in zip(side.said, texts, strict=True)]) & answered
        cells = [
            side.name,
            f"{right[in_scope].mean():.1%}",
            f"{(answered & ~right)[in_scope].mean():.1%}",
            f"{(~answered)[in_scope].mean():.1%}",
            f"{answered[~in_scope].mean():.1%}",
            f"{right[answered].mean():.1%}" if answered.any() else "none given",
            f"{np.percentile(side.ms, 50):.1f} / {np.percentile(side.ms, 95):.1f}",
            f"{side.train_s:.0f}",
        ]
        yield f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, default=10, help="of each label, that both learn")
    parser.add_argument("--texts", type=int, default=2000, help="of the test texts, evenly taken")
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results")
    options = parser.parse_args()
    labelled = next(read_sets(options.data, SET), None)
    if labelled is None:
        raise SystemExit(1)
    lines = [machine.description(), "", *measured(labelled, options.questions, options.texts)]
    print("\n".join(lines))
    if options.write:
        RESULT.write_text("\n".join(["# Firstline beside stock Rasa, on texts nobody of us wrote", "", *lines, ""]))


def measured(labelled: LabelledSet, questions: int, most: int) -> Iterator[str]:
    examples = some_of_each(labelled.examples, questions)
    texts = labelled.test[:: max(1, len(labelled.test) // most)]
    with tempfile.TemporaryDirectory(prefix="firstline-peer-") as name:
        print(f"training the peer on {len(examples)} examples")
        answers = {label: f"The answer to {label.replace('_', ' ')}." for label in labelled.labels}
        trained = stock_rasa.train(Path(name) / "peer", by_name(examples), answers, TRAINING_AT_MOST_S)
        print(f"trained in {trained.train_s:.0f} s")
        expected = EXPECTED_OUT_OF_SCOPE
        same = learn(examples, expected_out_of_scope=expected, teaching=False, say=print)
        whole = learn(labelled.examples, labelled.validation, expected_out_of_scope=expected, teaching=False, say=print)
        sides = (
            Side(f"Firstline, {questions} examples a label", same.train_s),
            Side(f"Firstline, all {len(labelled.examples):,} examples and the validation texts", whole.train_s),
            Side(f"stock Rasa, {questions} examples a label", trained.train_s),
        )
        with stock_rasa.serving(trained) as peer:
            first, second = (Ours.of(engine, Path(name) / str(n)) for n, engine in enumerate((same, whole)))
            asyncio.run(ask(sides, first, second, peer, texts))
    yield (
        f"{SET}: {len(labelled.labels)} labels, {len(texts):,} of its test texts, "
        f"{sum(text.label is None for text in texts) / len(texts):.0%} of them out of scope. Firstline answers where "
        f"{_PRECISION:.0%} of its answers are expected to be right."
    )
    yield ""
    yield from table(sides, texts)


if __name__ == "__main__":
    main()
