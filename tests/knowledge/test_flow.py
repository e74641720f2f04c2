"""What makes a guided flow fit to be served."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.flow import RESULTS, read_flow, reading
from knowledge.source import Broken

GOOD = (Path(__file__).with_name("articles") / "slow-internet.flow.yml").read_text()


def read(folder: Path, text: str) -> list[str]:
    file = folder / "slow-internet.flow.yml"
    file.write_text(text)
    try:
        read_flow(file)
    except Broken as broken:
        return [f"{problem.line}: {problem.message}" for problem in broken.problems]
    return []


def test_a_good_flow_has_no_problem(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("go: cable}", "go: nowhere}", "leads to 'nowhere', which is not there"),
        ("go: cable}", "go: restart}", "an endless loop: restart -> measure -> restart"),
        ("go: cable}", "go: engineer}", "step 'cable' is never reached"),
        ("go: solved}", "go: engineer}", "end 'solved' is never reached"),
        ("    ear: Connect a computer by cable. Is it faster?\n", "", "'ear' is missing"),
        ("start: line", "start: begin", "start 'begin' is not a step"),
        ("solved: {solved: true, text: Good to hear.}", "solved: {text: Good to hear.}", "needs exactly one of"),
        ("check: line_test", "check: horoscope", "is 'horoscope'"),
        ("found: {ok: restart, fault: engineer, unknown: restart}", "found: {ok: restart}", "'fault' is missing"),
        ("department: fixed-access", "department: nobody", "is 'nobody'"),
        ('label: "No"', 'label: "Yes"', "two choices have the same label"),
        ('      - {label: "No", go: engineer}\n', "", "at least two"),
        ("    why: A router", "    act: Restart!\n    why: A router", "small letters and single hyphens"),
        ("    why: A router", "    done: No, still slow\n    why: A router", "there is none"),
        ("    why: A router", "    act: restart\n    done: No\n    why: A router", "is not the label of a choice"),
        ("go: measure}", "go: measure, not_done: true}", "there is none"),
    ],
)
def test_what_is_not_right_is_refused(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in GOOD

    found = read(tmp_path, GOOD.replace(before, after, 1))

    assert any(said in problem for problem in found), found


def test_a_problem_stands_on_its_line(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD.replace("check: line_test", "check: horoscope"))

    line = GOOD[: GOOD.index("check: line_test")].count("\n") + 1
    assert found[0].startswith(f"{line}: ")


def test_yes_and_no_are_words_even_without_quotes(tmp_path: Path) -> None:
    file = tmp_path / "slow-internet.flow.yml"
    file.write_text(GOOD.replace('label: "Yes"', "label: Yes").replace('label: "No"', "label: No"))

    flow = read_flow(file)

    assert [choice.label for choice in flow.step("cable").choices] == ["Yes", "No"]


@st.composite
def ways_of_flows(draw: st.DrawFn) -> dict[str, list[str]]:
    """Where each of up to seven steps leads: mostly onwards, so that sound flows are among them. Ends lead nowhere."""
    steps = [f"s{number}" for number in range(draw(st.integers(1, 7)))]
    ends = [f"e{number}" for number in range(draw(st.integers(1, 3)))]
    ways = {}
    for number, step in enumerate(steps):
        onwards = st.sampled_from([*steps[number + 1 :], *ends])
        anywhere = st.sampled_from([*steps, *ends, "nowhere"])
        often = draw(st.sampled_from([onwards] * 9 + [anywhere]))
        ways[step] = draw(st.lists(often, min_size=2, max_size=4))
    return ways | {end: [] for end in ends}


@settings(max_examples=300)  # it writes files
@given(ways_of_flows(), st.sets(st.integers(0, 6)))
def test_a_flow_is_accepted_exactly_when_every_way_ends_and_everything_is_reached(
    tmp_path_factory: pytest.TempPathFactory, ways: dict[str, list[str]], checks: set[int]
) -> None:
    text = written(ways, {f"s{number}" for number in checks})

    accepted = not read(tmp_path_factory.getbasetemp(), text)

    assert accepted == is_sound(ways)


def written(ways: dict[str, list[str]], checks: set[str]) -> str:
    """The flow with these ways; a step of three ways that is among `checks` is a check instead of choices."""
    lines = ["id: slow-internet", "topic: tv", "title: T", "language: en", "start: s0", "steps:"]
    for step in (name for name in ways if name.startswith("s")):
        lines += [f"  {step}:", "    screen: Look", "    ear: Look"]
        if step in checks and len(ways[step]) == 3:
            found = ", ".join(f"{result}: {go}" for result, go in zip(RESULTS, ways[step], strict=True))
            lines += ["    check: line_test", f"    found: {{{found}}}"]
        else:
            lines += ["    choices:", *(f"      - {{label: A{n}, go: {go}}}" for n, go in enumerate(ways[step]))]
    lines += ["ends:", *(f"  {end}: {{solved: true}}" for end in ways if end.startswith("e"))]
    return "\n".join(lines) + "\n"


def is_sound(ways: dict[str, list[str]]) -> bool:
    """By brute force: every way is walked to its end, none for longer than there are steps."""
    seen, front = {"s0"}, {"s0"}
    for _ in range(len(ways) + 1):
        front = {go for name in front for go in ways.get(name, [])}
        seen |= front
    return not front and seen == set(ways)


def test_readings_are_compared_or_between() -> None:
    below, above, between = reading("< 10"), reading(">=30"), reading("10 - 30.5")

    assert below is not None
    assert above is not None
    assert between is not None
    assert [below.covers(9.9), above.covers(30), between.covers(30.2), between.covers(31)] == [True, True, True, False]
    assert reading("red light") is None
