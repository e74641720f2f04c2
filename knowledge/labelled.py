"""The engine on any labelled set of texts: what it learns from examples, and how it judges texts it has not seen."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from knowledge.calibrate import HeldOut, answer_threshold, calibrate
from knowledge.decide import Question, rank
from knowledge.encoder import FullModel, Model
from knowledge.evidence import gather
from knowledge.index import Index, flat
from knowledge.judge import IN_SCOPE, Judge, Ranking
from knowledge.lexicon import Numbers
from knowledge.samples import Encode, Part, Sample, Strangers, off_topic_samples, parts
from knowledge.teaching import Lessons, taught, teach
from knowledge.tuning import Course

_VALIDATION_AT_LEAST = 100  # texts; fewer are used as examples' equals, and the examples measure themselves
_TIMED = 300  # texts
_WARM = 10  # texts before them
_PRECISION = 0.95
_NO_GATE = (0.0,)  # nobody is served: what is answered has only to be right often enough


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    label: str | None  # None: no label fits


@dataclass(frozen=True, slots=True)
class Engine:
    """What was learned: `labels` are the owners of the index."""

    labels: tuple[str, ...]
    model: FullModel
    index: Index
    judge: Judge
    held_out: HeldOut
    train_s: float

    def judge_all(self, texts: Sequence[str]) -> Iterator[Ranking]:
        for text, vector in zip(texts, self.model.encode(texts), strict=True):
            yield self.rank(text, vector)

    def rank(self, text: str, vector: Numbers) -> Ranking:
        return rank(self.index, self.judge, Question(text, vector), np.ones(self.index.count, dtype=np.bool_))


def learn(
    examples: Sequence[Text],
    validation: Sequence[Text] = (),
    out_of_scope: Sequence[str] = (),
    *,
    expected_out_of_scope: float,
    teaching: bool = True,
    seed: int = 0,
    say: Callable[[str], None] = lambda _: None,
) -> Engine:
    """Examples without a label count as out of scope. Raises `ValueError` with fewer than two labels."""
    began = time.perf_counter()
    if len(validation) < _VALIDATION_AT_LEAST:
        examples, validation = [*examples, *validation], ()
    subject = _Subject.of(examples, out_of_scope)
    course = Course(seed=seed)
    if not teaching:
        model = FullModel()
        index = subject.index(model.encode)
        samples = list(_told(index, subject, validation, model.encode) if validation else _asked_itself(index, subject))
    elif validation:
        model = taught("", subject.lessons, course, say)
        index = subject.index(model.encode)
        samples = list(_told(index, subject, validation, model.encode))
    else:
        model, measured = teach("", subject.lessons, subject.index, course, say)
        index = subject.index(model.encode)
        samples = [sample for part, _ in measured for sample in _asked(part)]
    say(f"{len(samples)} texts to measure by ...")
    judge, _, held_out = calibrate(samples, _PRECISION, expected_out_of_scope, in_scope_at_least=_NO_GATE)
    return Engine(subject.labels, model, index, judge, held_out, time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What there is to learn."""

    labels: tuple[str, ...]
    wordings: list[list[str]]
    nothing: list[str]
    lessons: Lessons

    @classmethod
    def of(cls, examples: Sequence[Text], out_of_scope: Sequence[str]) -> "_Subject":
        by_label: dict[str, list[str]] = {}
        for example in examples:
            if example.label is not None:
                by_label.setdefault(example.label, []).append(example.text)
        if len(by_label) < 2:
            raise ValueError("examples of at least two labels are needed")
        labels = tuple(sorted(by_label))
        wordings = [by_label[label] for label in labels]
        nothing = list(dict.fromkeys([*out_of_scope, *(text.text for text in examples if text.label is None)]))
        texts, owner = flat(wordings)
        return cls(labels, wordings, nothing, Lessons(texts, owner, nothing, np.arange(len(texts))))

    def index(self, encode: Encode) -> Index:
        return Index.of(self.wordings, encode(self.lessons.texts), encode(self.nothing))


def _told(index: Index, subject: _Subject, validation: Sequence[Text], encode: Encode) -> Iterator[Sample]:
    """Texts whose right label is known. Where none is out of scope, each is also asked as if it had no label."""
    place = {label: number for number, label in enumerate(subject.labels)}
    everything = np.ones(index.count, dtype=np.bool_)
    shows_scope = any(text.label is None for text in validation)
    strangers = None if shows_scope else Strangers(index, range(index.count))
    for number, (text, vector) in enumerate(zip(validation, encode([text.text for text in validation]), strict=True)):
        right = place.get(text.label or "")
        yield Sample(number, gather(index, text.text, vector, everything), right, off_topic=right is None)
        if strangers and right is not None:
            yield from _unlabelled(strangers.beside(index, right), number, text.text, vector, right)


def _asked(part: Part) -> Iterator[Sample]:
    """Questions a model was not taught; those of an owner it was not taught at all stand for what is out of scope."""
    everything = np.ones(part.index.count, dtype=np.bool_)
    known = np.bincount(part.index.wordings.owner[part.index.kept], minlength=part.index.count) > 0
    for row, text, vector, right in zip(part.rows, part.texts, part.vectors, part.right, strict=True):
        evidence = gather(part.index, text, vector, everything)
        yield Sample(int(row), evidence, int(right) if known[right] else None, off_topic=not known[right])


def _asked_itself(index: Index, subject: _Subject) -> Iterator[Sample]:
    """Each example held back, as it is and as if it had no label; and what is known to be out of scope."""
    everything = np.ones(index.count, dtype=np.bool_)
    texts = subject.lessons.texts
    strangers = Strangers(index, range(index.count))
    for part in parts(index, texts, subject.lessons.askable):
        for row, text, vector, right in zip(part.rows, part.texts, part.vectors, part.right, strict=True):
            yield Sample(int(row), gather(part.index, text, vector, everything), int(right))
            yield from _unlabelled(strangers.beside(part.index, right), int(row), text, vector, int(right))
    yield from off_topic_samples(index, subject.nothing, index.nothing, everything)


def _unlabelled(index: Index, group: int, text: str, vector: Numbers, right: int) -> Iterator[Sample]:
    """The text as if it had no label; nothing where all texts of the others are held back with it."""
    others = np.ones(index.count, dtype=np.bool_)
    others[right] = False
    evidence = gather(index, text, vector, others)
    if evidence.owners.size:
        yield Sample(group, evidence, None, off_topic=True)


def figures(engine: Engine, test: Sequence[Text], serve: Model | None = None) -> dict[str, Any]:
    """What the engine does with texts it has not seen. `serve` is the model that is timed, as it would answer."""
    judged = list(engine.judge_all([text.text for text in test]))
    said = [engine.labels[ranking.places[0]] for ranking in judged]
    right = np.asarray([label == text.label for label, text in zip(said, test, strict=True)])
    in_scope = np.asarray([text.label is not None for text in test])
    sure = np.asarray([ranking.sure for ranking in judged])
    scope = np.asarray([ranking.in_scope for ranking in judged])
    accepted = scope >= IN_SCOPE
    return {
        "texts": len(test),
        "labels": len(engine.labels),
        "accuracy_in_scope": _share(right[in_scope]),
        "auroc_out_of_scope": float(roc_auc_score(in_scope, scope)) if 0 < in_scope.sum() < len(test) else None,
        "out_of_scope_recall": _share(~accepted[~in_scope]),
        "in_scope_accuracy_at_threshold": _share((right & accepted)[in_scope]),
        "coverage_at_precision_95": _coverage(engine.held_out, 0.95, sure, right),
        "coverage_at_precision_90": _coverage(engine.held_out, 0.90, sure, right),
        "latency_ms": _latency(engine, test, serve or engine.model),
        "train_s": engine.train_s,
    }


def _coverage(
    seen: HeldOut, target: float, sure: NDArray[np.float64], right: NDArray[np.bool_]
) -> dict[str, float | None]:
    threshold, expected, at_least = answer_threshold(seen, target)
    answered = sure >= threshold
    return {
        "threshold": threshold,
        "coverage": _share(answered) or 0.0,
        "precision": _share(right[answered]),
        "expected_precision": expected,
        "precision_at_least": at_least,
    }


def _latency(engine: Engine, test: Sequence[Text], serve: Model) -> dict[str, float]:
    """Of one text after another on one core, model included, once all is warm."""
    texts = [text.text for text in test[:_TIMED]]
    times = []
    with threadpool_limits(limits=1, user_api="blas"):
        for text in [*texts[:_WARM], *texts]:
            began = time.perf_counter()
            engine.rank(text, serve.encode([text])[0])
            times.append((time.perf_counter() - began) * 1000)
    times = times[min(_WARM, len(texts)) :]
    return {"p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95))}


def _share(truth: NDArray[np.bool_]) -> float | None:
    """None of nothing."""
    return float(truth.mean()) if truth.size else None
