"""The trained part of the decision: weights that turn evidence into chances, and thresholds measured with them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from knowledge.evidence import Evidence, for_best
from knowledge.lexicon import Numbers


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression: `bias` plus a weight for each number."""

    bias: float
    weights: tuple[float, ...]

    def score(self, numbers: Numbers) -> Numbers:
        return np.asarray(numbers @ np.asarray(self.weights, dtype=np.float32) + self.bias, dtype=np.float32)

    def chance(self, numbers: Numbers) -> float:
        return float(1 / (1 + np.exp(-self.score(numbers))))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Measured by `build` on questions held back, for the precision the operator asks for."""

    answer: float  # how sure (`Ranking.sure`) an answer must be; above 1 = never
    ask_back: float  # how close (`Ranking.close`) the best articles must be for asking back
    in_scope: float  # chance of being about telecom below which a question is off topic


@dataclass(frozen=True, slots=True)
class Ranking:
    """The articles by how likely they are, best first, and how sure that is."""

    places: tuple[int, ...]
    shares: tuple[float, ...]  # of the likelihood, one for each place
    right: float  # chance that the first is right
    among: float  # chance that the right one is among the first three
    in_scope: float  # chance that the question is about telecom at all

    @property
    def sure(self) -> float:
        """Right, and no invention for a question about something else: each guards against errors the other lets by."""
        return self.right * self.in_scope

    @property
    def close(self) -> float:
        return self.among * self.in_scope


@dataclass(frozen=True, slots=True)
class Judge:
    article: Weights
    right: Weights
    among: Weights
    scope: Weights
    thresholds: Thresholds

    def rank(self, evidence: Evidence) -> Ranking:
        """Of evidence about at least one article."""
        scores = self.article.score(evidence.speaks)
        best = for_best(evidence, scores)
        order = np.argsort(-scores)
        likely = np.exp(scores[order] - scores[order[0]])
        return Ranking(
            places=tuple(int(place) for place in evidence.articles[order]),
            shares=tuple(float(share) for share in likely / likely.sum()),
            right=self.right.chance(best),
            among=self.among.chance(best),
            in_scope=self.scope.chance(evidence.scope),
        )

    def write(self, file: Path) -> None:
        file.write_bytes(_JUDGE.dump_json(self, indent=1))

    @classmethod
    def read(cls, file: Path) -> "Judge":
        return _JUDGE.validate_json(file.read_bytes())


_JUDGE = TypeAdapter(Judge)
