"""How well wishes are grouped: each half of the labelled ones on the scale that the other half gave.

.venv/bin/python benchmarks/wishes.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from knowledge.encoder import FullModel
from knowledge.findings import Wish
from knowledge.same_wish import matches, scale_of
from knowledge.wishes import labelled


def main() -> None:
    texts, groups = labelled()
    vectors = FullModel().encode(texts)
    names = sorted(set(groups))
    linked = right = shown = good = joinable = 0
    for half in (0, 1):
        ours = [row for row, group in enumerate(groups) if names.index(group) % 2 == half]
        others = [row for row in range(len(groups)) if row not in ours]
        scale = scale_of(vectors[others], [groups[row] for row in others])
        found = matches([Wish(str(row), texts[row]) for row in ours], vectors[ours], scale)
        for match in found:
            is_right = groups[int(match.reference)] == groups[int(match.to)]
            linked, right = linked + match.is_sure, right + (match.is_sure and is_right)
            shown, good = shown + (not match.is_sure), good + (not match.is_sure and is_right)
        joinable += len(ours) - len({groups[row] for row in ours})
    whole = scale_of(vectors, groups)
    print(f"{len(texts)} wishes of {len(names)} groups; {joinable} of them say what another one said before")
    print(f"linked {linked}, {right} rightly: precision {right / linked:.2f}, recall {right / joinable:.2f}")
    print(
        f"proposed {shown}, {good} rightly: precision {good / shown:.2f}; found in all {(right + good) / joinable:.2f}"
    )
    print(f"on all of them: sure from {whole.sure:.2f}, likely from {whole.likely:.2f}")


if __name__ == "__main__":
    main()
