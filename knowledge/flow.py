"""A guided flow: a decision tree that walks a customer to the solution step by step, read from YAML and checked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from knowledge.article import HandOverHints, check_ear, check_identity, hints_at
from knowledge.source import Source

Check = Literal["line_test", "outage", "account"]
Result = Literal["ok", "fault", "unknown"]

CHECKS = ("line_test", "outage", "account")
RESULTS: tuple[Result, ...] = ("ok", "fault", "unknown")

_TEXTS = ("why", "how", "act", "done")
_OF_STEP = (*_TEXTS, "choices", "check", "found")
_ACT = re.compile(r"[a-z]+(?:-[a-z]+)*")
_NUMBER = r"\d+(?:\.\d+)?"
_COMPARED = re.compile(rf"(<=?|>=?)\s*({_NUMBER})")
_BETWEEN = re.compile(rf"({_NUMBER})\s*(?:-|–|\.\.|to)\s*({_NUMBER})")


@dataclass(frozen=True, slots=True)
class Reading:
    """Numbers that mean a branch, such as a measured speed. Both ends are included; of two branches the first wins."""

    low: float = 0.0
    high: float | None = None  # None: however high

    def covers(self, number: float) -> bool:
        return self.low <= number and (self.high is None or number <= self.high)


@dataclass(frozen=True, slots=True)
class Branch:
    """One answer the customer may give, and the step or end it leads to."""

    label: str
    go: str
    says: tuple[str, ...] = ()  # other words for it
    readings: tuple[Reading, ...] = ()
    not_done: bool = False  # whoever answers this has perhaps not done the step's act


@dataclass(frozen=True, slots=True)
class Step:
    """What the customer is asked to do or look at; or, with `check`, what the system finds out itself meanwhile.

    Steps of several flows that ask for the same thing have the same `act`. Who did it already is not asked again: the
    flow goes on as if they had answered `done`.
    """

    id: str
    screen: str
    ear: str
    why: str = ""
    how: str = ""  # the same in more words, for whoever asks how to do it
    act: str = ""
    done: str = ""  # a choice's label
    choices: tuple[Branch, ...] = ()
    check: Check | None = None
    found: tuple[tuple[Result, str], ...] = ()  # where each result of the check leads

    def leads_to(self) -> Iterator[str]:
        yield from (branch.go for branch in self.choices)
        yield from (go for _, go in self.found)


@dataclass(frozen=True, slots=True)
class End:
    """Where a flow ends: exactly one of solved, another article, a person."""

    id: str
    solved: bool = False
    article: str | None = None
    hand_over: HandOverHints | None = None
    text: str = ""  # said at the end, on the screen and by ear


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    topic: str
    title: str
    language: str
    start: str
    steps: tuple[Step, ...]
    ends: tuple[End, ...]

    def step(self, step_id: str) -> Step:
        """Raises `KeyError` when there is no such step."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def end(self, end_id: str) -> End | None:
        return next((end for end in self.ends if end.id == end_id), None)


def read_flow(file: Path) -> Flow:
    """Parse and check one file. Raises `Broken` with every problem found, each with its line."""
    source = Source(file, file.read_text(encoding="utf-8"))
    source.fields(required=("id", "topic", "title", "language", "start", "steps", "ends"))
    source.stop_if_broken()
    check_identity(source, file, suffix=".flow.yml")
    steps = tuple(_step(source, step_id) for step_id in _names(source, "steps"))
    ends = tuple(_end(source, end_id) for end_id in _names(source, "ends"))
    names = {name: source.text(name) for name in ("id", "topic", "title", "language", "start")}
    source.stop_if_broken()
    flow = Flow(**names, steps=steps, ends=ends)
    _check_ways(source, flow)
    source.stop_if_broken()
    return flow


def _names(source: Source, field: str) -> tuple[str, ...]:
    value = source.value(field)
    if not isinstance(value, dict) or not value:
        source.problem(f"{field} must hold at least one", field)
        return ()
    return tuple(str(name) for name in value)


def _step(source: Source, step_id: str) -> Step:
    place = ("steps", step_id)
    source.fields(*place, required=("screen", "ear"), optional=_OF_STEP)
    screen = source.text(*place, "screen")
    check_ear(source, *place, "ear")
    choices = _choices(source, *place) if source.has(*place, "choices") else ()
    check, found = _check(source, *place) if source.has(*place, "check") else (None, ())
    if bool(choices) == bool(check):
        source.problem(f"step {step_id!r} needs either choices or a check", *place)
    texts = {name: source.text(*place, name) for name in _TEXTS if source.has(*place, name)}
    _check_act(source, place, choices, texts)
    return Step(
        id=step_id,
        screen=screen,
        ear=source.text(*place, "ear"),
        choices=choices,
        check=check,
        found=found,
        **texts,
    )


def _check_act(source: Source, place: tuple[str, ...], choices: tuple[Branch, ...], texts: dict[str, str]) -> None:
    act, done = texts.get("act", ""), texts.get("done", "")
    if act and not _ACT.fullmatch(act):
        source.problem(f"act {act!r}: small letters and single hyphens", *place, "act")
    if not act and (done or any(branch.not_done for branch in choices)):
        source.problem("done and not_done are about an act, and there is none", *place)
    if done and not any(branch.label == done for branch in choices):
        source.problem(f"done: {done!r} is not the label of a choice", *place, "done")


def _choices(source: Source, *place: str | int) -> tuple[Branch, ...]:
    written = source.value(*place, "choices")
    if not isinstance(written, list) or len(written) < 2:
        source.problem("choices must be a list of at least two", *place, "choices")
        return ()
    branches = []
    for position in range(len(written)):
        at = (*place, "choices", position)
        source.fields(*at, required=("label", "go"), optional=("says", "not_done"))
        says = source.texts(*at, "says") if source.has(*at, "says") else ()
        readings = tuple((phrase, reading(phrase)) for phrase in says)
        branches.append(
            Branch(
                label=source.text(*at, "label"),
                go=source.text(*at, "go"),
                says=tuple(phrase for phrase, numbers in readings if numbers is None),
                readings=tuple(numbers for _, numbers in readings if numbers is not None),
                not_done=source.flag(*at, "not_done"),
            )
        )
    labels = [branch.label.casefold() for branch in branches]
    if len(set(labels)) < len(labels):
        source.problem("two choices have the same label", *place, "choices")
    return tuple(branches)


def reading(phrase: str) -> Reading | None:
    """`< 10`, `>= 30` or `10 - 30` as numbers; None for any other phrase."""
    if compared := _COMPARED.fullmatch(phrase):
        sign, number = compared[1], float(compared[2])
        return Reading(high=number) if sign[0] == "<" else Reading(low=number)
    if between := _BETWEEN.fullmatch(phrase):
        return Reading(float(between[1]), float(between[2]))
    return None


def _check(source: Source, *place: str | int) -> tuple[Check, tuple[tuple[Result, str], ...]]:
    source.one_of(CHECKS, *place, "check")
    source.fields(*place, "found", required=RESULTS)
    found = tuple((result, source.text(*place, "found", result)) for result in RESULTS)
    return source.value(*place, "check"), found


def _end(source: Source, end_id: str) -> End:
    place = ("ends", end_id)
    kinds = ("solved", "article", "hand_over")
    source.fields(*place, optional=(*kinds, "text"))
    if sum(source.has(*place, kind) for kind in kinds) != 1:
        source.problem(f"end {end_id!r} needs exactly one of {', '.join(kinds)}", *place)
    return End(
        id=end_id,
        solved=source.flag(*place, "solved"),
        article=source.text(*place, "article") if source.has(*place, "article") else None,
        hand_over=hints_at(source, *place, "hand_over") if source.has(*place, "hand_over") else None,
        text=source.text(*place, "text") if source.has(*place, "text") else "",
    )


def _check_ways(source: Source, flow: Flow) -> None:
    """Every branch leads somewhere that is there, everything can be reached, and no way comes back to itself."""
    steps, ends = {step.id: step for step in flow.steps}, {end.id for end in flow.ends}
    for name in steps.keys() & ends:
        source.problem(f"{name!r} is both a step and an end", "ends", name)
    if flow.start not in steps:
        source.problem(f"start {flow.start!r} is not a step", "start")
        return
    for step in flow.steps:
        for go in step.leads_to():
            if go not in steps and go not in ends:
                source.problem(f"step {step.id!r} leads to {go!r}, which is not there", "steps", step.id)
    reached: set[str] = set()
    for loop in _walk(flow.start, steps, reached, ()):
        source.problem(f"an endless loop: {' -> '.join(loop)}", "steps", loop[-1])
    for step_id in steps.keys() - reached:
        source.problem(f"step {step_id!r} is never reached", "steps", step_id)
    for end_id in ends - reached:
        source.problem(f"end {end_id!r} is never reached", "ends", end_id)


def _walk(name: str, steps: dict[str, Step], reached: set[str], way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Mark what can be reached from `name`; yield every way that comes back to a step it already passed."""
    if name in way:
        yield (*way[way.index(name) :], name)
        return
    if name in reached:
        return
    if name in steps:
        for go in steps[name].leads_to():
            yield from _walk(go, steps, reached, (*way, name))
    reached.add(name)
