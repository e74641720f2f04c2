"""The regression gate: an index goes live only if it answers our own questions no worse than the one before it.

The bars are ours, on `data/eval/`: they are about three times as wide as a change that alters nothing makes them swing.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from knowledge.cases import QUESTIONS, Case, lines_of
from knowledge.comparison import Comparison, Mark, Moved, Treated
from knowledge.evaluate import known_to, of_build
from knowledge.figures import Figures
from knowledge.opened import Opened
from knowledge.store import Store

_APPLICABLE_AT_LEAST = 100  # questions whose article is there; fewer show nothing
_SHOWN = 12  # questions that changed, of each kind
Say = Callable[[str], None]
Show = Callable[[Comparison], object]


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and how far it may move for the worse, as shares; `limit` is where it may never be."""

    group: str
    name: str
    words: str
    worse_is_more: bool
    may_worsen: float
    limit: float | None = None

    def of(self, figures: Figures) -> float:
        return float(figures[self.group][self.name])

    def is_broken(self, before: float, after: float) -> bool:
        worse = after - before if self.worse_is_more else before - after
        beyond = self.limit is not None and (after > self.limit if self.worse_is_more else after < self.limit)
        return worse > self.may_worsen + 1e-9 or (beyond and worse > 0)


BARS = (
    Bar("with_article", "first", "right article first", False, 0.01),
    Bar("with_article", "first_three", "right article among the first three", False, 0.01),
    Bar("with_article", "answered", "answered at once", False, 0.03),
    Bar("with_article", "answered_right", "answers that are right", False, 0.01),
    Bar("answers", "right", "answers that are right, of all to questions about us", False, 0.02),
    Bar("no_article", "answered", "questions without an article that got one", True, 0.05),
    Bar("off_topic", "answered", "off-topic texts that got an answer", True, 0.0, 0.0),
    Bar("for_a_person", "handed_over", "texts for a person that reached one", False, 0.01, 0.95),
    Bar("in_danger", "handed_over", "texts of danger that reached a person at once", False, 0.0, 1.0),
)


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody publishes all the same, and says why."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    lines: tuple[str, ...]
    broken: tuple[str, ...]
    compared: Comparison = field(default_factory=Comparison)


class Refused(Exception):
    """The new index is worse than the bars allow; the last one serves on."""


def pass_gate(
    store: Store,
    name: str,
    override: Override | None,
    say: Say,
    questions: Path = QUESTIONS,
    *,
    show: Show | None = None,
) -> None:
    """Compare the build of that name with the live one. Raises `Refused`, unless overridden; that is recorded.

    `show` gets the comparison before that.
    """
    try:
        live = Opened.load(store)
    except (OSError, ValueError, KeyError, RuntimeError):  # none, or one of another release; RuntimeError: faiss
        say("There is no index to compare with yet.")
        return
    new = Opened.load(store, name)
    lines = lines_of(questions)
    try:
        there = {article.id for article in new.build.catalogue.articles()}
        if sum(not there.isdisjoint(line.get("articles", ())) for line in lines) < _APPLICABLE_AT_LEAST:
            say("Too few of the questions in data/eval are about these articles: nothing to compare.")
            return
        known = known_to(live, store, lines).texts | known_to(new, store, lines).texts
        unknown = [line for line in lines if line["text"] not in known]
        before, after = of_build(live, unknown), of_build(new, unknown)
    finally:
        live.close()
        new.close()
    say(f"{len(known)} questions of data/eval are left out: an article has them nearly word for word.")
    verdict = judge(before, after)
    for line in verdict.lines:
        say(line)
    if show:
        show(verdict.compared)
    if verdict.broken:
        stop(store, name, verdict, override, say)


def stop(store: Store, name: str, verdict: Verdict, override: Override | None, say: Say) -> None:
    """Raises `Refused`, unless somebody answers for it by name, which is recorded."""
    if override is None:
        why = "; ".join(verdict.broken)
        raise Refused(f"Not published: {why}. --override NAME --because REASON publishes it all the same.")
    record = {"at": datetime.now(UTC).isoformat(), "index": name, **asdict(override), "broken": verdict.broken}
    with (store.folder / "overrides.jsonl").open("a", encoding="utf-8") as overrides:
        overrides.write(json.dumps(record) + "\n")
    say(f"Published by {override.name} although: {'; '.join(verdict.broken)}. Recorded in overrides.jsonl.")


def judge(before: tuple[Figures, Sequence[Case]], after: tuple[Figures, Sequence[Case]]) -> Verdict:
    """What improved, what got worse, and which bars are broken."""
    figures, broken = [], []
    for bar in BARS:
        was, now = bar.of(before[0]), bar.of(after[0])
        mark: Mark = "="
        if abs(now - was) > 1e-9:
            mark = "worse" if (now > was) == bar.worse_is_more else "better"
        if bar.is_broken(was, now):
            broken.append(f"{bar.words} {was:.1%} -> {now:.1%}")
            mark = "TOO MUCH WORSE"
        figures.append(Moved(bar.words, f"{was:.1%}", f"{now:.1%}", mark))
    old = {case.text: case for case in before[1]}
    both = [(old[case.text], case) for case in after[1] if case.text in old]
    compared = Comparison(
        tuple(figures),
        better=tuple(_treated(was, now) for was, now in both if _worth(now) > _worth(was)),
        worse=tuple(_treated(was, now) for was, now in both if _worth(now) < _worth(was)),
    )
    return Verdict(tuple(_lines(compared)), tuple(broken), compared)


def _lines(compared: Comparison) -> Iterator[str]:
    yield "Before and after, on our own questions:"
    yield from (figure.line for figure in compared.figures)
    for words, changed in (("better", compared.better), ("worse", compared.worse)):
        yield f"  {len(changed)} questions are treated {words}:"
        yield from (treated.line for treated in changed[:_SHOWN])


def _treated(was: Case, now: Case) -> Treated:
    return Treated(now.text, _told(was), _told(now))


def _worth(case: Case) -> int:
    """How well a question is treated: a right answer, the right choice, a person, choices in vain, a wrong answer."""
    if case.answered:
        return 4 if case.answered_right else 0
    if case.asked_back:
        return 3 if case.right & set(case.offered) else 1
    return 2


def _told(case: Case) -> str:
    return ", ".join(case.offered) if case.offered else case.decision.kind.replace("_", " ")
