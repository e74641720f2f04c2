"""The engine on any labelled set, however small or lopsided, with the real model."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from knowledge import labelled as labelled_module
from knowledge.encoder import FullModel
from knowledge.labelled import Engine, Text, figures, learn
from knowledge.tuning import Course
from tests.knowledge.some_texts import ABOUT_NOTHING, BY_LABEL, TEST, labelled

pytestmark = pytest.mark.slow  # all of it asks the real model
FIGURES = {
    "texts",
    "labels",
    "accuracy_in_scope",
    "auroc_out_of_scope",
    "out_of_scope_recall",
    "in_scope_accuracy_at_threshold",
    "coverage_at_precision_95",
    "coverage_at_precision_90",
    "latency_ms",
    "train_s",
}
BALANCED = labelled(BY_LABEL)
SKEWED = [
    *labelled({"slow": BY_LABEL["slow"], "tv": BY_LABEL["tv"]}),
    *(Text(f"{text} number {number}", "roaming") for number in range(12) for text in BY_LABEL["roaming"]),
    Text("puk please", "puk"),
]
TWO_LABELS = [Text("puk please", "puk"), *(Text(f"{text} please", "slow") for text in BY_LABEL["slow"] * 3)]
NOTHING = [Text(text, None) for text in ABOUT_NOTHING]
MANY = [
    Text(f"{text} please {number}", label) for number in range(5) for label, some in BY_LABEL.items() for text in some
]


@pytest.fixture(scope="module", autouse=True)
def one_model() -> Iterator[None]:
    """The model is loaded once: untrained, it is always the same."""
    model = FullModel()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labelled_module, "FullModel", lambda: model)
        yield


def untrained(examples: list[Text], **more: Any) -> Engine:
    return learn(examples, expected_out_of_scope=0.2, teaching=False, **more)


@pytest.mark.parametrize(
    ("examples", "more"),
    [
        (BALANCED, {"out_of_scope": ABOUT_NOTHING}),
        ([*BALANCED, *NOTHING], {}),
        (BALANCED, {}),
        (SKEWED, {"out_of_scope": ABOUT_NOTHING}),
        (TWO_LABELS, {}),
        (BALANCED[:15], {"validation": [*BALANCED[15:], *NOTHING]}),
        (BALANCED, {"validation": MANY}),
        (BALANCED, {"validation": [*MANY, *NOTHING]}),
    ],
    ids=[
        "tiny",
        "out of scope among the examples",
        "nothing out of scope",
        "skewed",
        "two labels, one of a single example",
        "validation too small",
        "validation without anything out of scope",
        "validation",
    ],
)
def test_every_set_gives_every_figure(examples: list[Text], more: dict[str, Any]) -> None:
    engine = untrained(examples, **more)

    shown = figures(engine, TEST)

    assert shown.keys() == FIGURES
    assert shown["texts"] == len(TEST)
    assert shown["labels"] == len({text.label for text in [*examples, *more.get("validation", ())]} - {None})
    for target in ("95", "90"):
        coverage = shown[f"coverage_at_precision_{target}"]
        assert coverage.keys() == {"threshold", "coverage", "precision", "expected_precision", "precision_at_least"}
        assert 0 <= coverage["coverage"] <= 1


def test_what_is_clear_is_told_right() -> None:
    shown = figures(untrained(BALANCED, out_of_scope=ABOUT_NOTHING), TEST)

    assert shown["accuracy_in_scope"] >= 0.75
    assert shown["auroc_out_of_scope"] >= 0.75


def test_a_test_of_one_kind_has_no_figure_of_the_other() -> None:
    shown = figures(untrained(BALANCED), [text for text in TEST if text.label])

    assert shown["auroc_out_of_scope"] is None
    assert shown["out_of_scope_recall"] is None


def test_a_validation_too_small_is_learned_from() -> None:
    engine = untrained(
        labelled({"slow": BY_LABEL["slow"], "tv": BY_LABEL["tv"]}), validation=[Text("puk please", "puk")]
    )

    assert engine.labels == ("puk", "slow", "tv")


@pytest.mark.parametrize("examples", [[], NOTHING, labelled({"slow": BY_LABEL["slow"]})])
def test_fewer_than_two_labels_are_refused(examples: list[Text]) -> None:
    with pytest.raises(ValueError, match="at least two labels"):
        untrained(examples)


def test_examples_that_leave_nothing_to_measure_by_are_refused() -> None:
    with pytest.raises(ValueError, match="too few examples"):
        untrained([Text("internet is slow", "slow"), Text("puk please", "puk"), Text("tv is black", "tv")])


def test_teaching_gives_every_figure_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelled_module, "Course", partial(Course, fewest_steps=6, rounds=1))

    engine = learn(BALANCED, out_of_scope=ABOUT_NOTHING, expected_out_of_scope=0.2)
    shown = figures(engine, TEST)

    assert shown.keys() == FIGURES
    assert shown["accuracy_in_scope"] >= 0.5
    assert np.isfinite(engine.held_out.sure).all()
