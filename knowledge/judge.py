"""The trained part of the decision: weights that turn evidence into chances, and thresholds measured with them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from knowledge.evidence import FOR_ARTICLE, Evidence, for_best
from knowledge.lexicon import Numbers

_CHARS = FOR_ARTICLE.index("chars")
_SAME = 0.995  # of the groups of letters of a question and a wording: the same words, but for case and punctuation
IN_SCOPE = 0.5  # chance of being about anything known below which a question is off topic, and never answered


@dataclass(frozen=True, slots=True)
class Weights:
    """`bias` plus a weight for each number: the logarithm of the odds."""

    bias: float
    weights: tuple[float, ...]

    def score(self, numbers: Numbers) -> Numbers:
        return np.asarray(numbers @ np.asarray(self.weights, dtype=np.float32) + self.bias, dtype=np.float32)

    def chance(self, numbers: Numbers) -> NDArray[np.float64]:
        return np.asarray(1 / (1 + np.exp(-self.score(numbers).astype(float))))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Measured by `build` on questions held back, for the precision the operator asks for."""

    answer: float  # how sure (`Ranking.sure`) an answer must be; above 1 = never
    ask_back: float  # how close (`Ranking.close`) the best articles must be for asking back
    in_scope: float = IN_SCOPE  # how likely a question must be about anything known to be answered at all
    nearest: float = -1.0  # cosine of the nearest wording: hardly an answer is that sure when it is lower


@dataclass(frozen=True, slots=True)
class Ranking:
    """The articles by how likely they are, best first, and how sure that is."""

    places: tuple[int, ...]
    shares: tuple[float, ...]  # of the likelihood, one for each place
    right: float  # chance that the first is right
    among: float  # chance that the right one is among the first three
    in_scope: float  # chance that the question is about anything known at all
    in_scope_at_least: float = IN_SCOPE  # `Thresholds.in_scope`

    @property
    def sure(self) -> float:
        """How sure an answer would be: not at all for a question that may well be about something else."""
        return self.right if self.in_scope >= self.in_scope_at_least else 0.0

    @property
    def close(self) -> float:
        """How close the best three are to it. To ask is no invention: "none of these" costs the customer a word."""
        return self.among


@dataclass(frozen=True, slots=True)
class Judge:
    article: Weights
    right: Weights
    among: Weights
    scope: Weights
    thresholds: Thresholds

    def rank(self, evidence: Evidence) -> Ranking:
        """Of evidence about at least one article. Whoever asks in the very words of an example means its article."""
        scores = self.article.score(evidence.speaks)
        verbatim = np.flatnonzero(evidence.speaks[:, _CHARS] >= _SAME)
        if is_verbatim := len(verbatim) == 1:
            scores[verbatim] = scores.max() + 1
        best = for_best(evidence, scores)
        order = np.argsort(-scores)
        likely = np.exp(scores[order] - scores[order[0]])
        return Ranking(
            places=tuple(evidence.owners[order].tolist()),
            shares=tuple((likely / likely.sum()).tolist()),
            right=1.0 if is_verbatim else float(self.right.chance(best)),
            among=1.0 if is_verbatim else float(self.among.chance(best)),
            in_scope=1.0 if is_verbatim else self.in_scope(evidence),
            in_scope_at_least=self.thresholds.in_scope,
        )

    def in_scope(self, evidence: Evidence) -> float:
        return float(self.scope.chance(evidence.scope))

    def write(self, file: Path) -> None:
        file.write_bytes(_JUDGE.dump_json(self, indent=1))

    @classmethod
    def read(cls, file: Path) -> "Judge":
        return _JUDGE.validate_json(file.read_bytes())


_JUDGE = TypeAdapter(Judge)
