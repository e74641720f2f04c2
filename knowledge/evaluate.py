"""`python -m knowledge.evaluate`: what the knowledge base does with texts whose right treatment is known.

Without arguments: our own questions, off-topic texts and texts for a person (`data/eval/`) against the live index.
Questions that stand in an article word for word, or nearly, are left out and counted.
`--reachable`: whether every article is found by its own example questions, each held out while it is asked (a minute).
`--topics FILE`: real texts with acceptable topics, against the live index.
`--examples E --test T [--validation V] [--out-of-scope O]`: the same engine on any labelled set, learned anew.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

import settings as all_settings
from knowledge import figures, reachable
from knowledge.calibrate import EXPECTED_OUT_OF_SCOPE
from knowledge.cases import OFF_TOPIC, PEOPLE, QUESTIONS, Case, decide_all, lines_of
from knowledge.draft import taught_texts, wordings
from knowledge.encoder import Encoder
from knowledge.figures import Figures
from knowledge.labelled import Text, learn
from knowledge.labelled import figures as labelled_figures
from knowledge.opened import Opened
from knowledge.overlap import Overlap, likely_pairs, overlap, overlap_of_pairs
from knowledge.shelf import Shelf
from knowledge.store import Store


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m knowledge.evaluate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    own = parser.add_argument_group("the live index")
    own.add_argument("--questions", type=Path, default=QUESTIONS, help='lines of {"text", "articles", "action"}')
    own.add_argument("--topics", type=Path, help='lines of {"text", "topics", "action"} instead')
    own.add_argument("--reachable", action="store_true", help="the articles' own example questions instead")
    own.add_argument("--wrong", action="store_true", help="also list every wrong answer; as JSON in the field `wrong`")
    own.add_argument("--picture", type=Path, help="write the reliability plot there (PNG)")
    other = parser.add_argument_group("any labelled set", 'lines of {"text", "label"}; label null = out of scope')
    other.add_argument("--examples", type=Path)
    other.add_argument("--validation", type=Path)
    other.add_argument("--test", type=Path)
    other.add_argument("--out-of-scope", type=Path)
    other.add_argument("--expected-out-of-scope", type=float, default=EXPECTED_OUT_OF_SCOPE, metavar="SHARE")
    other.add_argument("--untrained", action="store_true", help="with the model as it comes")
    other.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    if bool(options.examples) != bool(options.test):
        parser.error("--examples and --test belong together")
    if options.picture and (options.topics or options.reachable or options.examples):
        parser.error("--picture shows questions with the articles that answer them: it goes with --questions alone")
    if not 0 <= options.expected_out_of_scope < 1:
        parser.error("--expected-out-of-scope must be a share from 0 to below 1")
    try:
        if options.reachable:
            return _reachable(as_json=options.json)
        shown = _labelled(options) if options.examples else _own(options)
    except (FileNotFoundError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    _print(shown, as_json=options.json)
    return 0


def of_build(opened: Opened, questions: Sequence[dict[str, Any]]) -> tuple[Figures, list[Case]]:
    """The questions and the other texts of `data/eval/` asked of one build: figures, and questions with decisions."""
    cases = decide_all(opened, questions)
    off_topic = decide_all(opened, lines_of(OFF_TOPIC))
    people = decide_all(opened, lines_of(PEOPLE))
    shown = figures.by_article(cases, topics_of(opened))
    shown |= {
        "off_topic": figures.off_topic(off_topic),
        "for_a_person": figures.for_a_person(people),
        "in_danger": figures.in_danger(people),
    }
    return shown, cases


def known_to(opened: Opened, store: Store, questions: Sequence[dict[str, Any]]) -> Overlap:
    """Those that an article of this build has among its own wordings, or nearly.

    How near is told by the model as it comes: one that was taught the articles draws all their questions together.
    """
    texts = [line["text"] for line in questions]
    known = [text for some in wordings(opened.build.catalogue.articles()) for text in some]
    vectors = np.stack([opened.encoder.vector_now(text) for text in texts])
    wordings_there = opened.build.index.wordings
    known_vectors = wordings_there.vectors_of(np.arange(len(wordings_there.owner)))
    base = opened.build.model.partition("+")[0]
    if base == opened.build.model:
        return overlap(texts, vectors, known, known_vectors)
    encoder = Encoder.load(base, store.model_folder(base))
    try:
        return overlap_of_pairs(texts, known, likely_pairs(vectors, known_vectors), encoder.vector_now)
    finally:
        encoder.close()


def topics_of(opened: Opened) -> dict[str, str]:
    return {article.id: article.topic for article in opened.build.catalogue.articles()}


def _own(options: argparse.Namespace) -> Figures:
    opened = _live()
    try:
        if options.topics:
            cases = decide_all(opened, lines_of(options.topics))
            shown = figures.by_topics(cases, topics_of(opened))
            wrong = figures.wrong_by_topics(cases, topics_of(opened))
        else:
            lines = lines_of(options.questions)
            known = known_to(opened, _store(), lines)
            shown, cases = of_build(opened, [line for line in lines if line["text"] not in known.texts])
            shown["left_out"] = {"equal": len(known.equal), "near": len(known.near)}
            wrong = figures.wrong_by_article(cases)
    finally:
        opened.close()
    if options.wrong:
        shown["wrong"] = wrong
    if options.picture:
        from knowledge.picture import draw_reliability

        draw_reliability(figures.reliability(cases), options.picture)
    return shown


def _reachable(*, as_json: bool) -> int:
    opened = _live()
    taught = taught_texts(_store().model_folder(opened.build.model))
    try:
        asked = [*reachable.ask_each(opened.build, opened.encoder.vector_now, taught, date.today())]
    finally:
        opened.close()
    shown = reachable.figures(asked)
    if as_json:
        _print(shown, as_json=True)
    else:
        sys.stdout.write("".join(f"{line}\n" for line in reachable.lines(shown)))
    return 0


def _live() -> Opened:
    store = _store()
    try:
        return Opened.load(store)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"no index in {store.folder}: run python -m knowledge.build") from error


def _store() -> Store:
    return Store(Shelf.folder_of(all_settings.load()))


def _labelled(options: argparse.Namespace) -> Figures:
    def say(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    test = _texts(options.test)
    if not test:
        raise ValueError(f"{options.test}: there is no text in it")
    engine = learn(
        _texts(options.examples),
        _texts(options.validation),
        [text.text for text in _texts(options.out_of_scope)],
        expected_out_of_scope=options.expected_out_of_scope,
        teaching=not options.untrained,
        seed=options.seed,
        say=say,
    )
    with tempfile.TemporaryDirectory() as folder:
        served = engine.model.light(Path(folder))
        return labelled_figures(engine, test, served)


def _texts(file: Path | None) -> list[Text]:
    lines = lines_of(file) if file else []
    return [Text(line["text"], line.get("label")) for line in lines]


def _print(shown: Figures, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(shown, indent=1, ensure_ascii=False) + "\n")
        return
    for name, value in shown.items():
        if name == "topics":
            for topic, of_topic in value.items():
                sys.stdout.write(f"  {topic:22} {_line(of_topic)}\n")
        elif name == "wrong":
            sys.stdout.write("".join(f"{_wrong_line(answer)}\n" for answer in value))
        elif isinstance(value, dict):
            sys.stdout.write(f"{name}: {_line(value)}\n")
        else:
            sys.stdout.write(f"{name}: {value if not isinstance(value, float) else round(value, 3)}\n")


def _line(values: dict[str, Any]) -> str:
    return "  ".join(
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}" for name, value in values.items()
    )


def _wrong_line(answer: Figures) -> str:
    wanted = ", ".join(answer["right"]) or ("a person" if answer["action"] == "person" else "none")
    return f"{answer['confidence']:.2f} {answer['text']!r}: {answer['answer']}, not {wanted}"


if __name__ == "__main__":
    sys.exit(main())
