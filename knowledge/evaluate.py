"""`python -m knowledge.evaluate`: what the live knowledge base does with questions whose right answer is known."""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

import settings as all_settings
from knowledge.decide import Question, ask, offerable
from knowledge.decision import AskBack, Context, Decision
from knowledge.evidence import gather
from knowledge.shelf import NotBuilt, Shelf

QUESTIONS = all_settings.ROOT / "data" / "eval" / "questions.jsonl"
OFF_TOPIC = all_settings.ROOT / "data" / "eval" / "off_topic_test.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """A text, what was decided, and what would have been right."""

    text: str
    decision: Decision
    ms: float
    ranked: tuple[str, ...]  # ids of all articles that may be offered, best first
    article: str | None = None  # the right one
    topics: frozenset[str] = frozenset()  # acceptable ones
    action: str = "answer"  # answer, person or none

    @property
    def offered(self) -> tuple[str, ...]:
        """The article given, or those in the choices."""
        if isinstance(self.decision, AskBack):
            return tuple(choice.article_id for choice in self.decision.choices)
        return (self.decision.article.id,) if self.decision.article else ()

    @property
    def answered(self) -> bool:
        """One article was given, be it as an answer or while handing over."""
        return not isinstance(self.decision, AskBack) and self.decision.article is not None

    @property
    def handed_over(self) -> bool:
        return self.decision.kind == "hand_over"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m knowledge.evaluate", description=__doc__)
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help='lines of {"text", "article", "action"}')
    parser.add_argument("--topics", type=Path, help='lines of {"text", "topics", "action"} instead')
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--wrong", action="store_true", help="also list every wrong answer")
    options = parser.parse_args(arguments)
    try:
        lines = lines_of(options.topics or options.questions)
        shelf = Shelf(all_settings.load())
    except (NotBuilt, FileNotFoundError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    cases = asyncio.run(decide_all(shelf, lines))
    if options.topics:
        figures = by_topics(shelf, cases)
    else:
        off_topic = asyncio.run(decide_all(shelf, lines_of(OFF_TOPIC)))
        figures = by_article(shelf, cases) | {"off_topic": _off_topic(off_topic)}
    shelf.close()
    _print(figures, as_json=options.json)
    if options.wrong:
        _list_wrong(cases)
    return 0


async def decide_all(shelf: Shelf, lines: Iterable[dict[str, Any]]) -> list[Case]:
    context = Context()
    cases = []
    for line in lines:
        began = time.perf_counter()
        decision = await shelf.decide(line["text"], context)
        ms = (time.perf_counter() - began) * 1000
        cases.append(
            Case(
                text=line["text"],
                decision=decision,
                ms=ms,
                ranked=await _ranked(shelf, line["text"], context),
                article=line.get("article"),
                topics=frozenset(line.get("topics", ())),
                action=line.get("action", "answer"),
            )
        )
    return cases


async def _ranked(shelf: Shelf, said: str, context: Context) -> tuple[str, ...]:
    index, judge = shelf.live.index, shelf.live.judge
    text = ask(said, context.language)
    if not text:
        return ()
    question = Question(text, await shelf.vector(text))
    likeness = index.likeness(question.text, question.vector)
    ranking = judge.rank(gather(index, likeness, offerable(index, context, date.today())))
    return tuple(index.articles[place].id for place in ranking.places)


def by_article(shelf: Shelf, cases: Sequence[Case]) -> dict[str, Any]:
    """Of questions with one right article; `for_a_person` and `no_article` are those without."""
    answerable = [case for case in cases if case.article]
    topic_of = {article.id: article.topic for article in shelf.live.index.articles}
    topics: dict[str, list[Case]] = defaultdict(list)
    for case in answerable:
        topics[topic_of.get(case.article or "", "not there")].append(case)
    person = [case for case in cases if case.action == "person"]
    neither = [case for case in cases if not case.article and case.action != "person"]
    confused = Counter((case.article, case.ranked[0]) for case in answerable if case.ranked[:1] != (case.article,))
    return {
        "questions": len(cases),
        "with_article": _found(answerable),
        "for_a_person": {"count": len(person), "handed_over": _share(case.handed_over for case in person)},
        "no_article": {
            "count": len(neither),
            "answered": _share(case.answered for case in neither),
            "asked_back": _share(case.decision.kind == "ask_back" for case in neither),
        },
        "calibration_error": _calibration_error(answerable + neither),
        "latency_ms": _latency(cases),
        "topics": {topic: _found(of_topic) for topic, of_topic in sorted(topics.items())},
        "confused": [f"{count} x {right} -> {first}" for (right, first), count in confused.most_common(12)],
    }


def _found(cases: Sequence[Case]) -> dict[str, float]:
    answered = [case for case in cases if case.answered]
    asked = [case for case in cases if case.decision.kind == "ask_back"]
    return {
        "count": len(cases),
        "first": _share(case.ranked[:1] == (case.article,) for case in cases),
        "first_three": _share(case.article in case.ranked[:3] for case in cases),
        "answered": len(answered) / max(len(cases), 1),
        "answered_right": _share(case.offered == (case.article,) for case in answered),
        "wrong_answers": _share(case.answered and case.offered != (case.article,) for case in cases),
        "asked_back": len(asked) / max(len(cases), 1),
        "among_choices": _share(case.article in case.offered for case in asked),
        "handed_over": _share(case.handed_over and not case.answered for case in cases),
    }


def by_topics(shelf: Shelf, cases: Sequence[Case]) -> dict[str, Any]:
    """Of real texts with acceptable topics: an answer counts as right when its topic is one of them."""
    topic_of = {article.id: article.topic for article in shelf.live.index.articles}
    answerable = [case for case in cases if case.action == "answer"]
    person = [case for case in cases if case.action == "person"]
    none = [case for case in cases if case.action == "none"]

    def right(case: Case) -> bool:
        return any(topic_of[article_id] in case.topics for article_id in case.offered)

    return {
        "texts": len(cases),
        "answer": {
            "count": len(answerable),
            "answered_or_asked_back_right": _share(right(case) for case in answerable),
            "wrong_answers": _share(case.answered and not right(case) for case in answerable),
            "asked_back": _share(case.decision.kind == "ask_back" for case in answerable),
            "handed_over": _share(case.handed_over and not case.answered for case in answerable),
        },
        "none": {"count": len(none), "answered": _share(case.answered for case in none)},
        "person": {"count": len(person), "handed_over": _share(case.handed_over for case in person)},
        "latency_ms": _latency(cases),
    }


def _off_topic(cases: Sequence[Case]) -> dict[str, Any]:
    return {
        "count": len(cases),
        "answered": _share(case.answered for case in cases),
        "asked_back": _share(case.decision.kind == "ask_back" for case in cases),
        "answers": [f"{case.text} -> {case.offered[0]}" for case in cases if case.answered],
    }


def _calibration_error(cases: Sequence[Case]) -> float:
    """How far stated and real chance are apart over ten bands of confidence, weighted by their size."""
    sure = [(case.decision.confidence, case.article in case.offered) for case in cases if case.offered]
    if not sure:
        return 0.0
    stated, real = np.asarray(sure, dtype=float).T
    band = np.minimum((stated * 10).astype(int), 9)
    gaps = [
        abs(stated[band == place].mean() - real[band == place].mean()) * (band == place).sum() for place in set(band)
    ]
    return float(sum(gaps) / len(sure))


def _latency(cases: Sequence[Case]) -> dict[str, float]:
    times = [case.ms for case in cases]
    return {"p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95))} if times else {}


def _share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return sum(values) / len(values) if values else 0.0


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _print(figures: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
        return
    for name, value in figures.items():
        if name == "topics":
            for topic, found in value.items():
                sys.stdout.write(f"  {topic:22} {_line(found)}\n")
        elif isinstance(value, dict):
            sys.stdout.write(f"{name}: {_line(value)}\n")
        else:
            sys.stdout.write(f"{name}: {value if not isinstance(value, float) else round(value, 3)}\n")


def _line(values: dict[str, Any]) -> str:
    return "  ".join(
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}" for name, value in values.items()
    )


def _list_wrong(cases: Sequence[Case]) -> None:
    for case in cases:
        if case.answered and case.article not in case.offered:
            sys.stdout.write(f"{case.decision.confidence:.2f} {case.text!r}: {case.offered[0]}, not {case.article}\n")


if __name__ == "__main__":
    sys.exit(main())
