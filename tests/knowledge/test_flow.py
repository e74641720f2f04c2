"""What makes a guided flow fit to be served."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.flow import read_flow, reading
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


@settings(deadline=None)  # it writes files
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=8, max_size=8))
def test_an_accepted_flow_always_ends(ways: list[tuple[int, int]]) -> None:
    """Any eight steps with two ways each, to a step or (6, 7) to an end: accepted ones end within eight moves."""
    names = [f"s{number}" for number in range(6)] + ["good", "bad"]
    steps = "".join(
        f"  s{number}:\n    screen: Look\n    ear: Look\n    choices:\n"
        f"      - {{label: A, go: {names[a]}}}\n      - {{label: B, go: {names[b]}}}\n"
        for number, (a, b) in enumerate(ways[:6])
    )
    text = (
        "id: slow-internet\ntopic: tv\ntitle: T\nlanguage: en\nstart: s0\nsteps:\n"
        f"{steps}ends:\n  good: {{solved: true}}\n  bad: {{article: x}}\n"
    )
    graph = dict(zip(names, ways, strict=True))

    accepted = not read(Path(_folder()), text)

    assert accepted == _is_sound(graph, names)


def _folder() -> str:
    import tempfile

    return tempfile.mkdtemp()


def _is_sound(graph: dict[str, tuple[int, int]], names: list[str]) -> bool:
    """By brute force: everything is reached, and no walk of steps is longer than there are steps."""
    front, seen = {"s0"}, {"s0"}
    for _ in range(7):
        front = {names[go] for name in front if name.startswith("s") for go in graph[name]}
        seen |= front
    return not any(name.startswith("s") for name in front) and seen == set(names)


def test_readings_are_compared_or_between() -> None:
    below, above, between = reading("< 10"), reading(">=30"), reading("10 - 30.5")

    assert below is not None
    assert above is not None
    assert between is not None
    assert [below.covers(9.9), above.covers(30), between.covers(30.2), between.covers(31)] == [True, True, True, False]
    assert reading("red light") is None
