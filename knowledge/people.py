"""Texts that need a person by what they mean, where no single word says so: learned from examples of each kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from knowledge.article import HandOverHints, hints_at
from knowledge.lexicon import Numbers
from knowledge.source import Source

FOLDER = Path(__file__).with_name("languages")
REASONS: tuple[Literal["person", "safety"], ...] = ("person", "safety")
# At most that share of ordinary questions, the near misses among them, is taken for one that needs a person; and the
# chance below which nobody is called all the same. Missing somebody in danger is worse than a call too many.
_PASSED_ON = {"person": 0.03, "safety": 0.01}
_LEAST_CHANCE = {"person": 0.45, "safety": 0.3}
_FITTED = 5.0  # inverse of how far the weights are held near zero
_FOLDS = 5
_NONE = 0  # the class of ordinary questions


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    reason: Literal["person", "safety"]
    hints: HandOverHints


@dataclass(frozen=True, slots=True)
class Examples:
    """One language's: texts of each kind, and texts that look like them and need nobody."""

    kinds: tuple[tuple[Kind, tuple[str, ...]], ...]
    near_misses: tuple[str, ...]

    @staticmethod
    def of(language: str) -> "Examples":
        """None at all for a language without its file. Raises `Broken`."""
        file = FOLDER / f"{language}.people.yml"
        return _read(file) if file.exists() else Examples((), ())


@dataclass(frozen=True)
class Recogniser:
    """For one language. `weights` has a column for ordinary questions and one for each kind."""

    kinds: tuple[Kind, ...]
    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    thresholds: dict[Literal["person", "safety"], float]  # chance from which a person is called, for each reason

    def kind(self, vector: Numbers) -> tuple[Kind, float] | None:
        """The likeliest kind and how sure it is that a person is needed; None for an ordinary question."""
        weights, bias, safety = self._learned
        scores = vector @ weights + bias
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        danger, needed = float(chances[safety].sum()), 1 - float(chances[_NONE])
        if danger >= self.thresholds["safety"]:
            return self.kinds[int(np.where(safety, chances, 0)[1:].argmax())], danger
        return (self.kinds[int(chances[1:].argmax())], needed) if needed >= self.thresholds["person"] else None

    @cached_property
    def _learned(self) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
        """Weights, bias, and which columns are kinds of danger."""
        safety = [False, *(kind.reason == "safety" for kind in self.kinds)]
        return np.asarray(self.weights, np.float32), np.asarray(self.bias, np.float32), np.asarray(safety)


@dataclass(frozen=True, slots=True)
class People:
    by_language: dict[str, Recogniser]

    def kind(self, vector: Numbers, language: str) -> tuple[Kind, float] | None:
        recogniser = self.by_language.get(language)
        return recogniser.kind(vector) if recogniser else None

    def write(self, folder: Path) -> None:
        (folder / "people.json").write_bytes(_PEOPLE.dump_json(self))

    @classmethod
    def read(cls, folder: Path) -> "People":
        return _PEOPLE.validate_json((folder / "people.json").read_bytes())


_PEOPLE = TypeAdapter(People)


def learn(examples: Examples, vectors: Sequence[Numbers], ordinary: Numbers) -> Recogniser:
    """`vectors` are those of each kind's texts; `ordinary` those of the near misses and of questions to articles.

    A threshold is the lowest at which no more than its share of the ordinary ones, each judged by what the others
    taught, would be passed on; never below the least chance.
    """
    facts = np.concatenate([ordinary, *vectors])
    kind = np.concatenate([np.zeros(len(ordinary)), *(np.full(len(of), n) for n, of in enumerate(vectors, start=1))])
    weight = np.where(kind == _NONE, 1.0, min(3.0, len(ordinary) / max(len(facts) - len(ordinary), 1)))
    model = LogisticRegression(C=_FITTED, max_iter=1000)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    chances = cross_val_predict(model, facts, kind, cv=folds, method="predict_proba", params={"sample_weight": weight})
    safety = [False, *(kind.reason == "safety" for kind, _ in examples.kinds)]
    of_ordinary = {
        "person": 1 - chances[: len(ordinary), _NONE],
        "safety": chances[: len(ordinary), safety].sum(axis=1),
    }
    model.fit(facts, kind, sample_weight=weight)
    return Recogniser(
        kinds=tuple(kind for kind, _ in examples.kinds),
        weights=tuple(map(tuple, model.coef_.T.tolist())),
        bias=tuple(model.intercept_.tolist()),
        thresholds={
            reason: max(_LEAST_CHANCE[reason], threshold(of_ordinary[reason], _PASSED_ON[reason])) for reason in REASONS
        },
    )


def threshold(chances: NDArray[np.floating[Any]], share: float) -> float:
    """The lowest that at most this share of the chances, one or more, reach: just above the first one too many.

    `share` is from 0 to below 1. Where equal chances lie at the border, none of them reaches it.
    """
    may_reach = int(share * len(chances) + 1e-9)  # a share such as 0.29 of 100 is a hair below 29 as it is computed
    too_many = np.sort(chances)[::-1][may_reach]
    return float(np.nextafter(too_many, np.inf))


def _read(file: Path) -> Examples:
    source = Source(file, file.read_text(encoding="utf-8"))
    names = [name for name in source.value() if name != "near_misses"]
    source.fields(required=("near_misses",), optional=names)
    kinds = tuple(_kind(source, name) for name in names)
    near_misses = source.texts("near_misses")
    source.stop_if_broken()
    return Examples(kinds, near_misses)


def _kind(source: Source, name: str) -> tuple[Kind, tuple[str, ...]]:
    source.fields(name, required=("reason", "hints", "examples"))
    reason = cast(Literal["person", "safety"], source.one_of(REASONS, name, "reason"))
    return Kind(name, reason, hints_at(source, name, "hints")), source.texts(name, "examples")
