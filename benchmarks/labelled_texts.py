"""Sets of labelled texts that nobody of us wrote, as their files hold them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.cases import lines_of
from knowledge.labelled import Text

_QUICK_LABELS, _QUICK_EXAMPLES, _QUICK_TEST = 10, 15, 150


@dataclass(frozen=True)
class LabelledSet:
    name: str
    examples: tuple[Text, ...]
    validation: tuple[Text, ...]  # empty: thresholds come from the examples
    test: tuple[Text, ...]

    @property
    def labels(self) -> list[str]:
        return sorted({text.label for text in self.examples if text.label is not None})

    def cut(self) -> "LabelledSet":
        kept = set(self.labels[:_QUICK_LABELS])

        def some(texts: Sequence[Text], most: int) -> tuple[Text, ...]:
            wanted = [text for text in texts if text.label in kept or text.label is None]
            return tuple(wanted[:: max(1, len(wanted) // most)])

        return replace(
            self,
            examples=some(self.examples, _QUICK_LABELS * _QUICK_EXAMPLES),
            validation=some(self.validation, _QUICK_TEST),
            test=some(self.test, _QUICK_TEST),
        )


FILES = {
    "clinc150": ("clinc150", ("examples.jsonl", "examples_out_of_scope.jsonl")),
    "clinc150_small": ("clinc150", ("examples_small.jsonl", "examples_out_of_scope.jsonl")),
    "hint3": ("hint3_curekart", ("examples.jsonl",)),
}


def read_sets(data: Path, only: str) -> Iterator[LabelledSet]:
    for name, (folder, examples) in FILES.items():
        if only in ("", name):
            try:
                yield LabelledSet(
                    name,
                    tuple(text for file in examples for text in _texts(data / folder / file)),
                    _texts(data / folder / "validation.jsonl") if name != "hint3" else (),
                    _texts(data / folder / "test.jsonl"),
                )
            except FileNotFoundError as error:
                print(f"{name} is left out: {error.filename} is not there.")


def _texts(file: Path) -> tuple[Text, ...]:
    return tuple(Text(line["text"], line["label"]) for line in lines_of(file))
